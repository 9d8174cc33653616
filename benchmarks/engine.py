"""A turn without models: the dialogue engine alone, and a whole turn with its database.

    python benchmarks/engine.py [--shop bot/demo] [--repeats 200] [--out FILE.json]

`engine` is what is pure: new events replayed, the message interpreted, the flows moved on, in
conversations that had 1, 10 and 50 turns before; `replay_all` is what a process does once for a
conversation that it hasn't seen. `turn` is Assistant.handle on
an SQLite file, with actions that only say their names. Understandings and search are scripted.
"""

import argparse
import asyncio
import gc
import json
import os
import platform
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402  the repo's root comes first
from rasa_sdk import Action  # noqa: E402

from bot.actions.answer import ActionAnswer  # noqa: E402
from bot.actions.runner import ActionRunner  # noqa: E402
from bot.actions.shop_actions import load_shop_actions  # noqa: E402
from bot.answers import Answers  # noqa: E402
from bot.assistant import Assistant  # noqa: E402
from bot.dialogue.beginning import begin  # noqa: E402
from bot.dialogue.engine import BUILTIN, Ask, Listen, RunAction, advance, wake  # noqa: E402
from bot.dialogue.flow_checks import REPEAT  # noqa: E402
from bot.dialogue.interpret import interpret  # noqa: E402
from bot.dialogue.script import Script, write_script  # noqa: E402
from bot.dialogue.thresholds import Thresholds  # noqa: E402
from bot.dialogue.tracker import Event, action_event, replay, slot_event, user_event  # noqa: E402
from bot.live import Live  # noqa: E402
from bot.messages import BotMessage, Shopper, UserMessage  # noqa: E402
from bot.shop import ShopFiles, read_shop  # noqa: E402
from bot.states import States  # noqa: E402
from bot.storage.conversations import ConversationStore  # noqa: E402
from bot.storage.database import open_database  # noqa: E402
from bot.trace import judgement, parse_data  # noqa: E402
from knowledge.entries import Entry, Hit, Source  # noqa: E402
from knowledge.index.search import Findings  # noqa: E402
from nlu.understanding import Entity, IntentRank, Understanding  # noqa: E402

THRESHOLDS = Thresholds(0.6, 0.3, {"en": 0.5, "zh": 0.5})
TURNS_BEFORE = (1, 10, 50)
SAID: tuple[tuple[str, str, float], ...] = (
    ("hello", "greet", 0.95),
    ("where is my order 4005?", "track_order", 0.95),
    ("how long does delivery take?", "delivery_period", 0.9),
    ("i want to make a complaint", "complaint", 0.9),
    ("yes please", "affirm", 0.9),
    ("delivry", "chitchat", 0.2),
    ("the parcel was two weeks late and nobody told me anything", "complaint", 0.4),
    ("how long does delivery take?", "delivery_period", 0.9),
    ("我的订单到哪了？", "track_order", 0.9),
    ("asdf qwer", "chitchat", 0.1),
    ("sorry, it's about service", "chitchat", 0.3),
    ("skip", "skip", 0.8),
    ("never mind", "stop", 0.9),
    ("cancel my order", "cancel_order", 0.9),
    ("who will win the election", "chitchat", 0.15),
    ("order or refund", "track_order", 0.4),
    ("a person please", "contact_human_agent", 0.95),
    ("me@example.org", "chitchat", 0.2),
    ("thanks", "thank_you", 0.95),
    ("say that again", "repeat", 0.9),
)
"""What shoppers say, with the intent and its probability that a model might find in it."""

MADE: Mapping[str, Mapping[str, Any]] = {"action_check_cancellation": {"cancellation": "ask"}}
"""The slots that actions fill."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shop", type=Path, default=ROOT / "bot" / "demo")
    parser.add_argument("--repeats", type=int, default=200)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    files = read_shop(arguments.shop)
    result: dict[str, Any] = {
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores",
        "load": round(os.getloadavg()[0], 1),
        "engine": {},
        "turn": {},
    }
    script = _script(files)
    gc.freeze()
    for turns in TURNS_BEFORE:
        result["engine"][f"{turns}_turns_before"] = _engine(script, turns, arguments.repeats)
    for turns in TURNS_BEFORE:
        repeats = max(1, arguments.repeats // 10)
        found = asyncio.run(_turns(files, script.actions, turns, repeats))
        result["turn"][f"{turns}_turns_before"] = _latency(found)
    text = json.dumps(result, indent=2)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n", encoding="utf-8")


def _script(files: ShopFiles) -> Script:
    steps = [s for flow in files.flows.by_id.values() for s in flow.steps.values()]
    named = {s.name for s in steps if s.kind == "action"} - {*files.domain.responses, *BUILTIN}
    shops = {action.name() for action in load_shop_actions(files.folder)}
    return write_script(files.domain, files.flows, frozenset((named | shops) - {REPEAT}))


def _understood(text: str, intent: str, probability: float) -> Understanding:
    patterns = (("order_number", "4005"), ("email", "me@example.org"))
    found = (
        Entity(name, value, value, text.index(value), text.index(value) + len(value))
        for name, value in patterns
        if value in text
    )
    others = (IntentRank("help", 0.04), IntentRank("track_refund", 0.03))
    ranks = (IntentRank(intent, probability), *others)
    unclear = probability < 0.3
    language = "en" if text.isascii() else "zh"
    return Understanding(text, language, ranks, unclear, 0.1 if unclear else 0.9, tuple(found))


UNDERSTOOD = {said[0]: _understood(*said) for said in SAID}


def _found(text: str) -> Findings:
    if "delivery take" not in text:
        return Findings()
    entry = Entry(
        "delivery-period", "en", "How long does delivery take?", "Three days.",
        Source("faq/delivery.md", 3), intent="delivery_period",
    )  # fmt: skip
    hit = Hit(entry, 1.0, 0.9, 0.5, 0.5, "delivery-period")
    return Findings((hit,), hit)


# --- the engine alone


@dataclass
class _Conversation:
    """Events as the assistant keeps them, and how long each part of a turn took, in seconds."""

    script: Script
    events: list[Event] = field(default_factory=list)
    states: States = field(init=False)

    def __post_init__(self) -> None:
        self.states = States(self.script.domain.start())

    def turn(self, text: str) -> dict[str, float]:
        """Take one turn; return the seconds that its parts took."""
        # A process that took the turn before knows the state at that one's beginning.
        last = max((i for i, e in enumerate(self.events) if e["event"] == "user"), default=0)
        self.states.after("c", self.events[:last])
        began = time.perf_counter()
        replay(self.events, self.script.domain.start())
        marks = [time.perf_counter()]
        state = self.states.after("c", self.events)
        marks.append(time.perf_counter())
        heard = UNDERSTOOD[text]
        said_by = user_event(text, parse_data(heard), "rest")
        new: list[Event] = [said_by, slot_event("language", heard.language)]
        state = replay(new, state)
        woken = wake(state, self.script)
        state = replay(woken, state)
        found = _found(text)
        marks.append(time.perf_counter())
        decision = interpret(heard, found, state, script=self.script, thresholds=THRESHOLDS)
        marks.append(time.perf_counter())
        said = (judgement(decision, heard, None), *begin(state, decision.commands, self.script))
        new += [*woken, *said]
        state = replay(said, state)
        for _ in range(50):
            moved, effect = advance(state, self.script)
            more = [*moved, *_done(effect)]
            new += more
            state = replay(more, state)
            if isinstance(effect, Ask | Listen):
                break
        marks.append(time.perf_counter())
        self.events += json.loads(json.dumps(new))  # as they come back from the database
        replayed, heard_s, interpreted, moved_on = (b - a for a, b in pairwise(marks))
        return {
            "replay_all": marks[0] - began,
            "replay": replayed,
            "interpret": interpreted,
            "flows": heard_s + moved_on,
            "all": marks[-1] - marks[0],
        }


def _done(effect: RunAction | Ask | Listen) -> list[Event]:
    """What an action or a response leaves behind."""
    if isinstance(effect, Listen):
        return []
    message = BotMessage("Shall I look that up for you?", response=effect.name)
    said: Event = {
        "event": "bot",
        "text": message.text,
        "data": asdict(message),
        "metadata": {"utter_action": effect.name},
    }
    made = [slot_event(name, value) for name, value in MADE.get(effect.name, {}).items()]
    in_flow = isinstance(effect, RunAction) and effect.in_flow
    return [said, *made, action_event(effect.name, in_flow=in_flow)]


def _engine(script: Script, turns: int, repeats: int) -> dict[str, Any]:
    """Time the turn after so many, whatever is said in it."""
    texts = [text for text, _, _ in SAID]
    before = _Conversation(script)
    for text in islice(cycle(texts), turns):
        before.turn(text)
    times: dict[str, list[float]] = defaultdict(list)
    for repeat in range(repeats):
        for text in texts:
            parts = _Conversation(script, list(before.events)).turn(text)
            for name, seconds in parts.items() if repeat else ():  # the first round warms up
                times[name].append(seconds * 1000)
    return {
        "events_before": len(before.events),
        **_latency(times["all"]),
        "p50_ms_of": {n: round(statistics.median(t), 4) for n, t in times.items() if n != "all"},
    }


# --- a turn with its database


class _Says(Action):
    """Says its name."""

    def __init__(self, name: str) -> None:
        self._name = name

    def name(self) -> str:
        return self._name

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(text=f"({self._name})")
        return [dict(slot_event(n, value)) for n, value in MADE.get(self._name, {}).items()]


class _Understander:
    async def understand(self, text: str) -> Understanding:
        return UNDERSTOOD[text]


class _Index:
    def consult(self, query: str, **_: Any) -> Findings:
        return _found(query)


@dataclass(eq=False)
class _Known:
    index: _Index
    thresholds: Thresholds = THRESHOLDS
    links: Mapping[str, str] = field(default_factory=dict)


async def _no_vector(text: str) -> Any:
    return np.zeros(1, np.float32)


def _assistant(files: ShopFiles, names: frozenset[str], folder: Path) -> Assistant:
    answers = Answers(Live(_Known(_Index())), _no_vector)
    shops = {action.name(): action for action in load_shop_actions(files.folder)}
    own = {name: _Says(name) for name in names}
    actions = {**own, **shops, "action_answer": ActionAnswer(answers)}
    runner = ActionRunner(actions.values(), files.domain, files.words)
    script = write_script(files.domain, files.flows, runner.names)
    store = ConversationStore(open_database("sqlite:///bench.db", folder))
    return Assistant(script, _Understander(), answers, runner, store)


async def _turns(
    files: ShopFiles, names: frozenset[str], turns: int, repeats: int
) -> Sequence[float]:
    """Time the turn after so many, whatever is said in it; in milliseconds."""
    texts = [text for text, _, _ in SAID]
    times = []
    with TemporaryDirectory() as folder:
        assistant = _assistant(files, names, Path(folder))
        for repeat in range(repeats):
            for place in range(len(texts) if turns < 50 else 4):
                shopper = Shopper(f"{repeat}-{place}")
                said = list(islice(cycle(texts[place:] + texts[:place]), turns + 1))
                for i, text in enumerate(said):
                    message = UserMessage(shopper.session_id, text, shopper, channel="test")
                    started = time.perf_counter()
                    turn = await assistant.handle(message)
                    if i == turns:
                        times.append((time.perf_counter() - started) * 1000)
                    if not turn.messages or turn.trace.decision == "internal error":
                        raise SystemExit(f"the turn {text!r} failed: {turn}")
    return times


def _latency(milliseconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(milliseconds)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 3)

    return {"turns": len(ordered), "p50_ms": at(0.5), "p95_ms": at(0.95), "p99_ms": at(0.99)}


if __name__ == "__main__":
    main()
