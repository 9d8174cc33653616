"""Results as JUnit XML, which build servers read."""

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree

from bot.conversation_tests.format import Case
from bot.conversation_tests.report import failure, message
from bot.conversation_tests.runner import CaseResult

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(path: Path, results: Sequence[CaseResult], cases: Sequence[Case]) -> None:
    """Write a testsuite for each file; cases without a result are skipped ones.

    Raises:
        OSError: the file can't be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    tree = ElementTree.ElementTree(junit(results, cases))
    ElementTree.indent(tree)
    tree.write(path, encoding="utf-8", xml_declaration=True)


def junit(results: Sequence[CaseResult], cases: Sequence[Case]) -> ElementTree.Element:
    """Return the element `testsuites`."""
    by_case = {result.case.id: result for result in results}
    top = ElementTree.Element("testsuites", name="shopclerk test")
    in_order = sorted(cases, key=lambda case: str(case.spot.path))
    for file, group in groupby(in_order, key=lambda case: str(case.spot.path)):
        of_file = list(group)
        done = [by_case[c.id] for c in of_file if c.id in by_case]
        suite = ElementTree.SubElement(
            top,
            "testsuite",
            name=file,
            tests=str(len(of_file)),
            failures=str(sum(bool(r.missed) for r in done)),
            errors=str(sum(bool(r.error) for r in done)),
            skipped=str(len(of_file) - len(done)),
            time=f"{sum(r.duration_s for r in done):.3f}",
        )
        for case in of_file:
            _add_case(suite, case, by_case.get(case.id))
    return top


def _add_case(suite: ElementTree.Element, case: Case, result: CaseResult | None) -> None:
    element = ElementTree.SubElement(
        suite,
        "testcase",
        classname=case.spot.path.stem,
        name=_clean(case.name),
        file=str(case.spot.path),
        line=str(case.spot.line),
        time=f"{result.duration_s if result else 0:.3f}",
    )
    if result is None:
        ElementTree.SubElement(element, "skipped", message="not begun: an earlier test failed")
    elif not result.passed:
        kind = "error" if result.error else "failure"
        problem = ElementTree.SubElement(element, kind, message=_clean(message(result)))
        problem.text = _clean(failure(result).plain)


def _clean(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
