"""One turn being played: what was said and done in it, and the loop that lets flows go on."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any

from bot.actions.runner import ActionCall, ActionRunner
from bot.dialogue.engine import LISTEN, Ask, Listen, RunAction, advance
from bot.dialogue.flow_checks import REPEAT
from bot.dialogue.ledger import Ledger
from bot.dialogue.script import Script
from bot.dialogue.stack import question_under_way, start_task
from bot.dialogue.tracker import Event, State, action_event
from bot.messages import BotMessage, Button, Citation, message_of

MAX_STEPS = 50
"""Actions and questions in one turn; more means that a flow goes in circles."""


class Said(Ledger):
    """What has happened in this turn so far: events, the state after them, replies, actions."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.replies: list[BotMessage] = []
        self.actions: list[str] = []

    def reply(self, message: BotMessage) -> None:
        """Say it."""
        self.replies.append(message)
        metadata = {"utter_action": message.response} if message.response else {}
        data = asdict(message)
        self.add({"event": "bot", "text": message.text, "data": data, "metadata": metadata})

    @property
    def sources(self) -> tuple[Citation, ...]:
        """The entries that the replies stand on."""
        return tuple(c for reply in self.replies for c in reply.citations)


class Player:
    """Lets the flow on top go on until it waits or ends; runs what it names."""

    def __init__(self, script: Script, runner: ActionRunner) -> None:
        self._script = script
        self._runner = runner

    async def play(
        self, said: Said, call: ActionCall, past: Sequence[Event], *, asking: bool = True
    ) -> None:
        """Go on until the shopper has to say something.

        Args:
            said: the turn; grows.
            call: the conversation as actions see it.
            past: the events before this turn.
            asking: say the question that is waited for; not so in the midst of a burst.

        Raises:
            RuntimeError: a flow goes in circles.
        """
        done: set[tuple[object, ...]] = set()
        for _ in range(MAX_STEPS):
            events, effect = advance(said.state, self._script)
            said.add(*events)
            match effect:
                case RunAction(name, in_flow):
                    self._once(name, said, done)
                    await self._run(name, said, call, past)
                    said.add(action_event(name, in_flow=in_flow))
                case Ask(name):
                    if asking:
                        await self._run(name, said, call, past)
                        said.add(action_event(name, in_flow=False))
                    return
                case Listen():
                    return
        raise RuntimeError(f"the flow {said.state.frame} took more than {MAX_STEPS} steps")

    def _once(self, name: str, said: Said, done: set[tuple[object, ...]]) -> None:
        """Note what is about to be done; the same once more, with nothing changed, is a circle."""
        frame = said.state.frame
        known = tuple(sorted((slot, repr(value)) for slot, value in said.state.slots.items()))
        doing = (name, frame and (frame.flow, frame.step, frame.kind), len(said.state.stack), known)
        if doing in done:
            raise RuntimeError(f"the flow {frame} goes in circles: it does {name!r} again")
        done.add(doing)
        said.actions.append(name)

    async def fill(self, said: Said, call: ActionCall, past: Sequence[Event]) -> None:
        """Run the actions that fill slots from every message (mappings of type `custom`)."""
        for name in self._script.domain.every_turn:
            if name in self._script.actions:
                await self._run(name, said, call, past)
                said.add(action_event(name, in_flow=False))

    async def _run(
        self, name: str, said: Said, call: ActionCall, past: Sequence[Event]
    ) -> None:
        """Say a response, or run an action and whatever it wants to follow."""
        following = await self._run_one(name, said, call, past)
        for _ in range(MAX_STEPS):
            if following is None or following == LISTEN:
                return
            if following in self._script.flows.by_id:
                start_task(said, self._script, self._script.flows.by_id[following])
                return
            said.actions.append(following)
            then = await self._run_one(following, said, call, past)
            said.add(action_event(following, in_flow=False))
            following = then
        raise RuntimeError(f"the action {name!r} is followed by actions without an end")

    async def _run_one(
        self, name: str, said: Said, call: ActionCall, past: Sequence[Event]
    ) -> str | None:
        if name == REPEAT:
            self._repeat(said)
            return None
        if name in self._script.domain.responses:
            said.reply(self.say(name, said.state, call.channel))
            return None
        now = replace(call, state=said.state, events=(*past, *said.events))
        outcome = await self._runner.run(name, now)
        said.add(*outcome.events)
        for reply in outcome.replies:
            said.reply(reply)
        return outcome.followup

    def say(self, name: str, state: State, channel: str, **values: Any) -> BotMessage:
        """Fill a response; a pattern's context fills it, too, and adds its buttons."""
        context = dict(state.frame.context) if state.frame is not None else {}
        buttons = tuple(Button(**b) for b in context.pop("buttons", ()))
        filled = self._runner.say(
            name, state, channel=channel, **{**context, "context": context, **values}
        )
        return replace(filled, buttons=(*filled.buttons, *buttons))

    def _repeat(self, said: Said) -> None:
        replies: Iterable[Event] = said.state.earlier_replies
        if question_under_way(said.state, self._script) is not None:
            replies = said.state.earlier_replies[:-1]  # the flow asks again by itself
        for reply in replies:
            said.reply(message_of(reply["data"]))
