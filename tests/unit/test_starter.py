import importlib
import pkgutil
import tomllib
from pathlib import Path

import pytest
from rasa_sdk import Action
from typer.testing import CliRunner

import bot.actions
import bot.cli.init  # it adds its command to the app
from bot.actions.shop_actions import load_shop_actions
from bot.cli.base import DEMO, app
from bot.cli.init import STARTER
from bot.dialogue.flow_checks import check_flows
from bot.dialogue.script import write_script
from bot.settings import Settings
from bot.shop import ShopFiles, read_shop
from knowledge.entries import Content
from knowledge.formats.folder import load_folder
from knowledge.formats.questions import load_questions
from nlu.language import normalise
from nlu.rasa_format import TrainingData, read_training_data

WITHOUT_FLOW = {"stop", "restart", "repeat", "out_of_scope"}


@pytest.fixture(scope="module", params=[STARTER, DEMO], ids=["starter", "demo"])
def folder(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture(scope="module")
def shop(folder: Path) -> ShopFiles:
    return read_shop(folder)


@pytest.fixture(scope="module")
def content(folder: Path) -> Content:
    return load_folder(folder / "knowledge")


@pytest.fixture(scope="module")
def training(folder: Path) -> TrainingData:
    return read_training_data(folder / "nlu")


@pytest.fixture(scope="module")
def intents(training: TrainingData) -> set[str]:
    return {example.intent for example in training.examples}


@pytest.fixture(scope="module")
def actions() -> set[str]:
    for module in pkgutil.iter_modules(bot.actions.__path__):
        if module.name != "action_server":
            importlib.import_module(f"bot.actions.{module.name}")
    own = [c for c in Action.__subclasses__() if c.__module__.startswith("bot.actions.")]
    return {c.__new__(c).name() for c in own}


def files(folder: Path) -> dict[str, bytes]:
    """The files that a person owns: what the bot made itself doesn't count."""
    found = (p for p in folder.rglob("*") if p.is_file())
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in found
        if not {".shopclerk", "__pycache__"} & set(p.relative_to(folder).parts)
    }


@pytest.mark.parametrize("exists", [False, True], ids=["new folder", "empty folder"])
def test_init_writes_a_shop(tmp_path: Path, exists: bool) -> None:
    target = tmp_path / "shop"
    if exists:
        target.mkdir()
    result = CliRunner().invoke(app, ["init", str(target)])
    assert result.exit_code == 0, result.output
    assert files(target) == files(STARTER)
    assert {"shop.toml", "domain.yml", "README.md"} <= set(files(target))
    for name in files(target):
        assert name in result.output
    assert read_shop(target).settings.shop.name == "My shop"


@pytest.mark.parametrize("taken", ["folder", "file"])
def test_init_overwrites_nothing(tmp_path: Path, taken: str) -> None:
    target = tmp_path / "shop"
    kept = target / "shop.toml" if taken == "folder" else target
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("mine")
    result = CliRunner().invoke(app, ["init", str(target)])
    assert result.exit_code == 1
    assert "name another one" in " ".join(result.output.split())
    assert kept.read_text() == "mine"
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [kept]


def test_flows_name_only_what_exists(shop: ShopFiles, actions: set[str]) -> None:
    own = {action.name() for action in load_shop_actions(shop.folder)}
    check_flows(write_script(shop.domain, shop.flows, frozenset(actions | own)))


def test_what_starts_flows_or_fills_slots_is_taught(shop: ShopFiles, intents: set[str]) -> None:
    pressed = {
        button.payload.removeprefix("/")
        for variations in shop.domain.responses.values()
        for variation in variations
        for button in variation.buttons
        if button.payload.startswith("/")
    }
    filling = {
        name for slot in shop.domain.slots.values() for m in slot.mappings for name in m.intents
    }
    # "skip" is recognised by its words alone; a shop may teach it as an intent, too.
    assert (set(shop.flows.by_intent) | pressed | filling) - intents == {"skip"}


def test_each_entry_has_a_taught_intent(content: Content, intents: set[str]) -> None:
    assert {(e.id, e.intent) for e in content.entries if e.intent not in intents} == set()


def test_each_intent_leads_somewhere(shop: ShopFiles, content: Content, intents: set[str]) -> None:
    answered = {e.intent for e in content.entries}
    assert intents - answered - set(shop.flows.by_intent) - WITHOUT_FLOW == set()


def test_each_faq_entry_is_there_in_both_languages(content: Content) -> None:
    ids = {
        language: {e.id for e in content.entries if (e.kind, e.language) == ("faq", language)}
        for language in ("en", "zh")
    }
    assert ids["en"]
    assert ids["en"] == ids["zh"]


def test_the_demos_policy_passages_have_the_same_ids_in_both_languages() -> None:
    ids = {
        language: {e.id for e in load_folder(DEMO / "knowledge").entries
                   if (e.kind, e.language) == ("policy", language)}
        for language in ("en", "zh")
    }  # fmt: skip
    assert ids["en"]
    assert ids["en"] == ids["zh"]


def test_questions_name_topics_that_exist(
    folder: Path, content: Content, intents: set[str]
) -> None:
    questions = load_questions(folder / "tests" / "questions.yml")
    known = intents - {"out_of_scope"} | {e.id for e in content.entries}
    assert questions
    assert {(q.question, a) for q in questions for a in q.acceptable if a not in known} == set()
    assert any(not q.acceptable for q in questions)


def test_the_starters_questions_are_not_its_examples() -> None:
    def key(text: str) -> str:
        return normalise(text).casefold()

    entries = load_folder(STARTER / "knowledge").entries
    known = {key(e.text) for e in read_training_data(STARTER / "nlu").examples}
    known |= {key(text) for e in entries for text in (e.question, *e.phrasings)}
    asked = [key(q.question) for q in load_questions(STARTER / "tests" / "questions.yml")]
    assert set(asked) & known == set()
    assert len(set(asked)) == len(asked)


def test_the_starters_products_are_described_in_words_that_it_knows() -> None:
    training = read_training_data(STARTER / "nlu")
    products = load_folder(STARTER / "knowledge").products

    def values(entity: str) -> set[str]:
        return {training.synonyms.get(text, text) for text in training.lookups[entity]}

    assert {p.product_type for p in products} == values("product_type")
    assert {c for p in products for c in p.colors} == values("colour")
    assert {m for p in products for m in p.materials} == values("material")
    assert {u for p in products for u in p.uses} == values("use")
    assert {p.currency for p in products} == {read_shop(STARTER).settings.shop.currency}


def test_the_starter_shows_every_setting_with_its_default() -> None:
    text = (STARTER / "shop.toml").read_text(encoding="utf-8")
    for line in ("# language = ", "# url = "):
        assert line in text
    stated = tomllib.loads(text)
    defaults = Settings.model_validate({"shop": {"name": "x"}}).model_dump()
    assert set(stated) == set(defaults)
    assert set(stated["shop"]) == set(defaults.pop("shop"))
    defaults["speech"].pop("language")  # stands there as a comment: TOML has no null
    defaults["studio"].pop("users")  # `shopclerk users add` writes them
    defaults["orders"]["demo_history"] = True
    defaults["identity"]["demo_sign_in"] = True
    assert {name: stated[name] for name in defaults} == defaults
