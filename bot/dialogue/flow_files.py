"""flows/*.yml in Rasa's CALM flow format, compiled to plain steps.

What of the format is supported stands in docs/flows.md; anything else is an error with its line.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap

from bot.dialogue.conditions import Condition, parse_condition
from bot.dialogue.flows import (
    END,
    Branch,
    Flow,
    Flows,
    Place,
    Rejection,
    Step,
    StepKind,
    Trigger,
)
from bot.errors import ConfigError
from bot.yaml_lines import items, mapping, mappings, only_keys, place, read_yaml, text

_FLOW_KEYS = (
    "name", "description", "nlu_trigger", "if", "steps", "persisted_slots", "metadata",
)
_STEP_KEYS: dict[StepKind, tuple[str, ...]] = {
    "collect": (
        "utter", "rejections", "ask_before_filling", "reset_after_flow_ends", "silence_timeout",
    ),
    "action": (),
    "set_slots": (),
    "noop": (),
    "link": (),
    "call": (),
}
_Placed = tuple[Flow, str]
_NAMED = ("collect", "action", "link", "call")


def read_flows(folder: Path, patterns: Path | None = None) -> Flows:
    """Read every YAML file of the folder, in place of the default patterns where ids are equal.

    Args:
        folder: the shop's flows/.
        patterns: the file of the default patterns, if any.

    Raises:
        ConfigError: with `path:line:column`; nothing in a file is ignored.
    """
    own: dict[str, _Placed] = {}
    for path in sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")]):
        for flow, where in _flows_of(path, f"{folder.name}/{path.name}"):
            if flow.id in own:
                raise ConfigError(
                    f"{where}: flow {flow.id!r} exists already at {own[flow.id][1]}; rename one"
                )
            own[flow.id] = flow, where
    known = _flows_of(patterns, patterns.name) if patterns is not None else ()
    defaults = [placed for placed in known if placed[0].id not in own]
    by_id = {flow.id: flow for flow, _ in (*defaults, *own.values())}
    return Flows(by_id, {**_by_intent(defaults), **_by_intent(own.values())})


def _by_intent(flows: Iterable[_Placed]) -> dict[str, Flow]:
    started: dict[str, Flow] = {}
    for flow, where in flows:
        for intent in flow.intents:
            if intent in started:
                raise ConfigError(
                    f"{where}: intent {intent!r} already starts flow "
                    f"{started[intent].id!r}; one intent starts one flow"
                )
            started[intent] = flow
    return started


def _flows_of(path: Path, file: str) -> Iterator[_Placed]:
    top = read_yaml(path)
    only_keys(path, top, ("version", "flows"), "a flow file")
    flows = mapping(path, top, "flows")
    for flow_id in flows:
        where = place(path, flows, flow_id)
        if not isinstance(flow_id, str):
            raise ConfigError(f"{where}: a flow's id must be a text; put it in quotes")
        yield _Reader(path, file, flow_id).flow(mapping(path, flows, flow_id), where), where


@dataclass
class _Reader:
    """Reads one flow. Steps are numbered through, nested ones included, as Rasa numbers them."""

    path: Path
    file: str
    flow_id: str
    steps: dict[str, Step] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)  # of the file's nodes, by their identity
    targets: list[tuple[str, str]] = field(default_factory=list)

    def flow(self, node: Any, where: str) -> Flow:
        """Compile the flow.

        Raises:
            ConfigError: with the place.
        """
        only_keys(self.path, node, _FLOW_KEYS, f"flow {self.flow_id!r}")
        nodes = mappings(self.path, node, "steps")
        self._number(nodes)
        first = self._list(nodes, then=END)
        if first == END:
            raise ConfigError(f"{where}: flow {self.flow_id!r} has no steps; give it steps:")
        for target, asked_at in self.targets:
            if target != END and target not in self.steps:
                raise ConfigError(
                    f"{asked_at}: flow {self.flow_id!r} goes to the step {target!r}, which does "
                    f"not exist; its steps are {', '.join(self.steps)}"
                )
        metadata = mapping(self.path, node, "metadata")
        only_keys(self.path, metadata, ("titles",), "the metadata of a flow")
        titles = mapping(self.path, metadata, "titles")
        return Flow(
            self.flow_id,
            str(node.get("name", self.flow_id.replace("_", " "))),
            str(node.get("description", "")),
            tuple(self._triggers(node)),
            {str(k): str(v) for k, v in titles.items()},
            first,
            self.steps,
            frozenset(map(str, items(self.path, node, "persisted_slots"))),
            guard=self._condition(node, "if") if "if" in node else None,
            place=self._place(where),
        )

    def _triggers(self, node: Any) -> Iterator[Trigger]:
        triggers = items(self.path, node, "nlu_trigger")
        if all(isinstance(t, str) for t in triggers):
            yield from (Trigger(str(t)) for t in triggers)
            return
        for trigger in mappings(self.path, node, "nlu_trigger"):
            only_keys(self.path, trigger, ("intent",), "an nlu_trigger")
            named = trigger.get("intent")
            if not isinstance(named, CommentedMap):
                yield Trigger(text(self.path, trigger, "intent"))
                continue
            only_keys(self.path, named, ("name", "confidence_threshold"), "an nlu_trigger's intent")
            least = named.get("confidence_threshold", 0.0)
            if not isinstance(least, int | float) or not 0 <= least <= 1:
                raise ConfigError(
                    f"{place(self.path, named, 'confidence_threshold')}: a probability between "
                    f"0 and 1 is expected, not {least!r}"
                )
            yield Trigger(text(self.path, named, "name"), float(least))

    def _number(self, nodes: list[Any]) -> None:
        """Give every step its id, in the order of the file, so that each can lead to each."""
        for node in nodes:
            kinds = [kind for kind in _STEP_KEYS if kind in node]
            where = place(self.path, node)
            if len(kinds) != 1:
                raise ConfigError(f"{where}: a step is one of {', '.join(_STEP_KEYS)}")
            kind = kinds[0]
            known = ("id", "next", "description", "metadata", kind, *_STEP_KEYS[kind])
            only_keys(self.path, node, known, f"a step {kind}:")
            step_id = str(node.get("id", f"{len(self.steps)}_{_default_name(node, kind)}"))
            if step_id in self.steps or id(node) in self.ids:
                raise ConfigError(f"{where}: step id {step_id!r} is used twice; rename one")
            self.steps[step_id] = Step(step_id, kind, ())
            self.ids[id(node)] = step_id
            choices = node.get("next")
            for choice in mappings(self.path, node, "next") if isinstance(choices, list) else ():
                for key in ("then", "else"):
                    if isinstance(choice.get(key), list):
                        self._number(mappings(self.path, choice, key))

    def _list(self, nodes: list[Any], *, then: str) -> str:
        """Compile a list of steps; after the last goes `then`. Return the first one's id."""
        ids = [self.ids[id(node)] for node in nodes]
        for node, step_id, following in zip(nodes, ids, [*ids[1:], then], strict=False):
            self.steps[step_id] = self._step(node, self.steps[step_id].kind, step_id, following)
        return ids[0] if ids else END

    def _step(self, node: Any, kind: StepKind, step_id: str, following: str) -> Step:
        if kind == "link" and "next" in node:
            raise ConfigError(
                f"{place(self.path, node, 'next')}: nothing comes after link:; use call: to return"
            )
        metadata = mapping(self.path, node, "metadata")
        only_keys(self.path, metadata, ("optional", "once"), "the metadata of a step")
        values: list[tuple[str, Any]] = []
        if kind == "set_slots":
            for pair in mappings(self.path, node, kind):
                values += [(str(name), value) for name, value in pair.items()]
        step = Step(
            step_id,
            kind,
            () if kind == "link" else self._branches(node, following),
            text(self.path, node, kind) if kind in _NAMED else "",
            values=tuple(values),
            optional=self._flag(metadata, "optional", default=False),
            once=self._flag(metadata, "once", default=False),
            place=self._place(place(self.path, node)),
        )
        return self._collecting(step, node) if kind == "collect" else step

    def _collecting(self, step: Step, node: Any) -> Step:
        rejections = []
        for refused in mappings(self.path, node, "rejections"):
            only_keys(self.path, refused, ("if", "utter"), "a rejection")
            rejections.append(
                Rejection(self._condition(refused, "if"), text(self.path, refused, "utter"))
            )
        timeout = node.get("silence_timeout")
        if timeout is not None and (not isinstance(timeout, int | float) or timeout <= 0):
            raise ConfigError(
                f"{place(self.path, node, 'silence_timeout')}: seconds above 0 are expected"
            )
        return replace(
            step,
            utter=text(self.path, node, "utter") if "utter" in node else "",
            rejections=tuple(rejections),
            ask_before_filling=self._flag(node, "ask_before_filling", default=False),
            reset_after_flow_ends=self._flag(node, "reset_after_flow_ends", default=True),
            silence_timeout_s=float(timeout) if timeout is not None else None,
        )

    def _flag(self, node: Any, key: str, *, default: bool) -> bool:
        value = node.get(key, default)
        if not isinstance(value, bool):
            raise ConfigError(f"{place(self.path, node, key)}: {key} is true or false")
        return value

    def _branches(self, node: Any, following: str) -> tuple[Branch, ...]:
        target = node.get("next", following)
        if isinstance(target, str):
            self.targets.append((target, place(self.path, node, "next")))
            return (Branch(None, target),)
        choices = mappings(self.path, node, "next")
        branches = [self._branch(choice, following) for choice in choices]
        if not branches or branches[-1].condition is not None:
            raise ConfigError(
                f"{place(self.path, node, 'next')}: the last branch of next: must be else:"
            )
        return tuple(branches)

    def _branch(self, choice: Any, following: str) -> Branch:
        only_keys(self.path, choice, ("if", "then", "else"), "a branch of next")
        if set(choice) not in ({"if", "then"}, {"else"}):
            raise ConfigError(f"{place(self.path, choice)}: a branch is if: with then:, or else:")
        key = "then" if "if" in choice else "else"
        condition = self._condition(choice, "if") if "if" in choice else None
        goal = choice[key]
        if isinstance(goal, str):
            self.targets.append((goal, place(self.path, choice, key)))
            return Branch(condition, goal)
        steps = mappings(self.path, choice, key)
        if not steps:
            raise ConfigError(f"{place(self.path, choice, key)}: {key}: names no step")
        return Branch(condition, self._list(steps, then=following))

    def _condition(self, node: Any, key: str) -> Condition:
        try:
            return parse_condition(str(node[key]))
        except (KeyError, ValueError) as error:
            what = "a condition is missing: if:" if isinstance(error, KeyError) else str(error)
            raise ConfigError(f"{place(self.path, node, key)}: {what}") from error

    def _place(self, where: str) -> Place:
        line, column = where.rsplit(":", 2)[1:]
        return Place(self.file, int(line), int(column))


def _default_name(node: Any, kind: StepKind) -> str:
    """What Rasa calls a step without an id, after its number."""
    if kind == "action":
        return str(node[kind])
    return f"{kind}_{node[kind]}" if kind in _NAMED else kind
