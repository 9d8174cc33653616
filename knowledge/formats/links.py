"""Where links in answers and product feeds may lead, and product links made real."""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from knowledge.formats.markdown_marks import find_marks

PRODUCT = "product:"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
_GAPS = re.compile(r"[\s\x00-\x20\x7f]")
_FILE = re.compile(r"^[^/]*\.(?:html?|php|md|txt|pdf|docx?|svg|png|jpe?g|gif|webp)$", re.IGNORECASE)
_ENDS = re.compile(r"[\s()<>]")  # these would end a link's target
_MAIL = re.compile(r"[^@?]+@[^@?]+(\?.*)?")
_TELEPHONE = re.compile(r"\+?[0-9().-]*[0-9][0-9().-]*")


def link_fault(target: str) -> str | None:
    """Return what is wrong with the target of a link in an answer, with its remedy, or None."""
    if target.startswith(PRODUCT):
        if target == PRODUCT:
            return "the link names no product; write its id behind product:"
        return None
    fault = _gap(target)
    scheme = _SCHEME.fullmatch(target)
    if fault or scheme is None or scheme[1].lower() not in ("mailto", "tel"):
        return fault or address_fault(target)
    if scheme[1].lower() == "mailto":
        if _MAIL.fullmatch(scheme[2]):
            return None
        return f"link {_shown(target)} holds no e-mail address; write mailto:NAME@SITE"
    if _TELEPHONE.fullmatch(scheme[2]):
        return None
    return f"link {_shown(target)} is no telephone number; write digits, such as tel:+15035550100"


def address_fault(target: str) -> str | None:
    """Return what is wrong with an address that must be a page or a file, or None."""
    fault = _gap(target)
    if fault:
        return fault
    shown, scheme = _shown(target), _SCHEME.fullmatch(target)
    if target.startswith(("//", "/\\")):
        return f"link {shown} leads to another site by chance; write https: in front"
    if target.startswith("/"):
        return None
    if scheme is not None and scheme[1].lower() in ("http", "https"):
        return None if _host(target) else f"link {shown} names no site; write https://SITE/PAGE"
    if scheme is not None and "." not in scheme[1]:
        return f"a link can't start with {scheme[1][:20]}:; write https://SITE/PAGE or /PAGE"
    if "@" in target:
        return f"link {shown} has no beginning; write {_shown('mailto:' + target, quoted=False)}"
    if "." in target.split("/")[0].strip(".") and not _FILE.search(target):
        return f"link {shown} has no https://; write {_shown('https://' + target, quoted=False)}"
    return f"link {shown} leads nowhere; write https://SITE/PAGE or /PAGE"


def resolve_links(answer: str, links: Mapping[str, str]) -> str:
    """Return the answer with each `product:ID` replaced by the product's link.

    Args:
        answer: Markdown that was checked.
        links: Each product's link by its id; of one without a link only the words stay.
    """
    if PRODUCT not in answer:
        return answer
    for mark in reversed(find_marks(answer)):
        if mark.kind == "link" and mark.target.startswith(PRODUCT):
            link = links.get(mark.target.removeprefix(PRODUCT), "")
            words = answer[mark.start + 1 : mark.words_end]
            real = f"[{words}]({_ENDS.sub(_encoded, link)})" if link else words
            answer = answer[: mark.start] + real + answer[mark.end :]
    return answer


def _encoded(character: re.Match[str]) -> str:
    return quote(character[0])


def _gap(target: str) -> str | None:
    if not target:
        return "the link has no target; write https://SITE/PAGE in the round brackets"
    if _GAPS.search(target):
        return f"link {_shown(target)} holds a space; write %20 for it, or remove it"
    return None


def _host(target: str) -> str | None:
    try:
        return urlsplit(target).hostname
    except ValueError:  # such as https://[
        return None


def _shown(target: str, *, quoted: bool = True) -> str:
    shown = target if len(target) <= 60 else target[:57] + "…"
    return repr(shown) if quoted else shown
