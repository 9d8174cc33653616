"""What a worker of the kill test does when the whole assistant takes its turns."""

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa_sdk import Action

import bot.dialogue
from bot.actions.runner import ActionRunner
from bot.assistant import Assistant
from bot.dialogue.domain_files import read_domain
from bot.dialogue.flow_checks import check_flows
from bot.dialogue.flow_files import read_flows
from bot.dialogue.script import Script, write_script
from bot.dialogue.thresholds import Thresholds
from bot.dialogue.tracker import Event, replay
from bot.messages import UserMessage
from bot.storage.turns import TurnQueue
from knowledge.index.search import Findings
from nlu.understanding import Entity, IntentRank, Understanding

PATTERNS = Path(bot.dialogue.__file__).parent / "patterns.yml"
DOMAIN = """\
slots:
  count: {type: float, initial_value: 0, mappings: [{type: controlled}]}
  size: {type: float, mappings: [{type: from_entity, entity: number}]}
  sure: {type: bool, mappings: [{type: from_intent, intent: affirm, value: true}]}
responses: {}
"""
SAID = (
    "nothing_said internal_error internal_error_alone hello ask_size ask_sure done corrected "
    "flow_cancelled nothing_to_cancel continue_interrupted cannot_handle ask_again clarify "
    "nothing_to_repeat restarted chitchat cannot_skip nothing_to_skip too_late_to_correct read_as "
    "still_there silence ask_contact_email"
).split()
FLOWS = """\
flows:
  order:
    nlu_trigger: [order]
    steps:
      - collect: size
      - collect: sure
        ask_before_filling: true
      - action: action_count
        metadata: {once: true}
      - action: utter_done
  hello:
    nlu_trigger: [greet]
    steps: [{action: utter_hello}]
"""
INTENTS = ("order", "number", "affirm", "stop", "greet", "number", "nothing", "affirm", "repeat")
"""What a message means, by its number: every order and mixture of them comes up."""


class Says(Action):
    """Stands for an action that is not reached, or not of interest."""

    def __init__(self, name: str) -> None:
        self._name = name

    def name(self) -> str:
        return self._name

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(text=self._name)
        return []


class Counts(Says):
    """Counts in a slot how often it ran."""

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        count = float(tracker.get_slot("count") or 0) + 1
        return [{"event": "slot", "name": "count", "value": count, "timestamp": None}]


class Understands:
    """Takes as long as a model, and tells that the turn has begun."""

    def __init__(self) -> None:
        self.begun: dict[str, Callable[[], None]] = {}

    async def understand(self, text: str) -> Understanding:
        self.begun.pop(text, lambda: None)()
        await asyncio.sleep(random.uniform(0, 0.015))
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        intent = INTENTS[sum(numbers) % len(INTENTS)] if numbers else "greet"
        number = (Entity("number", str(len(text)), "", 0, 0),) if intent == "number" else ()
        ranks = () if intent in ("number", "nothing") else (IntentRank(intent, 0.99),)
        words = {"affirm": "yes", "number": str(len(text))}.get(intent, intent)
        return Understanding(words, "en", ranks, intent == "nothing", 0.9, number)


class NoAnswers:
    """Knowledge that has nothing to say."""

    thresholds = Thresholds(0.6, 0.3, {"en": 0.5})

    def one_version(self) -> AbstractContextManager[None]:
        return nullcontext()

    async def prepare(self, text: str) -> None:
        pass

    def find(self, query: Any) -> Findings:
        return Findings()


def script() -> Script:
    with TemporaryDirectory() as folder:
        shop = Path(folder)
        said = "".join(f"  utter_{name}: [{{text: {name}}}]\n" for name in SAID)
        (shop / "domain.yml").write_text(DOMAIN.replace("responses: {}", f"responses:\n{said}"))
        (shop / "flows").mkdir()
        (shop / "flows" / "flows.yml").write_text(FLOWS)
        domain = read_domain(shop / "domain.yml", known_slots=OWN_SLOTS)
        own = read_domain(Path(bot.__file__).parent / "domain.yml")
        slots = {**own.slots, **domain.slots}
        known = frozenset({"action_count", "action_answer", "action_handover"})
        whole = type(domain)(slots, domain.responses, (), raw=domain.raw)
        return write_script(whole, read_flows(shop / "flows", PATTERNS), known)


OWN_SLOTS = ("contact_email", "requested_slot", "language", "handover_reason")


def whole_bot(queue: TurnQueue) -> Callable[[UserMessage, Callable[[], None]], Awaitable[None]]:
    """Turns of the real assistant, with everything but models and knowledge."""
    play = script()
    check_flows(play)
    hears = Understands()
    actions = [Counts("action_count"), Says("action_answer"), Says("action_handover")]
    runner = ActionRunner(actions, play.domain, {})
    assistant = Assistant(play, hears, NoAnswers(), runner, queue.store, queue=queue)  # type: ignore[arg-type]

    async def take(message: UserMessage, begun: Callable[[], None]) -> None:
        hears.begun[message.text] = begun
        turn = await assistant.handle(message)
        assert turn.messages or turn.joined

    return take


def is_whole(talk: Sequence[Event]) -> bool:
    """Whether every turn was answered and ended, and what was done was done as often as asked."""
    for _, turn in groupby(talk, key=lambda event: event["timestamp"]):
        kinds = [event["event"] for event in turn]
        if kinds[0] != "user" or kinds[-1] == "user" or "bot" not in kinds:
            return False
    done = sum(e["event"] == "action" and e["name"] == "action_count" for e in talk)
    return replay(talk).slots.get("count", 0) == done
