"""One turn, from a shopper's message to the bot's replies. Read this first."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from bot.actions.runner import ActionCall, ActionRunner
from bot.answers import Answers, Query
from bot.bursts import Utterance
from bot.dialogue import patterns
from bot.dialogue.beginning import begin
from bot.dialogue.commands import StartPattern
from bot.dialogue.engine import wake
from bot.dialogue.interpret import interpret, needs_search
from bot.dialogue.script import Script
from bot.dialogue.sessions import new_session
from bot.dialogue.stack import end_flow, question_under_way
from bot.dialogue.thresholds import NO_EVIDENCE
from bot.dialogue.tracker import Event, State, slot_event, user_event
from bot.errors import ConversationNotYours
from bot.hearing import Hearing, Manners, Understander
from bot.messages import Shopper, Trace, Turn, UserMessage, message_of
from bot.states import States
from bot.storage.conversations import ConversationStore
from bot.storage.held import (
    Answered,
    ConversationBusy,
    Inbound,
    LostLease,
    MessageSetAside,
)
from bot.storage.turns import TurnQueue, Work
from bot.trace import judgement, parse_data, trace_of
from bot.turn import Player, Said
from knowledge.index.search import Findings
from nlu.language import detect_language
from nlu.understanding import Understanding

log = logging.getLogger("shopclerk")

SILENCES = 2
"""How often silence after questions is noticed before the bot waits without a word."""


class Assistant:
    """Takes messages of many conversations; those of one conversation one after the other."""

    def __init__(
        self,
        script: Script,
        understander: Understander,
        answers: Answers,
        runner: ActionRunner,
        store: ConversationStore,
        *,
        queue: TurnQueue | None = None,
        manners: Manners | None = None,
    ) -> None:
        self._script = script
        self._manners = manners or Manners()
        self._hearing = Hearing(understander, script, burst_s=self._manners.burst_s)
        self._answers = answers
        self._player = Player(script, runner)
        self._store = store
        self._queue = queue or TurnQueue(store)
        self._states = States(script.domain.start())

    async def handle(self, message: UserMessage) -> Turn:
        """Answer one message. Failures inside become an apology and a handover, logged once.

        Raises:
            ConversationNotYours: the conversation belongs to somebody else.
            ConversationBusy: the turn before it has not ended for a long time.
            MessageSetAside: every turn with this message failed.
        """
        started = time.perf_counter()
        trace_id, conversation = uuid4().hex[:12], message.conversation_id
        try:
            async with self._queue.turn(message) as work:
                turn = await self._answer(message, work, trace_id)
        except (ConversationNotYours, ConversationBusy, MessageSetAside):
            raise
        except LostLease:  # this turn was too slow; the next one answers its messages
            log.warning("turn %s of conversation %s was overtaken", trace_id, conversation)
            trace = trace_of(_nothing(message), "overtaken", Said(State()), self._script)
            turn = Turn(conversation, (), trace, joined=True)
        except Exception:  # the database itself is the trouble, say
            log.exception("turn %s failed in conversation %s", trace_id, conversation)
            turn = self._apologise_alone(message, trace_id)
        latency_ms = round((time.perf_counter() - started) * 1000, 2)
        return replace(turn, trace=replace(turn.trace, latency_ms=latency_ms, trace_id=trace_id))

    async def silence(self, conversation_id: str, shopper: Shopper) -> Turn | None:
        """Say something about a question that was not answered; None where there is none.

        Raises:
            ConversationNotYours: the conversation belongs to somebody else.
        """
        async with self._queue.quiet_turn(conversation_id, shopper) as work:
            if work is None:
                return None
            message = UserMessage(conversation_id, "", shopper)
            if work.messages:  # left behind by a process that died
                return await self._answer(message, work, uuid4().hex[:12])
            said = Said(self._states.after(conversation_id, work.past))
            if not self._may_nudge(said.state):
                return None
            nothing = _nothing(message, said.state)
            said.add({"event": "silence"})
            silent = StartPattern(patterns.USER_SILENCE, {"silences": said.state.silences})
            said.add(*begin(said.state, [silent], self._script))
            call = _call(message, said.state, nothing)
            await self._player.play(said, call, work.past)
            await work.finish(said.events)
            return self._turn(call, said, "silence", nothing)

    async def catch_up(self) -> None:
        """Answer messages that processes left behind when they died; failures are logged."""
        for conversation_id, shopper in await self._queue.left_behind():
            try:
                await self.silence(conversation_id, shopper)
            except Exception:
                log.exception("conversation %s could not be caught up with", conversation_id)

    async def _answer(self, message: UserMessage, work: Work | Answered, trace_id: str) -> Turn:
        if isinstance(work, Answered):
            said_then = (e["data"] for e in work.replies if not work.joined)
            replies = tuple(replace(message_of(d), id=d["id"]) for d in said_then)
            trace = trace_of(_nothing(message), "answered before", Said(State()), self._script)
            return Turn(message.conversation_id, replies, trace, joined=work.joined)
        said = Said(self._states.after(message.conversation_id, work.past))
        try:
            last = self._queue.max_attempts
            if any(m.attempt >= last for m in work.messages):
                raise RuntimeError(f"{last - 1} turns with this message have died")
            with self._answers.one_version():
                return await self._take_turn(message, work, said)
        except LostLease:
            raise
        except Exception:
            log.exception("turn %s failed in conversation %s", trace_id, message.conversation_id)
            return await self._apologise(message, work, said, trace_id)

    async def _take_turn(self, message: UserMessage, work: Work, said: Said) -> Turn:
        said.add(*new_session(work.past, time.time(), self._script.domain))
        utterances = await self._hearing.hear(work, said.state)
        for utterance in utterances:
            for inbound in utterance.messages:
                said.add(_said_by(inbound, parse_data(utterance.understanding)))
        call = _call(message, said.state, utterances[-1].understanding)
        if said.state.paused:
            await work.finish(said.events)
            return self._turn(call, said, "paused", utterances[-1].understanding)
        said.add(*wake(said.state, self._script))
        reasons = []
        await self._player.fill(said, call, work.past)
        for utterance in utterances:
            last = utterance is utterances[-1]
            call = _call(message, said.state, utterance.understanding)
            reasons.append(await self._reply(utterance, call, work.past, said, last=last))
        if not said.replies:  # a flow of the shop's that says nothing must not leave silence
            said.reply(self._player.say("utter_nothing_said", said.state, message.channel))
        await work.finish(said.events)
        return self._turn(call, said, "; ".join(reasons), utterances[-1].understanding)

    async def _reply(
        self, utterance: Utterance, call: ActionCall, past: Sequence[Event], said: Said,
        *, last: bool,
    ) -> str:
        """Decide and carry out; return the reason."""
        understanding = utterance.understanding
        said.add(slot_event("language", understanding.language))
        evidence = await self._search(understanding)
        decision = interpret(
            understanding, evidence, said.state,
            script=self._script, thresholds=self._answers.thresholds,
        )
        best = evidence.hits[0].probability if evidence.hits else None
        said.add(judgement(decision, understanding, best))
        commands = decision.commands
        if len(utterance.messages) > 1:
            burst = StartPattern(patterns.BURST, {"messages": len(utterance.messages)})
            commands = (burst, *commands)
        said.add(*begin(said.state, commands, self._script))
        await self._player.play(said, call, past, asking=last)
        return decision.reason

    async def _search(self, understanding: Understanding) -> Findings:
        if not needs_search(understanding, self._script.flows, self._answers.thresholds):
            return NO_EVIDENCE
        await self._answers.prepare(understanding.text)
        prior = tuple(understanding.prior.items())
        return self._answers.find(Query(understanding.text, understanding.language, prior))

    def _turn(
        self, call: ActionCall, said: Said, reason: str, understanding: Understanding
    ) -> Turn:
        trace = trace_of(understanding, reason, said, self._script)
        silence_s = self._silence_s(said.state)
        return Turn(call.conversation_id, tuple(said.replies), trace, silence_s=silence_s)

    def _silence_s(self, state: State) -> float | None:
        question = question_under_way(state, self._script)
        if question is None or not self._may_nudge(state):
            return None
        frame, _ = question
        step = self._script.flows.by_id[frame.flow].steps[frame.step]
        return step.silence_timeout_s or self._manners.silence_s

    def _may_nudge(self, state: State) -> bool:
        asked = question_under_way(state, self._script) is not None
        return asked and state.silences < SILENCES

    async def _apologise(
        self, message: UserMessage, work: Work, said: Said, trace_id: str
    ) -> Turn:
        """Keep what was done, give up the task, and claim a handover only when it worked."""
        language = message.language or detect_language(message.text)
        if not any(e["event"] == "user" for e in said.events):
            said.add(*(_said_by(m, {}) for m in work.messages))
        if said.state.slots.get("language") is None or not said.replies:
            said.add(slot_event("language", language))
        for frame in reversed(said.state.stack):
            end_flow(said, frame, self._script, "flow_cancelled", followed=True)
        queued = self._hand_over(message.conversation_id, trace_id)
        context = {"trace_id": trace_id, "queued": queued, "error": "internal error"}
        call = _call(message, said.state, _nothing(message))
        try:
            failed = StartPattern(patterns.INTERNAL_ERROR, context)
            said.add(*begin(said.state, [failed], self._script))
            await self._player.play(said, call, work.past)
        except Exception:  # the shop's own pattern fails, too
            log.exception("turn %s: pattern_internal_error failed", trace_id)
            name = "utter_internal_error" if queued else "utter_internal_error_alone"
            said.reply(self._player.say(name, said.state, message.channel, trace_id=trace_id))
        await work.finish(said.events)
        return self._turn(call, said, "internal error", _nothing(message))

    def _hand_over(self, conversation_id: str, trace_id: str) -> bool:
        try:
            self._store.hand_over(conversation_id, f"internal error {trace_id}")
        except Exception:
            log.exception("turn %s: the handover failed too", trace_id)
            return False
        return True

    def _apologise_alone(self, message: UserMessage, trace_id: str) -> Turn:
        """Say so when nothing can be kept: nobody will see the conversation in the queue."""
        language = message.language or detect_language(message.text)
        said = Said(State(slots={"language": language}))
        said.reply(
            self._player.say(
                "utter_internal_error_alone", said.state, message.channel, trace_id=trace_id
            )
        )
        trace: Trace = trace_of(_nothing(message), "internal error", said, self._script)
        return Turn(message.conversation_id, tuple(said.replies), trace)


def _call(message: UserMessage, state: State, understanding: Understanding) -> ActionCall:
    return ActionCall(
        message.conversation_id,
        message.shopper,
        state,
        understanding,
        channel=message.channel,
        metadata=message.metadata,
    )


def _said_by(message: Inbound, data: Mapping[str, Any]) -> Event:
    return user_event(
        message.text,
        data,
        message.channel,
        message_id=message.id,
        metadata=message.metadata,
    )


def _nothing(message: UserMessage, state: State | None = None) -> Understanding:
    known = str(state.slots.get("language") or "") if state is not None else ""
    language = known or message.language or detect_language(message.text)
    return Understanding(message.text, language, (), False, 0.0)

