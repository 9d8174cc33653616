"""Which tests run, and names that the shop does not have."""

from pathlib import Path

import pytest
from scripted_bot import case_of

from bot.conversation_tests.checking import check_names
from bot.conversation_tests.selection import choose
from bot.dialogue.domain import Domain
from bot.dialogue.flows import Flow, Flows, Step
from bot.dialogue.script import Script
from bot.errors import ConfigError


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop" / "tests" / "conversations"
    (folder / "orders").mkdir(parents=True)
    for name, cases in (("chat.yml", ("Greets", "parts")), ("orders/track.yaml", ("Tracks",))):
        entries = "".join(
            f"  - {{test_case: {case}, fixtures: [vip], steps: [{{user: hi}}]}}\n" for case in cases
        )
        (folder / name).write_text(f"test_cases:\n{entries}", encoding="utf-8")
    (folder / "conftest.yml").write_text("fixtures: [{vip: {tier: gold}}]\n", encoding="utf-8")
    (folder / "orders" / "conftest.yml").write_text(
        "fixtures: [{vip: {tier: silver}}]\n", encoding="utf-8"
    )
    return tmp_path / "shop"


def test_without_a_choice_the_shops_folder_is_read(shop: Path) -> None:
    cases = choose(shop, ())
    assert [c.name for c in cases] == ["Greets", "parts", "Tracks"]
    assert [c.slots["tier"] for c in cases] == ["gold", "gold", "silver"]  # the nearest conftest


@pytest.mark.parametrize(
    ("wanted", "like", "names"),
    [
        (["chat.yml"], "", ["Greets", "parts"]),
        (["chat.yml::parts"], "", ["parts"]),
        (["orders", "chat.yml::parts"], "", ["Tracks", "parts"]),
        (["chat.yml", "chat.yml::parts"], "", ["Greets", "parts"]),
        ([], "GREET", ["Greets"]),
        ([], "track.yaml", ["Tracks"]),
        (["chat.yml"], "tracks", []),
    ],
)
def test_files_folders_and_single_cases(
    shop: Path, wanted: list[str], like: str, names: list[str]
) -> None:
    folder = shop / "tests" / "conversations"
    found = choose(shop, [str(folder / w) for w in wanted], like)
    assert [c.name for c in found] == names


def test_a_shop_without_the_folder_has_no_conversations(tmp_path: Path) -> None:
    assert choose(tmp_path, ()) == ()


def test_unknown_files_and_cases_are_refused_together(shop: Path) -> None:
    chat = shop / "tests" / "conversations" / "chat.yml"
    with pytest.raises(ConfigError) as caught:
        choose(shop, [str(shop / "no.yml"), f"{chat}::Greet"])
    told = str(caught.value)
    assert "no.yml: there is no such file or folder" in told
    assert "no test case is called 'Greet'; there are:\n  Greets\n  parts" in told


def _script() -> Script:
    steps = {
        "ask": Step("ask", "collect", (), "email"),
        "do": Step("do", "action", (), "action_do"),
    }
    flow = Flow("track", "", "", (), {}, "ask", steps, frozenset())
    domain = Domain(slots={"email": None}, responses={"utter_greet": ()}, actions=("action_far",))  # type: ignore[dict-item]
    return Script(domain, Flows({"track": flow}), frozenset({"action_near"}))


KNOWN = [
    "- utter: utter_greet",
    "- slot_was_set: [email, language]",
    "  assertions: [{flow_completed: {flow_id: track, flow_step_id: ask}}]",
    "  assertions: [{flow_completed: {flow_id: track, flow_step_id: END}}]",
    *(
        f"  assertions: [{{action_executed: {name}}}]"
        for name in ("action_near", "action_far", "action_do", "utter_greet")
    ),
]
UNKNOWN = [
    ("- utter: utter_gret", "no response 'utter_gret'; did you mean 'utter_greet'?"),
    ("- slot_was_not_set: mail", "no slot 'mail'; did you mean 'email'?"),
    ("  assertions: [{flow_started: x}]", "no flow 'x'; correct the name"),
    ("  assertions: [{flow_cancelled: {flow_id: tracks}}]", "no flow 'tracks'"),
    (
        "  assertions: [{flow_completed: {flow_id: track, flow_step_id: asks}}]",
        "no step of flow 'track' 'asks'; did you mean 'ask'?",
    ),
    ("  assertions: [{action_executed: action_fa}]", "no action 'action_fa'"),
    ("  assertions: [{bot_did_not_utter: {utter_name: utter_x}}]", "no response 'utter_x'"),
]


@pytest.mark.parametrize("steps", KNOWN)
def test_names_of_the_shop_are_fine(tmp_path: Path, steps: str) -> None:
    check_names([case_of(tmp_path, f"- user: hi\n{steps}")], _script())


@pytest.mark.parametrize(("steps", "problem"), UNKNOWN)
def test_names_that_the_shop_lacks_are_refused(tmp_path: Path, steps: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_names([case_of(tmp_path, f"- user: hi\n{steps}")], _script())
    assert problem in str(caught.value)
    assert f"{tmp_path / 'chat.yml'}:6:" in str(caught.value)


def test_stubs_and_fixtures_are_checked(tmp_path: Path) -> None:
    more = "fixtures: [{vip: {tier: gold}}]\nstub_custom_actions: {action_of: {}}"
    case = case_of(tmp_path, "- user: hi", more)
    with pytest.raises(ConfigError, match="stub the shop has no action 'action_of'"):
        check_names([case], _script())
