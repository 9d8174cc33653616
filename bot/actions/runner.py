"""Runs actions, in process or on an action server, and turns what they say into replies."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import rasa_sdk
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.actions.endpoint import ActionEndpoint
from bot.actions.errors import ActionError
from bot.actions.rasa_events import read_events
from bot.actions.reply_json import not_shown, reply_of
from bot.actions.tracker_json import ActionCall, tracker_json
from bot.dialogue.domain import Domain
from bot.dialogue.tracker import Event, State
from bot.messages import BotMessage

__all__ = ["ActionCall", "ActionOutcome", "ActionRunner"]

log = logging.getLogger("shopclerk")


@dataclass(frozen=True)
class ActionOutcome:
    """What an action did and said; `followup` names the action that it wants to run next."""

    events: tuple[Event, ...]
    replies: tuple[BotMessage, ...]
    followup: str | None = None


class ActionRunner:
    """Responses (`utter_…`) come from the domain, everything else from registered actions.

    Actions that the domain lists and that are not registered run on the action server, if there
    is one.
    """

    def __init__(
        self,
        actions: Iterable[Action],
        domain: Domain,
        words: Mapping[str, str],
        endpoint: ActionEndpoint | None = None,
    ) -> None:
        """`words` fill placeholders in every response: the shop's name, phone, hours."""
        self._executor = ActionExecutor()
        for action in actions:
            self._executor.register_action(action)
        self._domain = domain
        self._words = dict(words)
        self._endpoint = endpoint
        local = frozenset(self._executor.actions)
        listed = frozenset(domain.actions) - frozenset(domain.responses) - local
        self._remote = listed if endpoint is not None else frozenset()
        self.names: frozenset[str] = local | self._remote
        self._told: set[str] = set()

    @property
    def executor(self) -> ActionExecutor:
        """The rasa-sdk executor with the actions that run in process, for an action server."""
        return self._executor

    def say(self, name: str, state: State, /, *, channel: str = "", **values: Any) -> BotMessage:
        """Fill a response in the conversation's language."""
        return self._domain.say(
            name,
            language=str(state.slots.get("language") or "en"),
            channel=channel,
            values={**self._words, **state.slots, **values},
        )

    async def run(self, name: str, call: ActionCall) -> ActionOutcome:
        """Run one action or say one response.

        Raises:
            ActionError: there is no such action, it refused, it did what the bot cannot follow,
                or its server did not answer properly.
        """
        if name in self._domain.responses:
            return ActionOutcome((), (self.say(name, call.state, channel=call.channel),))
        result = await self._result(name, call)
        returned = read_events(name, result.events, call.state.slots, self._domain)
        spoken = (self._reply(name, said, call) for said in (*result.responses, *returned.said))
        replies = tuple(reply for reply in spoken if reply is not None)
        return ActionOutcome(returned.events, replies, returned.followup)

    async def _result(self, name: str, call: ActionCall) -> Any:
        """What the action returned: an object with `events` and `responses`."""
        payload = {
            "next_action": name,
            "sender_id": call.conversation_id,
            "tracker": tracker_json(name, call, self._domain),
            "domain": _with_own_forms(self._domain.raw),
            "version": rasa_sdk.__version__,
        }
        if self._endpoint is not None and name in self._remote:
            return await self._endpoint.call(payload)
        if name not in self.names:
            raise ActionError(
                f"there is no action {name!r}; write it in actions.py, or list it under actions: "
                "in domain.yml and have it run by an action server ([action_endpoint] in shop.toml)"
            )
        try:
            return await self._executor.run(payload)
        except ActionExecutionRejection as error:
            raise ActionError(f"action {name!r} refused to run: {error}") from error

    def _reply(self, name: str, said: Mapping[str, Any], call: ActionCall) -> BotMessage | None:
        if not_shown(said.get("custom")) and name not in self._told:
            self._told.add(name)
            log.warning("action %r sends custom JSON, which no page of the bot's shows", name)
        return reply_of(
            name,
            said,
            lambda response, values: self.say(response, call.state, channel=call.channel, **values),
        )


def _with_own_forms(domain: Mapping[str, Any]) -> dict[str, Any]:
    """The domain with lists of required slots that an action may change, as many do."""
    return {
        **domain,
        "forms": {
            name: {**form, "required_slots": list(form.get("required_slots") or ())}
            for name, form in (domain.get("forms") or {}).items()
        },
    }
