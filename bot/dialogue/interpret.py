"""An understood message and the state of the conversation into commands. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.dialogue import cues, patterns
from bot.dialogue.commands import (
    Answer,
    CannotHandle,
    Clarify,
    Command,
    CorrectSlots,
    Decision,
    SetSlot,
    StartFlow,
    StartPattern,
)
from bot.dialogue.flows import Flow, Flows
from bot.dialogue.said import Awaited, Said, awaited
from bot.dialogue.script import Script
from bot.dialogue.slot_filling import Filled, fill, fill_started, free_text
from bot.dialogue.tracker import State
from bot.dialogue.typed_answers import chosen_payload
from bot.payload import parse_payload
from knowledge.index.search import Findings
from nlu.understanding import IntentRank, Understanding

NO_EVIDENCE = Findings()

_OVER_FREE_TEXT = 0.8
"""What an intent needs to end a question that any text answers: "I changed my mind" is a reason
for a return as well as a stop. Chosen, not fitted: the test questions have no such answers."""

_YES = frozenset({"affirm", "confirm", "yes"})
_NO = frozenset({"deny", "no"})
_ASKED_BY_NAME = frozenset(
    {patterns.CANCEL, patterns.RESTART, patterns.REPEAT, patterns.SKIP}
)


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from which the bot acts; fitted on the shop's test questions.

    `intent`: act on the intent alone. `supported`: act on it when the words alone find an entry on
    the same intent. `answers`: reply with the best entry, by language. `clarify`: two
    readings above it are offered as a choice.
    """

    intent: float
    supported: float
    answers: Mapping[str, float]
    clarify: float = 0.2

    def sure(self, intent: IntentRank, evidence: Findings) -> bool:
        """Whether the intent may be acted upon."""
        enough = self.supported if evidence.words_say == intent.name else self.intent
        return intent.probability >= enough

    def beyond_intents(self, top: IntentRank, evidence: Findings, language: str) -> bool:
        """Whether the best entry has no intent, which none can speak for, and is surer than all."""
        best = evidence.hits[0] if evidence.hits else None
        if best is None or best.entry.intent is not None:
            return False
        return best.probability >= max(self.answer(language), top.probability)

    def answer(self, language: str) -> float:
        """The least probability of an answer in that language (English's for one never fitted)."""
        return self.answers.get(language, self.answers.get("en", 1.0))


def needs_search(understanding: Understanding, flows: Flows, thresholds: Thresholds) -> bool:
    """Whether knowledge has a say: not when the intent alone settles it."""
    top = understanding.top
    flow = flows.by_intent.get(top.name)
    settled = (
        flow is not None
        and flow.guard is None
        and thresholds.sure(top, NO_EVIDENCE)
        and top.probability >= _needed(flow, top.name)
    )
    return understanding.out_of_scope or not settled


def interpret(
    understanding: Understanding,
    evidence: Findings,
    state: State,
    *,
    script: Script,
    thresholds: Thresholds,
) -> Decision:
    """Decide what the message asks for; every decision carries its reason."""
    turn = _Turn(_pressed(understanding, state, script), evidence, state, script, thresholds)
    decisions = (rule(turn) for rule in _RULES)
    return next((decision for decision in decisions if decision is not None), _unsure(turn))


def _pressed(understanding: Understanding, state: State, script: Script) -> Understanding:
    """The button that the words name in place of the words."""
    asked = awaited(state, script)
    figures = asked is None or asked.slot.type in ("bool", "categorical")
    payload = chosen_payload(understanding.text, state, figures=figures)
    pressed = parse_payload(payload, understanding.language) if payload else None
    return pressed or understanding


def _needed(flow: Flow, intent: str) -> float:
    return max((t.confidence for t in flow.triggers if t.intent == intent), default=0.0)


@dataclass(frozen=True)
class _Turn:
    """A message in its conversation, and what can be said of it before anything is decided."""

    understanding: Understanding
    evidence: Findings
    state: State
    script: Script
    thresholds: Thresholds

    @property
    def top(self) -> IntentRank:
        return self.understanding.top

    @cached_property
    def confident(self) -> bool:
        sure = self.thresholds.sure(self.top, self.evidence)
        return sure and not self.understanding.out_of_scope

    @cached_property
    def words(self) -> str:
        return cues.folded(self.understanding.text)

    @cached_property
    def asked(self) -> Awaited | None:
        return awaited(self.state, self.script)

    @property
    def under_way(self) -> bool:
        return self.asked is not None or bool(self.state.task)

    @cached_property
    def control(self) -> str | None:
        """The pattern that a set phrase asks for; a skip needs a question."""
        pattern = cues.control(self.words) if self.under_way else None
        known = pattern in self.script.flows.by_id
        return pattern if known and (pattern != patterns.SKIP or self.asked) else None

    @cached_property
    def said(self) -> Said:
        pressed = parse_payload(self.understanding.text, self.understanding.language) is not None
        intents = frozenset({self.top.name} if self.confident else ())
        plain = cues.polarity(self.words) if self.asked is not None and not pressed else None
        if plain is not None:
            intents = _YES if plain else _NO
        elif self.control is not None:
            intents |= frozenset(self.script.flows.by_id[self.control].intents)
        return Said.of(self.understanding, intents, pressed=pressed)

    @cached_property
    def filled(self) -> Filled:
        return fill(self.said, self.state, self.script, self.asked)

    @cached_property
    def text(self) -> Any:
        return free_text(self.said, self.state, self.script, self.asked)

    @cached_property
    def flow(self) -> Flow | None:
        """The flow that the intent surely starts."""
        flow = self.startable(self.top.name)
        enough = flow is not None and self.top.probability >= _needed(flow, self.top.name)
        return flow if self.confident and enough else None

    @property
    def other_task(self) -> bool:
        """Whether the intent surely starts a task other than the one under way."""
        flow = self.flow
        return flow is not None and not (
            flow.is_pattern or flow.small_talk or self.is_under_way(flow)
        )

    @property
    def asks_knowledge(self) -> bool:
        """Whether the message is surely a question on something that knowledge has."""
        known = self.confident and self.flow is None and self.evidence.on_topic is not None
        return known and cues.question_like(self.words)

    def startable(self, intent: str) -> Flow | None:
        """The flow of an intent, unless its guard forbids it now."""
        flow = self.script.flows.by_intent.get(intent)
        open_now = flow is not None and (flow.guard is None or flow.guard(self.state.slots, {}))
        return flow if open_now else None

    def is_under_way(self, flow: Flow) -> bool:
        """Whether the flow is part of the task under way, or asks the open question."""
        frames = (*self.state.task, *([self.state.frame] if self.state.frame else []))
        return any(frame.flow == flow.id for frame in frames)

    @property
    def mentions(self) -> tuple[SetSlot, ...]:
        return _set(self.filled.mentions)


def _set(values: Mapping[str, Any]) -> tuple[SetSlot, ...]:
    return tuple(SetSlot(name, value) for name, value in values.items())


def _begin(turn: _Turn, flow: Flow, reason: str) -> Decision:
    """Start a flow with what the message tells of it; one under way is still at it."""
    if flow.is_pattern:
        going_on = flow.id == patterns.HUMAN_HANDOFF and turn.is_under_way(flow)
        by_name = flow.id in _ASKED_BY_NAME
        command = () if going_on else (StartPattern(flow.id),)
        mentions = () if by_name else turn.mentions
        return Decision(
            (*mentions, *command), f"asks to {turn.top.name}" if by_name else reason
        )
    if turn.is_under_way(flow):
        known = {**turn.filled.mentions, **turn.filled.passing}
        return Decision(_set(known), "still at it")
    given = fill_started(turn.said, turn.state, turn.script, flow)
    return Decision((*_set(given), StartFlow(flow.id)), reason)


def _by_set_phrase(turn: _Turn) -> Decision | None:
    """`never mind`, 跳过, 人工: whatever the model makes of it, unless it is an answer."""
    if turn.control is None or turn.filled.answer is not None:
        return None
    flow = turn.script.flows.by_id[turn.control]
    return Decision(_begin(turn, flow, "").commands, f"asks for {turn.control}")


def _digresses(turn: _Turn) -> Decision | None:
    """A question or another task, though the message names values that the task could take."""
    filled = turn.filled
    values = filled.answer or filled.corrections or filled.passing
    if not values or turn.said.correcting or turn.said.pressed or not filled.leftover:
        return None
    if filled.answer is not None and _is_wanted_by(turn.asked, turn.top.name):
        return None
    leaves = turn.flow is not None and turn.flow.is_pattern and filled.answer is None
    if turn.flow is not None and (turn.other_task or leaves):
        return _begin(turn, turn.flow, "confident intent")
    if turn.asks_knowledge and turn.evidence.on_topic is not None and filled.leftover > 1:
        return Decision((*turn.mentions, Answer(turn.evidence.on_topic)), "confident intent")
    return None


def _is_wanted_by(asked: Awaited | None, intent: str) -> bool:
    """Whether the question takes its answer with or from this intent."""
    return asked is not None and any(intent in m.intents for m in asked.slot.mappings)


def _corrects(turn: _Turn) -> Decision | None:
    """Another value for what the task knows; a yes or no beside it is not to be trusted."""
    changed = turn.filled.corrections
    if not changed:
        return None
    known = turn.state.slots
    commands: tuple[Command, ...] = (*turn.mentions, *_set(turn.filled.passing))
    answer = turn.filled.answer
    if turn.asked is not None and answer is not None and turn.asked.slot.type != "bool":
        commands += (SetSlot(turn.asked.slot.name, answer.value),)
    told = ", ".join(f"{name} {known.get(name)} → {value}" for name, value in changed.items())
    return Decision((CorrectSlots(tuple(changed.items())), *commands), f"corrects {told}")


def _fills(turn: _Turn) -> Decision | None:
    """The answer to the question, and what else the message tells of the task."""
    filled, asked = turn.filled, turn.asked
    answer = filled.answer
    if asked is None or answer is None:
        return None
    if filled.doubtful and answer.value is True:
        return Decision((*turn.mentions, CannotHandle()), "a yes that speaks of something else")
    values = {**filled.passing, asked.slot.name: answer.value}
    commands: tuple[Command, ...] = (*turn.mentions, *_set(values))
    if answer.heard:
        slip = {"slot": asked.slot.name, "heard": answer.heard, "read": str(answer.value)}
        commands += (StartPattern(patterns.TYPO, slip),)
    elif len(values) > 1:
        commands += (StartPattern(patterns.SEVERAL_SLOTS, {"slots": values}),)
    return Decision(commands, f"fills {', '.join(values)}")


def _leaves(turn: _Turn) -> Decision | None:
    """A pattern that the intent surely asks for."""
    flow = turn.flow
    if flow is None or not flow.is_pattern or turn.filled.passing:
        return None
    if turn.text is not None and (
        flow.id == patterns.CHITCHAT or turn.top.probability < _OVER_FREE_TEXT
    ):
        return None
    return _begin(turn, flow, "confident intent")


def _answers_freely(turn: _Turn) -> Decision | None:
    """Any text answers the question, save a question of the shopper's own."""
    if turn.asked is None or turn.text is None or turn.filled.answer is not None:
        return None
    hits = turn.evidence.hits
    found = hits and hits[0].probability >= turn.thresholds.answer(turn.understanding.language)
    if cues.question_like(turn.words) and (turn.other_task or turn.asks_knowledge or found):
        return None
    name = turn.asked.slot.name
    return Decision((*turn.mentions, SetSlot(name, turn.text)), f"fills {name}")


def _tells_more(turn: _Turn) -> Decision | None:
    """Values for questions of the task that are yet to come, and no answer to this one."""
    values = turn.filled.passing
    if not values or turn.other_task:
        return None
    commands: tuple[Command, ...] = (*turn.mentions, *_set(values))
    if len(values) > 1:
        commands += (StartPattern(patterns.SEVERAL_SLOTS, {"slots": dict(values)}),)
    return Decision(commands, f"fills {', '.join(values)}")


def _reopens(turn: _Turn) -> Decision | None:
    """`no, I meant 4417` after a task has ended: the same task again with the other value."""
    flow = turn.script.flows.by_id.get(turn.state.last_flow)
    if turn.under_way or flow is None or flow.is_pattern or not turn.said.correcting:
        return None
    sure_of_more = turn.other_task and turn.flow is not flow
    if sure_of_more or (turn.confident and turn.flow is None and turn.evidence.on_topic):
        return None
    if flow.small_talk or (flow.guard is not None and not flow.guard(turn.state.slots, {})):
        return None
    given = fill_started(turn.said, turn.state, turn.script, flow)
    if not given:
        return None
    return Decision((*_set(given), StartFlow(flow.id)), f"corrects {', '.join(given)}, once more")


def _starts(turn: _Turn) -> Decision | None:
    """The flow of the intent, unless it means an answer that was not taken."""
    if turn.flow is None or _is_wanted_by(turn.asked, turn.top.name):
        return None
    return _begin(turn, turn.flow, "confident intent")


def _answers_on_topic(turn: _Turn) -> Decision | None:
    on_topic, language = turn.evidence.on_topic, turn.understanding.language
    if not turn.confident or on_topic is None:
        return None
    if turn.thresholds.beyond_intents(turn.top, turn.evidence, language):
        return None
    return Decision((*turn.mentions, Answer(on_topic)), "confident intent")


def _answers_best(turn: _Turn) -> Decision | None:
    best = turn.evidence.hits[0] if turn.evidence.hits else None
    if best is None:
        return None
    if best.probability < turn.thresholds.answer(turn.understanding.language):
        return None
    flow = turn.startable(best.entry.intent or "")
    if flow is not None and not (turn.under_way and turn.is_under_way(flow)):
        return _begin(turn, flow, "knowledge points to the flow")
    return Decision((*turn.mentions, Answer(best)), f"answer {best.probability:.2f}")


_RULES: tuple[Callable[[_Turn], Decision | None], ...] = (
    _by_set_phrase,
    _digresses,
    _corrects,
    _fills,
    _leaves,
    _answers_freely,
    _tells_more,
    _reopens,
    _starts,
    _answers_on_topic,
    _answers_best,
)
"""The first that has something to say decides."""


def _unsure(turn: _Turn) -> Decision:
    """Ask which of several readings is meant, or say that it was not understood."""
    hits, thresholds = turn.evidence.hits, turn.thresholds
    if turn.understanding.out_of_scope:
        return Decision((*turn.mentions, CannotHandle()), "out of scope")
    likely = tuple(h for h in hits[:2] if h.probability >= thresholds.clarify)
    in_flows = tuple(
        rank.name
        for rank in turn.understanding.intents[:3]
        if rank.probability >= thresholds.clarify and _is_choice(turn.startable(rank.name))
    )
    if turn.state.repairs == 0 and in_flows + likely:
        return Decision((*turn.mentions, Clarify(in_flows, likely)), "several readings")
    found = f"{hits[0].probability:.2f}" if hits else "none"
    enough = thresholds.answer(turn.understanding.language)
    return Decision(
        (*turn.mentions, CannotHandle(tuple(hits[:2]))),
        f"answer {found} below threshold {enough:.2f}",
    )


def _is_choice(flow: Flow | None) -> bool:
    """Whether a flow is worth offering as a reading."""
    if flow is None or flow.small_talk:
        return False
    return not flow.is_pattern or flow.id == patterns.HUMAN_HANDOFF
