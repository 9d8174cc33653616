"""The domain: slots, responses, forms and actions of a shop. domain_files.py reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.responses import Variation, choose
from bot.dialogue.slots import Slot
from bot.dialogue.tracker import State
from bot.errors import ConfigError
from bot.messages import BotMessage


@dataclass(frozen=True)
class Form:
    """A Rasa form: slots asked one after another. No slot is filled by an ignored intent."""

    name: str
    required_slots: tuple[str, ...]
    ignored_intents: tuple[str, ...] = ()


@dataclass(frozen=True)
class SessionConfig:
    """When a pause begins a new session: minutes (0: never), and whether slots are kept then."""

    session_expiration_time: float = 60.0
    carry_over_slots_to_new_session: bool = True


@dataclass(frozen=True)
class Domain:
    """A shop's slots, responses, forms and own actions.

    `raw` is the same in Rasa's shape, as plain JSON values, for rasa-sdk actions.
    """

    slots: Mapping[str, Slot]
    responses: Mapping[str, tuple[Variation, ...]]
    actions: tuple[str, ...]
    forms: Mapping[str, Form] = field(default_factory=dict)
    intents: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    session_config: SessionConfig = SessionConfig()
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def start(self) -> State:
        """The state of a conversation that has only begun."""
        initial = {s.name: s.initial for s in self.slots.values() if s.initial is not None}
        return State(slots=initial)

    @property
    def every_turn(self) -> tuple[str, ...]:
        """The actions that fill slots on every turn, each once."""
        named = (m.action for slot in self.slots.values() for m in slot.mappings if m.action)
        return tuple(dict.fromkeys(named))

    def shown(self, slot: str, value: Any, language: str) -> Any:
        """A slot's value in the shopper's words: the title of the button that stands for it."""
        if isinstance(value, float) and value.is_integer():
            return int(value)
        known = self.slots.get(slot)
        if value is None or known is None or not known.values:
            return value
        asking = self.responses.get(f"utter_ask_{slot}", ())
        own = [v for v in asking if v.language == language] or asking
        titles = (b.title for v in own for b in v.buttons if b.payload == str(value))
        return next(titles, value)

    def say(
        self, name: str, *, language: str, values: Mapping[str, Any], channel: str = ""
    ) -> BotMessage:
        """Fill one variation of a response: the one that fits language, channel and slots best.

        Args:
            name: the response.
            language: the conversation's; conditions on the slot `language` read it.
            values: slots, context and what else placeholders name, and the context once more
                under `context`.
            channel: where the shopper writes from.

        Raises:
            ConfigError: no such response, or none of its variations fits.
        """
        variations = self.responses.get(name)
        if not variations:
            raise ConfigError(f"domain.yml: no response {name!r}; add it under responses:")
        known = {**values, "language": language}
        chosen = choose(variations, language=language, channel=channel, values=known)
        if chosen is None:
            raise ConfigError(
                f"domain.yml: no variation of response {name!r} fits (channel {channel!r}); "
                "add one without condition: and channel:"
            )
        choices = (n for n, slot in self.slots.items() if slot.values and n in known)
        shown = {n: self.shown(n, known[n], language) for n in choices}
        return chosen.message(name, {**known, **shown})
