"""flows/*.yml: the part of Rasa's CALM flow format that we support, compiled to plain steps.

Supported: `name`, `description`, `nlu_trigger`, `persisted_slots`, `metadata` (its `titles` name
the flow to shoppers in other languages), and steps `collect` (with
`utter`), `action`, `set_slots`, `noop`, each with `id` and `next`. Anything else is an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from bot.dialogue.conditions import Condition, parse_condition
from bot.errors import ConfigError
from bot.yaml_lines import items, mapping, mappings, only_keys, place, read_yaml, text

END = "END"
StepKind = Literal["collect", "action", "set_slots", "noop"]
_KINDS: tuple[StepKind, ...] = get_args(StepKind)


@dataclass(frozen=True)
class Branch:
    """Where to go when the condition holds; no condition always holds."""

    condition: Condition | None
    target: str


@dataclass(frozen=True)
class Step:
    """One step. `name` is the slot to collect or the action to run."""

    id: str
    kind: StepKind
    branches: tuple[Branch, ...]
    name: str = ""
    utter: str = ""
    values: tuple[tuple[str, Any], ...] = ()

    def next(self, slots: Mapping[str, Any]) -> str:
        """The id of the step to go to, or END."""
        for branch in self.branches:
            if branch.condition is None or branch.condition(slots):
                return branch.target
        return END


@dataclass(frozen=True)
class Flow:
    """A task that the bot can do. `intents` start it."""

    id: str
    name: str
    description: str
    intents: tuple[str, ...]
    titles: Mapping[str, str]
    first: str
    steps: Mapping[str, Step]
    persisted_slots: frozenset[str]

    def title(self, language: str) -> str:
        """What to call the flow on a button in that language."""
        return self.titles.get(language, self.name)

    @property
    def small_talk(self) -> bool:
        """Whether it only says something: no choice worth offering."""
        return all(s.kind == "action" and s.name.startswith("utter_") for s in self.steps.values())

    @property
    def harmless(self) -> bool:
        """Whether it tells nothing of the shop: small talk, or a way to a person."""
        return all(
            s.kind != "action" or s.name.startswith("utter_") or s.name == "action_handover"
            for s in self.steps.values()
        )

    @property
    def own_slots(self) -> tuple[str, ...]:
        """Slots that are forgotten when the flow ends, as in CALM."""
        names = [s.name for s in self.steps.values() if s.kind == "collect"]
        names += [n for s in self.steps.values() for n, _ in s.values]
        return tuple(dict.fromkeys(n for n in names if n not in self.persisted_slots))


@dataclass(frozen=True)
class Flows:
    """All flows of a shop, by id and by the intent that starts them."""

    by_id: Mapping[str, Flow]
    by_intent: Mapping[str, Flow]

    @property
    def named(self) -> frozenset[str]:
        """Actions and responses that the steps name."""
        steps = [s for flow in self.by_id.values() for s in flow.steps.values()]
        actions = {s.name for s in steps if s.kind == "action"}
        return frozenset(actions | {s.utter for s in steps if s.kind == "collect"})


def read_flows(folder: Path) -> Flows:
    """Read every YAML file of the folder.

    Raises:
        ConfigError: with `path:line:column`; nothing in a file is ignored.
    """
    by_id: dict[str, Flow] = {}
    by_intent: dict[str, Flow] = {}
    for path in sorted(folder.glob("*.y*ml")):
        top = read_yaml(path)
        only_keys(path, top, ("version", "flows"), "a flow file")
        flows = mapping(path, top, "flows")
        for flow_id in flows:
            if flow_id in by_id:
                raise ConfigError(f"{place(path, flows, flow_id)}: flow {flow_id!r} exists already")
            flow = _flow(path, flows, flow_id)
            by_id[flow_id] = flow
            for intent in flow.intents:
                if intent in by_intent:
                    raise ConfigError(
                        f"{place(path, flows, flow_id)}: intent {intent!r} already starts flow "
                        f"{by_intent[intent].id!r}; one intent starts one flow"
                    )
                by_intent[intent] = flow
    return Flows(by_id, by_intent)


def _flow(path: Path, flows: Any, flow_id: Any) -> Flow:
    if not isinstance(flow_id, str):
        raise ConfigError(f"{place(path, flows, flow_id)}: a flow's id must be a text")
    node = mapping(path, flows, flow_id)
    only_keys(
        path,
        node,
        ("name", "description", "nlu_trigger", "steps", "persisted_slots", "metadata"),
        f"flow {flow_id!r}",
    )
    steps: dict[str, Step] = {}
    first = _steps(path, mappings(path, node, "steps"), steps, flow_id, then=END)
    if first == END:
        raise ConfigError(f"{place(path, flows, flow_id)}: flow {flow_id!r} has no steps")
    for step in steps.values():
        for branch in step.branches:
            if branch.target != END and branch.target not in steps:
                raise ConfigError(
                    f"{place(path, node, 'steps')}: flow {flow_id!r} goes to the "
                    f"step {branch.target!r}, which does not exist"
                )
    titles = mapping(path, mapping(path, node, "metadata"), "titles")
    return Flow(
        flow_id,
        str(node.get("name", flow_id.replace("_", " "))),
        str(node.get("description", "")),
        _intents(path, node),
        {str(k): str(v) for k, v in titles.items()},
        first,
        steps,
        frozenset(map(str, items(path, node, "persisted_slots"))),
    )


def _intents(path: Path, node: Any) -> tuple[str, ...]:
    triggers = items(path, node, "nlu_trigger")
    if all(isinstance(t, str) for t in triggers):
        return tuple(map(str, triggers))
    intents = []
    for trigger in mappings(path, node, "nlu_trigger"):
        only_keys(path, trigger, ("intent",), "an nlu_trigger")
        intents.append(text(path, trigger, "intent"))
    return tuple(intents)


def _steps(path: Path, nodes: list[Any], out: dict[str, Step], prefix: str, *, then: str) -> str:
    """Add a list of steps to `out`; after the last one goes `then`. Return the first step's id."""
    ids = [str(n.get("id", f"{prefix}.{i}")) for i, n in enumerate(nodes)]
    for i, node in enumerate(nodes):
        if ids[i] in out:
            raise ConfigError(f"{place(path, node)}: step id {ids[i]!r} is used twice")
        kinds = [k for k in _KINDS if k in node]
        if len(kinds) != 1:
            raise ConfigError(f"{place(path, node)}: a step is one of {', '.join(_KINDS)}")
        only_keys(
            path,
            node,
            (
                "id",
                "next",
                kinds[0],
                *(("utter", "description") if kinds[0] == "collect" else ("description",)),
            ),
            "a step",
        )
        kind: StepKind = kinds[0]
        values: tuple[tuple[str, Any], ...] = ()
        if kind == "set_slots":
            values = tuple((str(n), v) for s in mappings(path, node, kind) for n, v in s.items())
        name = text(path, node, kind) if kind in ("collect", "action") else ""
        out[ids[i]] = Step(ids[i], kind, (), name)  # holds the id while its branches are read
        following = ids[i + 1] if i + 1 < len(ids) else then
        branches = _branches(path, node, out, ids[i], following)
        utter = str(node.get("utter", f"utter_ask_{name}"))
        out[ids[i]] = Step(ids[i], kind, branches, name, utter, values)
    return ids[0] if ids else END


def _branches(
    path: Path, node: Any, out: dict[str, Step], step_id: str, following: str
) -> tuple[Branch, ...]:
    target = node.get("next", following)
    if isinstance(target, str):
        return (Branch(None, target),)
    branches = []
    for i, choice in enumerate(mappings(path, node, "next")):
        only_keys(path, choice, ("if", "then", "else"), "a branch of next")
        if set(choice) not in ({"if", "then"}, {"else"}):
            raise ConfigError(f"{place(path, choice)}: a branch is if: with then:, or else:")
        key = "then" if "if" in choice else "else"
        goal = choice[key]
        condition = None
        if "if" in choice:
            try:
                condition = parse_condition(str(choice["if"]))
            except ValueError as error:
                raise ConfigError(f"{place(path, choice, 'if')}: {error}") from error
        if not isinstance(goal, str):
            steps = mappings(path, choice, key)
            if not steps:
                raise ConfigError(f"{place(path, choice, key)}: {key}: names no step")
            goal = _steps(path, steps, out, f"{step_id}.{i}", then=following)
        branches.append(Branch(condition, goal))
    return tuple(branches)
