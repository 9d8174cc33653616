"""Running actions: in process, on an action server, and responses of the domain."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from action_calls import call_of, shop_domain
from rasa_sdk import Action
from rasa_sdk.events import BotUttered, FollowupAction, SlotSet
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.actions.endpoint import ActionEndpoint
from bot.actions.endpoint_answer import ActionResult
from bot.actions.errors import ActionError
from bot.actions.runner import ActionRunner
from bot.dialogue.domain import Domain
from bot.dialogue.tracker import slot_event, user_event
from bot.errors import ConfigError
from bot.messages import Button

Run = Callable[[Any, Any, Any], Any]
WORDS = {"shop_name": "Fern & Field"}


@pytest.fixture
def domain(tmp_path: Path) -> Domain:
    return shop_domain(tmp_path)


class Does(Action):
    """An action that does what a test says."""

    def __init__(self, run: Run, name: str = "action_x") -> None:
        self._run = run
        self._name = name

    def name(self) -> str:
        return self._name

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        return self._run(dispatcher, tracker, domain)


def says(**said: Any) -> Run:
    return lambda dispatcher, tracker, domain: dispatcher.utter_message(**said)


class Server(ActionEndpoint):
    """An action server that answers what it is told, and keeps what it was asked."""

    def __init__(self, answer: ActionResult) -> None:
        self.answer = answer
        self.asked: list[Mapping[str, Any]] = []

    async def call(self, payload: Mapping[str, Any]) -> ActionResult:
        self.asked.append(payload)
        return self.answer


async def test_replies_events_and_what_follows(domain: Domain) -> None:
    def run(dispatcher: Any, tracker: Any, _: Any) -> list[Any]:
        dispatcher.utter_message(text=f"Hello {tracker.sender_id}")
        dispatcher.utter_message(response="utter_booked", day="Monday")
        return [SlotSet("phone", "1"), BotUttered("Bye"), FollowupAction("action_y")]

    runner = ActionRunner([Does(run)], domain, WORDS)
    outcome = await runner.run("action_x", call_of(slots={"num_people": 4}))
    assert outcome.events == (slot_event("phone", "1"),)
    assert [(r.text, r.response) for r in outcome.replies] == [
        ("Hello c1", ""),
        ("A table for 4 at Fern & Field, Monday.", "utter_booked"),
        ("Bye", ""),
    ]
    assert outcome.followup == "action_y"


async def test_an_action_may_return_nothing(domain: Domain) -> None:
    runner = ActionRunner([Does(lambda *_: None)], domain, {})
    outcome = await runner.run("action_x", call_of())
    assert (outcome.events, outcome.replies, outcome.followup) == ((), (), None)


async def test_a_response_is_said_without_an_action(domain: Domain) -> None:
    runner = ActionRunner([], domain, WORDS)
    outcome = await runner.run("utter_booked", call_of(slots={"num_people": 2, "day": "today"}))
    [reply] = outcome.replies
    assert reply.text == "A table for 2 at Fern & Field, today."
    assert reply.buttons == (Button("Fine", "/affirm"),)
    assert (reply.response, outcome.events) == ("utter_booked", ())


def test_values_that_are_given_come_before_slots_and_words(domain: Domain) -> None:
    runner = ActionRunner([], domain, {**WORDS, "day": "someday"})
    state = call_of(slots={"num_people": 2}).state
    said = runner.say("utter_booked", state, num_people=3, shop_name="Moss")
    assert said.text == "A table for 3 at Moss, someday."


async def test_an_action_gets_the_domain_in_rasas_shape(domain: Domain) -> None:
    seen: list[Any] = []
    runner = ActionRunner([Does(lambda _d, _t, given: seen.append(given))], domain, {})
    await runner.run("action_x", call_of())
    assert seen[0]["forms"]["table_form"]["required_slots"] == ["cuisine", "num_people"]
    assert seen[0]["slots"]["num_people"]["mappings"] == [
        {"type": "from_entity", "entity": "number"}
    ]
    assert seen[0]["responses"]["utter_booked"][0]["text"].startswith("A table for")


async def test_what_an_action_does_to_its_tracker_ends_with_it(domain: Domain) -> None:
    def run(_: Any, tracker: Any, given: Any) -> None:
        tracker.slots["phone"] = "1"
        tracker.get_slot("basket").append("tent")
        tracker.events.append(SlotSet("phone", "1"))
        given["forms"]["table_form"]["required_slots"].clear()

    runner = ActionRunner([Does(run)], domain, {})
    call = call_of(user_event("hi", {}, "rest"), slots=domain.start().slots)
    await runner.run("action_x", call)
    assert call.state.slots == {"language": "en", "basket": []}
    assert len(call.events) == 1
    assert domain.start().slots["basket"] == []
    assert domain.raw["forms"]["table_form"]["required_slots"] == ["cuisine", "num_people"]


def reject(*_: Any) -> Any:
    raise ActionExecutionRejection("action_x", "no stock")


@pytest.mark.parametrize(
    ("name", "run", "error", "what"),
    [
        ("action_y", says(text="x"), ActionError, "there is no action 'action_y'; write it in"),
        ("action_remote", says(text="x"), ActionError, r"\[action_endpoint\] in shop.toml"),
        ("action_x", reject, ActionError, "'action_x' refused to run: no stock"),
        ("action_x", says(response="utter_none"), ConfigError, "no response 'utter_none'"),
        ("action_x", says(buttons=[{}]), ActionError, "a button without a title"),
        ("action_x", lambda *_: [{"event": "undo"}], ActionError, "returned the event 'undo'"),
    ],
)
async def test_errors_name_the_action_and_the_remedy(
    name: str, run: Run, error: type[Exception], what: str, domain: Domain
) -> None:
    with pytest.raises(error, match=what):
        await ActionRunner([Does(run)], domain, {}).run(name, call_of())


async def test_custom_json_that_no_page_shows_is_told_once(
    domain: Domain, caplog: pytest.LogCaptureFixture
) -> None:
    runner = ActionRunner([Does(says(text="A", json_message={"colour": "green"}))], domain, {})
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            [reply] = (await runner.run("action_x", call_of())).replies
            assert reply.text == "A"
    assert [r.getMessage() for r in caplog.records] == [
        "action 'action_x' sends custom JSON, which no page of the bot's shows"
    ]


async def test_a_server_runs_what_the_domain_lists_and_nobody_here_has(domain: Domain) -> None:
    answer = ActionResult(
        (SlotSet("phone", "1"), FollowupAction("action_x")),
        ({"text": "Hello"}, {"response": "utter_booked", "day": "now"}),
    )
    server = Server(answer)
    here = [Does(says(text="here"), name) for name in ("action_x", "validate_table_form")]
    runner = ActionRunner(here, domain, WORDS, server)
    assert runner.names == {"action_x", "validate_table_form", "action_remote"}

    outcome = await runner.run("action_remote", call_of(slots={"num_people": 4}))
    assert outcome.events == (slot_event("phone", "1"),)
    assert [r.text for r in outcome.replies] == ["Hello", "A table for 4 at Fern & Field, now."]
    assert outcome.followup == "action_x"
    [asked] = server.asked
    assert asked["next_action"] == "action_remote"
    assert asked["sender_id"] == asked["tracker"]["sender_id"] == "c1"
    assert asked["domain"]["actions"] == list(domain.actions)
    assert asked["version"].startswith("3.")

    assert [r.text for r in (await runner.run("action_x", call_of())).replies] == ["here"]
    assert len(server.asked) == 1


def test_without_a_server_only_registered_actions_can_run(domain: Domain) -> None:
    runner = ActionRunner([Does(says(text="x"))], domain, {})
    assert runner.names == {"action_x"}
    assert set(runner.executor.actions) == {"action_x"}
