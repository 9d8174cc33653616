"""An understood message and the state of the conversation into commands. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue import cues, patterns
from bot.dialogue.after_task import flow_of_value, is_for_a_person, only_values
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
from bot.dialogue.cues import folded, leftover
from bot.dialogue.flows import Flow, Flows
from bot.dialogue.said import NO, YES, Awaited
from bot.dialogue.script import Script
from bot.dialogue.slot_filling import fill_started
from bot.dialogue.thresholds import NO_EVIDENCE, Thresholds
from bot.dialogue.tracker import State
from bot.dialogue.turn import Turn, needed, pressed, refuses
from bot.dialogue.yes_no import hesitates, polarity
from knowledge.entries import Hit
from knowledge.index.search import Findings
from nlu.understanding import Understanding

_OVER_FREE_TEXT = 0.8
"""What an intent needs to end a question that any text answers: "I changed my mind" is a reason
for a return as well as a stop. Chosen, not fitted: the test questions have no such answers."""

_FEW_WORDS = 4
"""More words than these beside "don't cancel" may ask for something else."""

_ASKED_BY_NAME = frozenset({patterns.CANCEL, patterns.RESTART, patterns.REPEAT, patterns.SKIP})


def needs_search(understanding: Understanding, flows: Flows, thresholds: Thresholds) -> bool:
    """Whether knowledge has a say: not when the intent alone settles it."""
    top = understanding.top
    flow = flows.by_intent.get(top.name)
    settled = (
        flow is not None
        and flow.guard is None
        and thresholds.sure(top, NO_EVIDENCE)
        and top.probability >= needed(flow, top.name)
        and not refuses(flow, folded(understanding.text))
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
    turn = Turn(pressed(understanding, state, script), evidence, state, script, thresholds)
    if turn.refused is not None:
        turn = replace(turn, evidence=_without(evidence, turn.refused.intents))
    decisions = (rule(turn) for rule in _RULES)
    return next((decision for decision in decisions if decision is not None), _unsure(turn))


def _without(evidence: Findings, intents: tuple[str, ...]) -> Findings:
    """What was found on other topics than these."""
    on_topic = evidence.on_topic
    kept = tuple(hit for hit in evidence.hits if hit.entry.intent not in intents)
    aside = on_topic is not None and on_topic.entry.intent in intents
    return replace(evidence, hits=kept, on_topic=None if aside else on_topic)


def _set(values: Mapping[str, Any]) -> tuple[SetSlot, ...]:
    return tuple(SetSlot(name, value) for name, value in values.items())


def _mentions(turn: Turn) -> tuple[SetSlot, ...]:
    return _set(turn.filled.mentions)


def _begin(turn: Turn, flow: Flow, reason: str) -> Decision:
    """Start a flow with what the message tells of it; one under way is still at it."""
    if flow.id in _ASKED_BY_NAME:
        return Decision((StartPattern(flow.id),), reason)
    if flow.is_pattern and not (flow.id == patterns.HUMAN_HANDOFF and turn.is_under_way(flow)):
        return Decision((*_mentions(turn), StartPattern(flow.id)), reason)
    if turn.is_under_way(flow):
        known = {**turn.filled.mentions, **turn.filled.passing}
        return Decision(_set(known), "still at it")
    given = fill_started(turn.said, turn.state, turn.script, flow)
    return Decision((*_set(given), StartFlow(flow.id)), reason)


def _by_set_phrase(turn: Turn) -> Decision | None:
    """`never mind`, 跳过, 人工: whatever the model makes of it, unless it is an answer."""
    if turn.control is None or turn.filled.answer is not None or turn.filled.corrections:
        return None
    flow = turn.script.flows.by_id[turn.control]
    return _begin(turn, flow, f"asks for {flow.id}")


def _leaves_by_name(turn: Turn) -> Decision | None:
    """不投诉了, "forget the complaint": the task under way, unless it is an answer."""
    if not turn.leaves_by_name or turn.filled.answer is not None or turn.filled.corrections:
        return None
    return Decision((StartPattern(patterns.CANCEL),), "leaves the task by its name")


def _has_nothing_to_say(turn: Turn) -> Decision | None:
    """"No idea", 没有: skips a question that any text answers and that may be skipped."""
    optional = turn.asked is not None and turn.asked.step.optional and turn.text is not None
    if not optional or not cues.nothing(turn.words):
        return None
    return Decision((StartPattern(patterns.SKIP),), "nothing to say")


def _goes_back(turn: Turn) -> Decision | None:
    """"Wrong one", 选错了: no answer, and yet no other value either."""
    if not turn.under_way or turn.filled.corrections or not cues.goes_back(turn.words):
        return None
    return Decision((CannotHandle(),), "takes something back without saying what is right")


def _digresses(turn: Turn) -> Decision | None:
    """A question or another task, though the message names values that the task could take."""
    filled = turn.filled
    values = filled.answer or filled.corrections or filled.passing
    corrects = filled.corrections and turn.said.correcting
    if not values or corrects or turn.said.pressed or not filled.leftover:
        return None
    if filled.answer is not None and (
        _is_wanted_by(turn.asked, turn.top.name) or cues.is_about(turn.words)
    ):
        return None
    leaves = turn.flow is not None and turn.flow.is_pattern and filled.answer is None
    if turn.flow is not None and (turn.other_task or leaves):
        return _begin(turn, turn.flow, _sureness(turn))
    if turn.asks_knowledge and turn.evidence.on_topic is not None and filled.leftover > 1:
        return _answer(turn, turn.evidence.on_topic, "confident intent")
    if turn.found is not None and cues.question_like(turn.words) and filled.leftover > 2:
        return _answer(turn, turn.found, f"answer {turn.found.probability:.2f}")
    return None


def _answer(turn: Turn, hit: Hit, reason: str) -> Decision:
    return Decision((*_mentions(turn), Answer(hit)), reason)


def _is_wanted_by(asked: Awaited | None, intent: str) -> bool:
    """Whether the question takes its answer with or from this intent."""
    if asked is None:
        return False
    plain = asked.slot.type == "bool" and intent in YES | NO
    return plain or any(intent in m.intents for m in asked.slot.mappings)


def _corrects(turn: Turn) -> Decision | None:
    """Another value for what the task knows; a yes or no beside it is not to be trusted."""
    changed = turn.filled.corrections
    if not changed:
        return None
    known = turn.state.slots
    commands: tuple[Command, ...] = (*_mentions(turn), *_set(turn.filled.passing))
    answer = turn.filled.answer
    if turn.asked is not None and answer is not None and turn.asked.slot.type != "bool":
        commands += (SetSlot(turn.asked.slot.name, answer.value),)
    told = ", ".join(f"{name} {known.get(name)} → {value}" for name, value in changed.items())
    return Decision((CorrectSlots(tuple(changed.items())), *commands), f"corrects {told}")


def _fills(turn: Turn) -> Decision | None:
    """The answer to the question, and what else the message tells of the task."""
    filled, asked = turn.filled, turn.asked
    answer = filled.answer
    if asked is None or answer is None:
        return None
    agrees = asked.slot.type == "bool" and answer.value is True
    if agrees and (filled.doubtful or (turn.clarifying and not turn.pressed)):
        return Decision((*_mentions(turn), CannotHandle()), "a yes that speaks of something else")
    values = {**filled.passing, asked.slot.name: answer.value}
    commands: tuple[Command, ...] = (*_mentions(turn), *_set(values))
    if answer.heard:
        slip = {"slot": asked.slot.name, "heard": answer.heard, "read": str(answer.value)}
        commands += (StartPattern(patterns.TYPO, slip),)
    elif len(values) > 1:
        commands += (StartPattern(patterns.SEVERAL_SLOTS, {"slots": values}),)
    return Decision(commands, f"fills {', '.join(values)}")


def _hesitates(turn: Turn) -> Decision | None:
    """Neither yes nor no: the question is asked again, and no other reading is looked for."""
    asked = turn.asked
    if asked is None or asked.slot.type != "bool" or turn.filled.answer is not None:
        return None
    unclear = hesitates(turn.words) or cues.amends(turn.words)
    if not unclear or turn.other_task or turn.pressed or cues.question_like(turn.words):
        return None
    return Decision((*_mentions(turn), CannotHandle()), "neither yes nor no")


def _leaves(turn: Turn) -> Decision | None:
    """A pattern that the intent surely asks for."""
    flow = turn.flow
    if flow is None or not flow.is_pattern or turn.filled.passing:
        return None
    if turn.text is not None and (
        flow.id == patterns.CHITCHAT or turn.top.probability < _OVER_FREE_TEXT
    ):
        return None
    return _begin(turn, flow, _sureness(turn))


def _sureness(turn: Turn) -> str:
    by_name = turn.flow is not None and turn.flow.id in _ASKED_BY_NAME
    return f"asks to {turn.top.name}" if by_name else "confident intent"


def _answers_freely(turn: Turn) -> Decision | None:
    """Any text answers the question, save a question of the shopper's own."""
    if turn.asked is None or turn.text is None or turn.filled.answer is not None:
        return None
    if turn.own_matter:
        return None
    name = turn.asked.slot.name
    return Decision((*_mentions(turn), SetSlot(name, turn.text)), f"fills {name}")


def _tells_more(turn: Turn) -> Decision | None:
    """Values for questions of the task that are yet to come, and no answer to this one."""
    values = turn.filled.passing
    if not values or turn.other_task:
        return None
    commands: tuple[Command, ...] = (*_mentions(turn), *_set(values))
    if len(values) > 1:
        commands += (StartPattern(patterns.SEVERAL_SLOTS, {"slots": dict(values)}),)
    return Decision(commands, f"fills {', '.join(values)}")


def _reopens(turn: Turn) -> Decision | None:
    """`no, I meant 4417` or a bare `4417` after a task has ended: the same task again with it."""
    flow = turn.script.flows.by_id.get(turn.state.last_flow)
    bare = only_values(turn)
    if turn.under_way or not (bare or turn.said.correcting):
        return None
    if is_for_a_person(turn):
        return Decision((*_mentions(turn), StartPattern(patterns.HUMAN_HANDOFF)), "another address")
    if flow is None or flow.is_pattern or flow.small_talk:
        return None
    sure_of_more = turn.other_task and turn.flow is not flow
    if sure_of_more or (turn.confident and turn.flow is None and turn.evidence.on_topic):
        return None
    if bare and not turn.said.correcting:
        flow = flow_of_value(turn, flow)
    if flow.guard is not None and not flow.guard(turn.state.slots, {}):
        return None
    given = fill_started(turn.said, turn.state, turn.script, flow)
    if not given:
        return None
    return Decision((*_set(given), StartFlow(flow.id)), f"takes {', '.join(given)}, once more")


def _declines(turn: Turn) -> Decision | None:
    """不用了, "don't cancel" with nothing under way: taken for a plain no."""
    flow = next((f for i, f in turn.script.flows.by_intent.items() if i in NO), None)
    if turn.under_way or turn.pressed or flow is None:
        return None
    stops = turn.flow is not None and turn.flow.id == patterns.CANCEL
    if stops and polarity(turn.words) is False:
        return Decision((StartFlow(flow.id),), "a plain no")
    if turn.refused is not None and leftover(turn.said.beside_values) <= _FEW_WORDS:
        return Decision((*_mentions(turn), StartFlow(flow.id)), f"not to {turn.refused.id}")
    return None


def _starts(turn: Turn) -> Decision | None:
    """The flow of the intent, unless it means an answer that was not taken."""
    if turn.flow is None or _is_wanted_by(turn.asked, turn.top.name):
        return None
    return _begin(turn, turn.flow, _sureness(turn))


def _answers_on_topic(turn: Turn) -> Decision | None:
    on_topic, language = turn.evidence.on_topic, turn.understanding.language
    if not turn.confident or on_topic is None:
        return None
    if turn.thresholds.beyond_intents(turn.top, turn.evidence, language):
        return None
    return _answer(turn, on_topic, "confident intent")


def _answers_best(turn: Turn) -> Decision | None:
    best = turn.found
    if best is None:
        return None
    flow = turn.startable(best.entry.intent or "")
    if flow is not None and flow.id not in _ASKED_BY_NAME and not turn.is_under_way(flow):
        return _begin(turn, flow, "knowledge points to the flow")
    return _answer(turn, best, f"answer {best.probability:.2f}")


_RULES: tuple[Callable[[Turn], Decision | None], ...] = (
    _by_set_phrase,
    _leaves_by_name,
    _has_nothing_to_say,
    _goes_back,
    _declines,
    _digresses,
    _corrects,
    _fills,
    _hesitates,
    _leaves,
    _answers_freely,
    _tells_more,
    _reopens,
    _starts,
    _answers_on_topic,
    _answers_best,
)
"""The first that has something to say decides."""


def _unsure(turn: Turn) -> Decision:
    """Ask which of several readings is meant, or say that it was not understood."""
    hits, thresholds = turn.evidence.hits, turn.thresholds
    if turn.understanding.out_of_scope:
        return Decision((*_mentions(turn), CannotHandle()), "out of scope")
    likely = tuple(h for h in hits[:2] if h.probability >= thresholds.clarify)
    in_flows = tuple(
        rank.name
        for rank in turn.understanding.intents[:3]
        if rank.probability >= thresholds.clarify and _is_choice(turn.startable(rank.name))
    )
    if turn.state.repairs == 0 and in_flows + likely:
        return Decision((*_mentions(turn), Clarify(in_flows, likely)), "several readings")
    found = f"{hits[0].probability:.2f}" if hits else "none"
    enough = thresholds.answer(turn.understanding.language)
    return Decision(
        (*_mentions(turn), CannotHandle(tuple(hits[:2]))),
        f"answer {found} below threshold {enough:.2f}",
    )


def _is_choice(flow: Flow | None) -> bool:
    """Whether a flow is worth offering as a reading."""
    if flow is None or flow.small_talk:
        return False
    return not flow.is_pattern or flow.id == patterns.HUMAN_HANDOFF
