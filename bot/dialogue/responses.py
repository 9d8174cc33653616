"""Responses: what the bot says, in which of its wordings, with which values in it."""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from jinja2 import ChainableUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from bot.dialogue.conditions import Condition
from bot.errors import ConfigError
from bot.messages import BotMessage, Button

UNKNOWN = "–"
"""What stands for a value that is not known."""


@dataclass(frozen=True)
class SlotIs:
    """A condition in Rasa's older form: the slot has that value; texts regardless of case."""

    name: str
    value: Any

    def __call__(self, slots: Mapping[str, Any], context: Mapping[str, Any]) -> bool:
        """Whether it holds."""
        found = slots.get(self.name)
        if isinstance(found, str) and isinstance(self.value, str):
            return found.casefold() == self.value.casefold()
        same_kind = isinstance(found, bool) == isinstance(self.value, bool)
        return same_kind and bool(found == self.value)


@dataclass(frozen=True)
class Variation:
    """One wording of a response.

    `language` is its condition on the slot `language`; None fits every language. `channel` is the
    input channel that it is for; empty fits every one. All `conditions` must hold. `jinja`: the
    texts are Jinja templates, which read `slots` and `context`.
    """

    text: str = ""
    language: str | None = None
    buttons: tuple[Button, ...] = ()
    image: str = ""
    attachment: str = ""
    custom: Mapping[str, Any] = field(default_factory=dict)
    channel: str = ""
    conditions: tuple[SlotIs | Condition, ...] = ()
    jinja: bool = False

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether all conditions hold."""
        context = values.get("context") or {}
        return all(condition(values, context) for condition in self.conditions)

    def message(self, name: str, values: Mapping[str, Any]) -> BotMessage:
        """Fill the values in.

        Raises:
            ConfigError: a Jinja template that cannot be filled.
        """
        filled = _Filler(name, self.jinja, values).text
        text = filled(self.text)
        if self.attachment:
            link = filled(self.attachment)
            text = f"{text}\n\n[{link.rstrip('/').rsplit('/', 1)[-1]}]({link})".strip()
        return BotMessage(
            text,
            tuple(Button(filled(b.title), filled(b.payload)) for b in self.buttons),
            image=filled(self.image),
            response=name,
            custom=self.custom,
        )


def choose(
    variations: Sequence[Variation], *, language: str, channel: str, values: Mapping[str, Any]
) -> Variation | None:
    """Return one at random of the variations that fit best; None when none fits.

    The language comes first (its own, else none or English, else any), then, as in Rasa, those for
    the channel before those for all, and in each those with conditions before those without.
    """
    fitting = [v for v in variations if v.channel in ("", channel) and v.holds(values)]
    fitting = (
        [v for v in fitting if v.language == language]
        or [v for v in fitting if v.language in (None, "en")]
        or fitting
    )
    fitting = [v for v in fitting if v.channel] or fitting
    fitting = [v for v in fitting if v.conditions] or fitting
    return random.choice(fitting) if fitting else None


@dataclass(frozen=True)
class _Filler:
    name: str
    jinja: bool
    values: Mapping[str, Any]

    def text(self, source: str) -> str:
        if not self.jinja:
            return fill(source, self.values)
        slots = {name: value for name, value in self.values.items() if name != "context"}
        context = self.values.get("context") or {}
        try:
            return template(source).render({**slots, "slots": slots, "context": context}).strip()
        except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
            raise ConfigError(
                f"domain.yml: the template of response {self.name!r} cannot be filled ({error}); "
                "mend it under responses:"
            ) from error


_PLACEHOLDER = re.compile(r"\{([\w-]+)\}")
_ESCAPED = re.compile(r"(\{\{)|(\}\})|\{([\w-]+)\}")


def fill(text: str, values: Mapping[str, Any]) -> str:
    """Put values in for `{name}`, once: what looks like a placeholder in a value stays as it is.

    A value that is not known shows as a dash, never as its placeholder. As in Rasa, `{{` and `}}`
    stand for braces, as in `/inform{{"size": "{size}"}}`.
    """
    if "{{" not in text:
        return _PLACEHOLDER.sub(lambda match: shown(values.get(match[1])), text)

    def escaped(match: re.Match[str]) -> str:
        if match[3] is None:
            return match[0][0]
        return shown(values.get(match[3]))

    return _ESCAPED.sub(escaped, text)


def shown(value: Any) -> str:
    """Return a value as the shopper sees it: 20.0 as 20, a list without brackets."""
    if value is None:
        return UNKNOWN
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list | tuple):
        return ", ".join(shown(each) for each in value)
    return str(value)


class _Unknown(ChainableUndefined):
    """A name that a template asks for and nobody knows, with whatever is asked of it."""

    def __str__(self) -> str:
        return UNKNOWN


class _Environment(SandboxedEnvironment):
    def getattr(self, obj: Any, attribute: str) -> Any:
        """Read a slot named `items` or `values` as the slot, not as the mapping's method."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


@lru_cache(maxsize=1)
def _environment() -> _Environment:
    # replies are Markdown, not HTML; the templates are the shop's own, the values never are one
    return _Environment(autoescape=False, undefined=_Unknown, finalize=_finalize)


def _finalize(value: Any) -> Any:
    return value if isinstance(value, str | _Unknown) else shown(value)


@lru_cache(maxsize=4096)
def template(source: str) -> Template:
    """Return the compiled Jinja template.

    Raises:
        jinja2.TemplateSyntaxError: it is none.
    """
    return _environment().from_string(source)
