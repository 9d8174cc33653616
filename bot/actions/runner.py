"""Runs rasa-sdk actions in process and turns what they say into replies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor

from bot.actions.session import session_metadata
from bot.dialogue.domain import Domain
from bot.dialogue.tracker import Event, State
from bot.errors import ConfigError
from bot.messages import BotMessage, Button, Card, Citation, Shopper
from nlu.understanding import Understanding


@dataclass(frozen=True)
class ActionCall:
    """The conversation as an action sees it."""

    conversation_id: str
    shopper: Shopper
    state: State
    understanding: Understanding


class ActionRunner:
    """Responses (`utter_…`) come from the domain, everything else from registered actions."""

    def __init__(self, actions: Iterable[Action], domain: Domain, words: Mapping[str, str]) -> None:
        """`words` fill placeholders in every response: the shop's name, phone, hours."""
        self._executor = ActionExecutor()
        self._names = []
        for action in actions:
            self._executor.register_action(action)
            self._names.append(action.name())
        self._domain = domain
        self._words = dict(words)

    @property
    def executor(self) -> ActionExecutor:
        """The rasa-sdk executor, for an action server."""
        return self._executor

    def check(self, names: Iterable[str]) -> None:
        """Refuse names that nothing stands behind.

        Raises:
            ConfigError: a flow names an action or response that does not exist.
        """
        for name in names:
            if name not in self._names and name not in self._domain.responses:
                raise ConfigError(
                    f"flows/: {name!r} is neither an action nor a response; add it to domain.yml "
                    f"under responses:, or use one of the actions {', '.join(self._names)}"
                )

    def say(self, name: str, state: State, /, **values: Any) -> BotMessage:
        """Fill a response in the conversation's language."""
        language = str(state.slots.get("language") or "en")
        return self._domain.say(name, language, {**self._words, **state.slots, **values})

    async def run(self, name: str, call: ActionCall) -> tuple[list[Event], list[BotMessage]]:
        """Run one action; return its events and replies in order."""
        if name in self._domain.responses:
            return [], [self.say(name, call.state)]
        result = await self._executor.run(
            {
                "next_action": name,
                "sender_id": call.conversation_id,
                "tracker": _tracker(call),
                "domain": {},
            }
        )
        if result is None:
            raise ConfigError(f"there is no action {name!r}")
        return list(result.events), [self._reply(r, call.state) for r in result.responses]

    def _reply(self, response: dict[str, Any], state: State) -> BotMessage:
        standard = {
            "text",
            "buttons",
            "elements",
            "custom",
            "template",
            "response",
            "image",
            "attachment",
        }
        extra = {k: v for k, v in response.items() if k not in standard}
        named = response.get("response")
        base = self.say(named, state, **extra) if named else BotMessage(response.get("text") or "")
        custom = response.get("custom") or {}
        buttons = tuple(Button(b["title"], b["payload"]) for b in response.get("buttons") or ())
        return BotMessage(
            text=base.text,
            buttons=buttons or base.buttons,
            cards=tuple(Card(**e) for e in response.get("elements") or ()),
            citations=tuple(Citation(**c) for c in custom.get("citations", ())),
            image=response.get("image") or base.image,
        )


def _tracker(call: ActionCall) -> dict[str, Any]:
    heard = call.understanding
    return {
        "sender_id": call.conversation_id,
        "slots": dict(call.state.slots),
        "latest_message": {
            "text": heard.text,
            "intent": {"name": heard.top.name, "confidence": heard.top.probability},
            "intent_ranking": [
                {"name": r.name, "confidence": r.probability} for r in heard.likeliest
            ],
            "entities": [
                {
                    "entity": e.name, "value": e.value, "start": e.start, "end": e.end,
                    "role": e.role, "group": e.group,
                }
                for e in heard.entities
            ],
            "metadata": {"session": session_metadata(call.shopper)},
        },
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
        "stack": [{"flow_id": f.flow, "step_id": f.step} for f in call.state.stack],
    }
