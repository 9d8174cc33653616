"""Files of conversation tests read: Rasa's e2e format, nothing in them ignored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap

from bot.conversation_tests.format import Case, Expectation, Shared, Stub, UserStep
from bot.conversation_tests.reading_checks import ASSERTIONS, read_assertion, read_expecting_step
from bot.conversation_tests.yaml_values import Problems, a_name, a_text, plain, single, spot
from bot.errors import ConfigError
from bot.yaml_lines import items, mapping, mappings, only_keys, place, read_yaml, text

Values = Mapping[str, Any]

_EXPECTING_STEPS = ("bot", "utter", "slot_was_set", "slot_was_not_set")
_OWN_METADATA: dict[str, tuple[type, str]] = {
    "customer_id": (int, "the number of a customer"),
    "language": (str, "a language, such as en"),
    "channel": (str, "the name of a channel"),
    "burst": (bool, "true or false"),
}
_SEPARATOR = "::"


def read_shared(path: Path) -> Shared:
    """Read a conftest.yml: fixtures and metadata for the files beside and below it.

    Raises:
        ConfigError: with the place of everything that is wrong.
    """
    top = read_yaml(path)
    if "llm_judge" in top:
        raise ConfigError(
            f"{place(path, top, 'llm_judge')}: there is no language model to judge replies; "
            "remove 'llm_judge' and check replies with 'bot_uttered'"
        )
    only_keys(path, top, ("fixtures", "metadata"), "a conftest.yml")
    problems = Problems()
    shared = _shared(path, top, problems)
    problems.refuse()
    return shared


def read_cases(path: Path, shared: Shared | None = None) -> tuple[Case, ...]:
    """Read a file of test cases.

    Args:
        path: the file.
        shared: what conftest.yml files lend to it; its own of the same name come first.

    Raises:
        ConfigError: with the place of everything that is wrong.
    """
    top = read_yaml(path)
    known = ("fixtures", "metadata", "stub_custom_actions", "test_cases")
    problems = Problems()
    with problems.gathered():
        only_keys(path, top, known, "a file of conversation tests")
    lent = shared or Shared()
    own = _shared(path, top, problems)
    book = _Book(
        path,
        Shared({**lent.fixtures, **own.fixtures}, {**lent.metadata, **own.metadata}),
        problems,
    )
    cases: list[Case] = []
    with problems.gathered():
        nodes = mappings(path, top, "test_cases")
        if not nodes and not problems.found:
            raise ConfigError(f"{path}:1:1: no tests here; add 'test_cases:' with a list of them")
        for node in nodes:
            with problems.gathered():
                cases.append(book.case(node, cases))
    with problems.gathered():
        cases = _with_stubs(path, top, cases)
    problems.refuse()
    return tuple(cases)


def _shared(path: Path, top: CommentedMap, problems: Problems) -> Shared:
    fixtures: dict[str, Values] = {}
    metadata: dict[str, Values] = {}
    for key, found in (("fixtures", fixtures), ("metadata", metadata)):
        with problems.gathered():
            entries = items(path, top, key)
            for i in range(len(entries)):
                with problems.gathered():
                    name, node = single(path, top[key], i, f"an entry of {key!r}")
                    if name in found:
                        raise ConfigError(
                            f"{place(path, node, name)}: {key!r} has {name!r} twice; rename one"
                        )
                    found[name] = _values(path, node, name)
                    if key == "metadata":
                        _check_own_metadata(path, node[name], found[name])
    return Shared(fixtures, metadata)


def _values(path: Path, node: CommentedMap, name: str) -> Values:
    """`{key: value}`, or a list of such."""
    value = node[name]
    parts = value if isinstance(value, list) else [value]
    if not all(isinstance(part, CommentedMap) for part in parts):
        raise ConfigError(f"{place(path, node, name)}: {name!r} needs lines 'key: value' below it")
    return {str(key): plain(path, part, key) for part in parts for key in part}


def _check_own_metadata(path: Path, node: Any, values: Values) -> None:
    """Refuse a wrong value of a key that the runner itself goes by."""
    for key, (kind, wanted) in _OWN_METADATA.items():
        value = values.get(key)
        fits = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if value is not None and not fits:
            where = node if isinstance(node, CommentedMap) else next(n for n in node if key in n)
            raise ConfigError(f"{place(path, where, key)}: {key!r} must be {wanted}, not {value!r}")


@dataclass(frozen=True)
class _Book:
    """One file, with what its cases may refer to."""

    path: Path
    shared: Shared
    problems: Problems

    def case(self, node: CommentedMap, before: Sequence[Case]) -> Case:
        only_keys(self.path, node, ("test_case", "fixtures", "metadata", "steps"), "a test case")
        name = text(self.path, node, "test_case")
        twin = next((c for c in before if c.name == name), None)
        if twin is not None:
            raise ConfigError(
                f"{place(self.path, node, 'test_case')}: the name {name!r} is already used at "
                f"line {twin.spot.line}; rename one"
            )
        common = self._metadata(node)
        slots: dict[str, Any] = {}
        fixtures = items(self.path, node, "fixtures")
        for i in range(len(fixtures)):
            wanted = a_name(self.path, node["fixtures"], i)
            if wanted not in self.shared.fixtures:
                raise _unknown(self.path, node["fixtures"], i, "fixture", self.shared.fixtures)
            slots.update(self.shared.fixtures[wanted])
        steps = self._steps(node, common)
        return Case(name, spot(self.path, node, "test_case"), steps, slots)

    def _metadata(self, node: CommentedMap) -> Values:
        """What the entry that `metadata:` names holds; nothing without one."""
        if "metadata" not in node:
            return {}
        name = a_name(self.path, node, "metadata")
        if name not in self.shared.metadata:
            raise _unknown(self.path, node, "metadata", "metadata", self.shared.metadata)
        return self.shared.metadata[name]

    def _steps(self, node: CommentedMap, common: Values) -> tuple[UserStep, ...]:
        """The user's steps, each with what the steps after it expect."""
        found: list[UserStep] = []
        nodes = mappings(self.path, node, "steps")
        if not nodes:
            raise ConfigError(f"{place(self.path, node)}: the case has no steps; add 'steps:'")
        if "user" not in nodes[0]:
            raise ConfigError(
                f"{place(self.path, nodes[0])}: a case begins with what the shopper says: 'user:'"
            )
        for step in nodes:
            with self.problems.gathered():
                kinds = [k for k in ("user", *_EXPECTING_STEPS) if k in step]
                if len(kinds) != 1:
                    raise _unclear_step(self.path, step, kinds)
                if kinds[0] == "user":
                    found.append(self._user_step(step, common))
                elif found:
                    said = found[-1]
                    more = read_expecting_step(self.path, step, kinds[0])
                    found[-1] = replace(said, expectations=(*said.expectations, more))
        return tuple(found)

    def _user_step(self, node: CommentedMap, common: Values) -> UserStep:
        known = ("user", "metadata", "assertions", "assertion_order_enabled")
        only_keys(self.path, node, known, "a step 'user'")
        ordered = node.get("assertion_order_enabled", False)
        if not isinstance(ordered, bool):
            raise ConfigError(
                f"{place(self.path, node, 'assertion_order_enabled')}: must be true or false"
            )
        expectations: list[Expectation] = []
        for assertion in mappings(self.path, node, "assertions"):
            with self.problems.gathered():
                expectations.append(read_assertion(self.path, assertion))
        metadata = {**common, **self._metadata(node)}
        return UserStep(
            a_text(self.path, node, "user"),
            spot(self.path, node, "user"),
            metadata,
            tuple(expectations),
            ordered,
            burst=bool(metadata.get("burst", False)),
        )


def _unknown(
    path: Path, node: Any, key: Any, what: str, known: Mapping[str, object]
) -> ConfigError:
    names = ", ".join(known) or "none"
    return ConfigError(
        f"{place(path, node, key)}: no {what} is called {node[key]!r}; in this file and the "
        f"conftest.yml files above it are: {names}"
    )


def _unclear_step(path: Path, node: CommentedMap, kinds: Sequence[str]) -> ConfigError:
    where = place(path, node)
    if kinds:
        return ConfigError(
            f"{where}: a step is one of {', '.join(kinds)}, not all; begin each with its own dash"
        )
    key = str(next(iter(node), ""))
    if key in ASSERTIONS:
        return ConfigError(f"{where}: {key!r} belongs under 'assertions:' of a step 'user'")
    known = ", ".join(("user", *_EXPECTING_STEPS))
    return ConfigError(f"{where}: no step is called {key!r}; known are {known}")


def _with_stubs(path: Path, top: CommentedMap, cases: Sequence[Case]) -> list[Case]:
    """The cases with the stubs that are theirs: `action`, or `case::action` for one alone."""
    key = "stub_custom_actions"
    for_all: dict[str, Stub] = {}
    for_one: dict[str, dict[str, Stub]] = {}
    nodes = mapping(path, top, key)
    for name in nodes:
        case, separator, action = str(name).rpartition(_SEPARATOR)
        if separator and case not in [c.name for c in cases]:
            raise ConfigError(f"{place(path, nodes, name)}: no test case here is called {case!r}")
        stubs = for_one.setdefault(case, {}) if separator else for_all
        stubs[action] = _stub(path, nodes, name)
    return [replace(c, stubs={**for_all, **for_one.get(c.name, {})}) for c in cases]


def _stub(path: Path, nodes: CommentedMap, name: str) -> Stub:
    node = mapping(path, nodes, name)
    only_keys(path, node, ("events", "responses"), "a stub")
    for event in mappings(path, node, "events"):
        if "event" not in event:
            raise ConfigError(f"{place(path, event)}: what kind of event? add 'event:'")
    for response in mappings(path, node, "responses"):
        fields = ("text", "response", "buttons", "image", "custom", "attachment", "elements")
        only_keys(path, response, fields, "a stub's response")
    events, responses = (
        tuple(plain(path, node[k], i) for i in range(len(node[k]))) if node.get(k) else ()
        for k in ("events", "responses")
    )
    return Stub(events, responses)
