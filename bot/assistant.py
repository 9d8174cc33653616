"""One turn, from a shopper's message to the bot's replies. Read this first."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol
from uuid import uuid4
from weakref import WeakValueDictionary

from bot.actions.runner import ActionCall, ActionRunner
from bot.answers import Answers, Query
from bot.clarification import clarification_buttons
from bot.dialogue.commands import (
    Answer,
    CancelFlow,
    CannotHandle,
    Clarify,
    Decision,
    Repeat,
    Restart,
)
from bot.dialogue.domain import Domain
from bot.dialogue.engine import Ask, Listen, RunAction, action_event, advance, begin
from bot.dialogue.flows import Flows
from bot.dialogue.interpret import NO_EVIDENCE, interpret, needs_search
from bot.dialogue.tracker import Event, State, apply_event, replay, slot_event, user_event
from bot.errors import ConversationNotYours
from bot.messages import BotMessage, Citation, Trace, Turn, UserMessage, message_of
from bot.payload import parse_payload
from bot.storage.conversations import ConversationStore
from knowledge.entries import Hit
from knowledge.index.search import Findings
from nlu.language import detect_language
from nlu.understanding import Understanding

log = logging.getLogger("shopclerk")

MAX_STEPS = 50
"""Actions and questions in one turn; more means that a flow goes in circles."""


class Understander(Protocol):
    """Text into an understanding."""

    async def understand(self, text: str) -> Understanding:
        """Return intents, scope, entities and language of one utterance."""
        ...


@dataclass(frozen=True)
class Shop:
    """What a shop's files say, read once: replaced as a whole, never changed."""

    domain: Domain
    flows: Flows


class Assistant:
    """Takes messages of many conversations; those of one conversation one after the other."""

    def __init__(
        self,
        shop: Shop,
        understander: Understander,
        answers: Answers,
        runner: ActionRunner,
        store: ConversationStore,
    ) -> None:
        self._shop = shop
        self._understander = understander
        self._answers = answers
        self._runner = runner
        self._store = store
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def handle(self, message: UserMessage) -> Turn:
        """Answer one message. Failures inside become an apology and a handover, logged once.

        Raises:
            ConversationNotYours: the conversation belongs to somebody else.
        """
        trace_id = uuid4().hex[:12]
        started = time.perf_counter()
        async with self._one_at_a_time(message.conversation_id):
            try:
                with self._answers.one_version():
                    turn = await self._take_turn(message)
            except ConversationNotYours:
                raise
            except Exception:
                log.exception(
                    "turn %s failed in conversation %s", trace_id, message.conversation_id
                )
                turn = self._apologise(message, trace_id)
        latency_ms = round((time.perf_counter() - started) * 1000, 2)
        return replace(turn, trace=replace(turn.trace, latency_ms=latency_ms, trace_id=trace_id))

    @asynccontextmanager
    async def _one_at_a_time(self, conversation_id: str) -> AsyncIterator[None]:
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            yield

    async def _take_turn(self, message: UserMessage) -> Turn:
        past = self._store.open(message.conversation_id, message.shopper)
        state = replay(past, self._shop.domain.start())
        understanding = await self._understand(message, state)
        said = _Said(state)
        said.add(user_event(message.text, _parse_data(understanding), message.channel))
        said.add(slot_event("language", understanding.language))
        evidence = await self._search(understanding)
        decision = interpret(
            understanding,
            evidence,
            state,
            flows=self._shop.flows,
            domain=self._shop.domain,
            thresholds=self._answers.thresholds,
        )
        call = ActionCall(message.conversation_id, message.shopper, said.state, understanding)
        best = evidence.hits[0].probability if evidence.hits else None
        said.add(_judgement(decision, understanding, best))
        await self._carry_out(decision, call, said)
        if not said.replies:  # a flow of the shop's that says nothing must not leave silence
            said.reply(self._runner.say("utter_nothing_said", said.state))
        self._store.append(message.conversation_id, len(past), said.events)
        return Turn(
            message.conversation_id, tuple(said.replies), _trace(understanding, decision, said)
        )

    async def _understand(self, message: UserMessage, state: State) -> Understanding:
        language = message.language or str(state.slots.get("language") or "en")
        pressed = parse_payload(message.text, language)
        if pressed is not None:
            return pressed
        return await self._understander.understand(message.text)

    async def _search(self, understanding: Understanding) -> Findings:
        if not needs_search(understanding, self._shop.flows, self._answers.thresholds):
            return NO_EVIDENCE
        await self._answers.prepare(understanding.text)
        prior = tuple(understanding.prior.items())
        return self._answers.find(Query(understanding.text, understanding.language, prior))

    async def _carry_out(self, decision: Decision, call: ActionCall, said: "_Said") -> None:
        """Do what was decided, then let the flow on top go on until it waits or ends."""
        in_flow_before = said.state.frame
        said.add(*begin(said.state, decision.commands, self._shop.flows))
        for command in decision.commands:
            match command:
                case Answer():
                    await self._run("action_answer", call, said, in_flow=False)
                case Clarify(intents, hits):
                    buttons = clarification_buttons(
                        intents, hits, self._shop.flows, call.understanding.language
                    )
                    said.reply(
                        replace(self._runner.say("utter_clarify", said.state), buttons=buttons)
                    )
                case CannotHandle(hits):
                    self._say_cannot_handle(hits, call, said)
                case CancelFlow():
                    name = "utter_flow_cancelled" if in_flow_before else "utter_nothing_to_cancel"
                    said.reply(self._runner.say(name, said.state))
                case Restart():
                    said.add(slot_event("language", call.understanding.language))
                    said.reply(self._runner.say("utter_restarted", said.state))
                case Repeat():
                    self._repeat(said)
        if not any(isinstance(c, Clarify) for c in decision.commands):  # one question at a time
            await self._continue_flow(call, said)

    def _say_cannot_handle(self, hits: Sequence[Hit], call: ActionCall, said: "_Said") -> None:
        if said.state.frame is not None and said.state.repairs < 2:
            said.reply(self._runner.say("utter_ask_again", said.state))
            return
        language = call.understanding.language
        close = tuple(h for h in hits if h.probability >= self._answers.thresholds.clarify / 2)
        buttons = clarification_buttons((), close, self._shop.flows, language)
        said.reply(replace(self._runner.say("utter_cannot_handle", said.state), buttons=buttons))

    def _repeat(self, said: "_Said") -> None:
        replies = said.before.last_replies
        if not replies:
            said.reply(self._runner.say("utter_nothing_to_repeat", said.state))
        _, effect = advance(said.state, self._shop.flows)
        for reply in replies[:-1] if isinstance(effect, Ask) else replies:  # a flow asks again
            said.reply(message_of(reply["data"]))

    async def _continue_flow(self, call: ActionCall, said: "_Said") -> None:
        for _ in range(MAX_STEPS):
            events, effect = advance(said.state, self._shop.flows)
            said.add(*events)
            match effect:
                case RunAction(name):
                    await self._run(name, call, said, in_flow=True)
                case Ask(response):
                    said.reply(self._runner.say(response, said.state))
                    return
                case Listen():
                    return
        raise RuntimeError(f"the flow {said.state.frame} took more than {MAX_STEPS} steps")

    async def _run(self, name: str, call: ActionCall, said: "_Said", *, in_flow: bool) -> None:
        said.actions.append(name)
        events, replies = await self._runner.run(name, replace(call, state=said.state))
        said.add(*events)
        for reply in replies:
            said.reply(reply)
        said.add(action_event(name, in_flow=in_flow))

    def _apologise(self, message: UserMessage, trace_id: str) -> Turn:
        """Say honestly that it failed; claim a handover only when the queue has it."""
        language = message.language or detect_language(message.text)
        state = State(slots={"language": language})
        said = _Said(state)
        said.add(user_event(message.text, {}, message.channel))
        try:
            self._store.hand_over(message.conversation_id, f"internal error {trace_id}")
            reply = self._runner.say("utter_internal_error", state, trace_id=trace_id)
            said.reply(reply)
            position = len(self._store.open(message.conversation_id, message.shopper))
            self._store.append(message.conversation_id, position, said.events)
        except Exception:  # the database itself is the trouble, say: nobody will see the queue
            log.exception("turn %s: the handover failed too", trace_id)
            reply = self._runner.say("utter_internal_error_alone", state, trace_id=trace_id)
        trace = Trace(language, "", 0.0, False, (), None, (), (), "internal error", 0.0, trace_id)
        return Turn(message.conversation_id, (reply,), trace)


class _Said:
    """What has happened in this turn so far: events, the state after them, replies."""

    def __init__(self, state: State) -> None:
        self.before = state
        self.state = state
        self.events: list[Event] = []
        self.replies: list[BotMessage] = []
        self.actions: list[str] = []

    def add(self, *events: Event) -> None:
        for event in events:
            self.events.append(event)
            self.state = apply_event(self.state, event)

    def reply(self, message: BotMessage) -> None:
        self.replies.append(message)
        self.add({"event": "bot", "text": message.text, "data": asdict(message)})

    @property
    def sources(self) -> tuple[Citation, ...]:
        return tuple(c for reply in self.replies for c in reply.citations)

    @property
    def flow(self) -> str | None:
        started = [e["flow_id"] for e in self.events if e["event"] == "flow_started"]
        frame = self.state.frame
        return started[-1] if started else frame.flow if frame else None


def _parse_data(understanding: Understanding) -> Mapping[str, Any]:
    return {
        "intent": {"name": understanding.top.name, "confidence": understanding.top.probability},
        "entities": [asdict(e) for e in understanding.entities],
        "out_of_scope": understanding.out_of_scope,
    }


def _judgement(decision: Decision, understanding: Understanding, best: float | None) -> Event:
    """The event that says whether the message was understood, and why: gaps are read from it."""
    lost = any(isinstance(c, CannotHandle | Clarify) for c in decision.commands)
    return {
        "event": "repair" if lost else "understood",
        "decision": decision.reason,
        "probability": best,
        "language": understanding.language,
        "topic": understanding.top.name,
    }


def _trace(understanding: Understanding, decision: Decision, said: _Said) -> Trace:
    return Trace(
        language=understanding.language,
        intent=understanding.top.name,
        probability=round(understanding.top.probability, 4),
        out_of_scope=understanding.out_of_scope,
        entities=tuple(asdict(e) for e in understanding.entities),
        flow=said.flow,
        actions=tuple(said.actions),
        sources=said.sources,
        decision=decision.reason,
        latency_ms=0.0,
        trace_id="",
    )
