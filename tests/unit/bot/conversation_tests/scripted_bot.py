"""A bot that plays events from a script, and short ways to write files, events and scripts."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

from bot.conversation_tests.format import Case, UserStep
from bot.conversation_tests.reading import read_cases
from bot.conversation_tests.runner import Copy
from bot.dialogue.tracker import Event, flow_event, slot_event, started_event
from bot.messages import Shopper, UserMessage

Events = list[dict[str, Any]]


def bot(text: str, response: str = "", *buttons: tuple[str, str]) -> dict[str, Any]:
    return {
        "event": "bot",
        "text": text,
        "data": {"buttons": [{"title": t, "payload": p} for t, p in buttons], "cards": ()},
        "metadata": {"utter_action": response} if response else {},
    }


def started(flow: str, step: str = "first", **context: Any) -> Event:
    return started_event(flow, step, "regular", context)


def slot(name: str, value: Any) -> Event:
    return slot_event(name, value)


def action(name: str) -> Event:
    return {"event": "action", "name": name, "in_flow": True}


def flow(event: str, name: str, step: str = "") -> Event:
    return flow_event(event, name, step)


@dataclass
class ScriptedBot:
    """Answers a text with the events of its script; keeps what it was told, and how."""

    script: Mapping[str, Sequence[Event]] = field(default_factory=dict)
    on_silence: Sequence[Event] = ()
    heard: list[UserMessage] = field(default_factory=list)
    silences: list[Shopper] = field(default_factory=list)
    kept: list[Event] = field(default_factory=list)

    async def handle(self, message: UserMessage) -> Any:
        self.heard.append(message)
        answer = self.script[message.text]
        self.kept += [{"event": "user", "text": message.text}, *answer]

    async def silence(self, conversation_id: str, shopper: Shopper) -> None:
        self.silences.append(shopper)
        self.kept += self.on_silence

    def events(self, conversation_id: str, shopper: Shopper) -> Sequence[Event]:
        return tuple(self.kept)

    def append(self, conversation_id: str, shopper: Shopper, events: Sequence[Event]) -> None:
        self.kept += events

    @property
    def copy(self) -> Copy:
        return Copy(self, self)

    @contextmanager
    def open(self, case: Case) -> Iterator[Copy]:
        """A bot of the same script that has heard nothing."""
        yield ScriptedBot(self.script, self.on_silence).copy


def cases_of(folder: Path, text: str, name: str = "chat.yml") -> tuple[Case, ...]:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(dedent(text), encoding="utf-8")
    return read_cases(file)


def case_of(folder: Path, steps: str, more: str = "") -> Case:
    """The one case of a file with these steps, and what else stands at its top."""
    body = dedent(steps).strip().replace("\n", "\n      ")
    text = f"{dedent(more)}\ntest_cases:\n  - test_case: it\n    steps:\n      {body}\n"
    return cases_of(folder, text)[0]


def step_of(folder: Path, steps: str) -> UserStep:
    return case_of(folder, steps).steps[0]
