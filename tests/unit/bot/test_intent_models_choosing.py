"""Which model a start takes into use, and what a training may change about it."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread

import pytest
from scripted_intents import QUESTIONS, right_on

from bot.errors import ModelError
from bot.intent_models.choice import Choice, Taught, TrainingWish
from bot.intent_models.choosing import Chooser
from bot.intent_models.comparison import text_digest
from bot.intent_models.model import IntentModel
from bot.intent_models.store import LIVE, ModelStore

ASKED = TrainingWish(asked=True)
AGAIN = TrainingWish(asked=True, again=True)
TAKE = TrainingWish(asked=True, accept_worse=True)


@dataclass
class Shop:
    """A shop whose models have as many questions right as `skill` said when they were trained."""

    folder: Path
    skill: int = 40
    trained: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    @property
    def store(self) -> ModelStore:
        return ModelStore(self.folder)

    def train(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "skill").write_text(str(self.skill))
        self.trained.append(folder.name)
        self.meanwhile()

    def open(self, folder: Path) -> IntentModel:
        try:
            return right_on(folder.name, int((folder / "skill").read_text()))
        except (OSError, ValueError) as error:
            raise ModelError(f"{folder}: broken") from error

    def start(
        self, digest: str, wish: TrainingWish | None = None, *, skill: int | None = None
    ) -> Choice:
        """Start with files of that digest; a model trained now would have that skill."""
        self.skill = self.skill if skill is None else skill
        files = Taught(digest, frozenset(), 100, ("a", "b"))
        chooser = Chooser(self.store, self.train, self.open, QUESTIONS)
        return chooser.choose(files, wish or TrainingWish())

    @property
    def live(self) -> str:
        return self.store.standing().live_name


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "intents")


def test_the_first_model_is_taken_as_it_is(shop: Shop) -> None:
    choice = shop.start("aa", skill=3)
    assert (choice.model.name, choice.problem, shop.live) == ("aa", "", "aa")
    assert choice.verdict is not None
    assert (choice.record.right, choice.record.asked, choice.record.examples) == (3, 40, 100)


def test_a_start_with_the_same_files_trains_and_asks_nothing(shop: Shop) -> None:
    shop.start("aa")
    stamp = shop.store.stamp()
    choice = shop.start("aa")
    assert (shop.trained, choice.verdict, shop.store.stamp()) == (["aa"], None, stamp)


def test_a_model_of_an_earlier_version_of_shopclerk_goes_live_without_training(shop: Shop) -> None:
    shop.folder.mkdir()
    shop.train(shop.store.path("aa"))
    shop.trained.clear()
    assert shop.start("aa").model.name == "aa"
    assert (shop.trained, shop.live) == ([], "aa")


def test_an_equal_model_takes_the_live_ones_place(shop: Shop) -> None:
    shop.start("aa", skill=40)
    choice = shop.start("bb", skill=38)
    assert (choice.model.name, shop.live) == ("bb", "bb")
    assert [r.name for r in shop.store.standing().earlier] == ["aa"]


def test_a_worse_model_is_refused_and_the_live_one_serves(shop: Shop) -> None:
    shop.start("aa", skill=40)
    choice = shop.start("bb", skill=20)
    assert (choice.model.name, choice.record.name, shop.live) == ("aa", "aa", "aa")
    assert choice.verdict is not None
    assert (choice.verdict.right_live, choice.verdict.right) == (40, 20)
    assert "bb understands less than the live one" in choice.problem


def test_a_restart_neither_trains_nor_asks_a_refused_one_again(shop: Shop) -> None:
    shop.start("aa", skill=40)
    shop.start("bb", skill=20)
    choice = shop.start("bb", skill=40)
    assert shop.trained == ["aa", "bb"]
    assert (choice.model.name, choice.verdict) == ("aa", None)
    assert choice.problem


def test_changed_files_get_another_chance(shop: Shop) -> None:
    shop.start("aa", skill=40)
    shop.start("bb", skill=20)
    assert shop.start("cc", skill=40).model.name == "cc"


def test_who_asks_has_a_refused_one_examined_again_without_training(shop: Shop) -> None:
    shop.start("aa", skill=40)
    shop.start("bb", skill=20)
    choice = shop.start("bb", ASKED)
    assert choice.verdict is not None
    assert (choice.verdict.right, shop.trained, shop.live) == (20, ["aa", "bb"], "aa")


def test_a_worse_one_goes_live_when_a_person_wants_it(shop: Shop) -> None:
    shop.start("aa", skill=40)
    shop.start("bb", skill=20)
    choice = shop.start("bb", TAKE)
    assert (choice.model.name, choice.problem, shop.live) == ("bb", "", "bb")
    assert shop.trained == ["aa", "bb"]
    assert shop.start("bb").model.name == "bb"


def test_force_trains_beside_the_live_model_of_the_same_files(shop: Shop) -> None:
    shop.start("aa", skill=40)
    assert shop.start("aa", AGAIN, skill=20).model.name == "aa"
    assert shop.start("aa", AGAIN, skill=40).model.name == "aa.3"
    assert shop.trained == ["aa", "aa.2", "aa.3"]
    assert shop.start("aa").model.name == "aa.3"


def test_what_was_gone_back_from_stays_away_until_the_files_change(shop: Shop) -> None:
    shop.start("aa")
    shop.start("bb")
    shop.store.change(lambda s: s.switched("aa", "now"))
    choice = shop.start("bb", ASKED)
    assert (choice.model.name, shop.trained) == ("aa", ["aa", "bb"])
    assert "shopclerk models use bb" in choice.problem
    assert shop.start("cc").model.name == "cc"


def test_files_changed_back_take_their_model_from_disk(shop: Shop) -> None:
    shop.start("aa")
    shop.start("bb")
    assert shop.start("aa").model.name == "aa"
    assert shop.trained == ["aa", "bb"]


def test_a_live_model_that_broke_is_replaced_by_the_files_one(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    shop.start("aa", skill=40)
    (shop.store.path("aa") / "skill").unlink()
    assert shop.start("bb", skill=1).model.name == "bb"
    assert "aa: broken" in caplog.text
    assert shop.live == "bb"


@pytest.mark.parametrize("gone", ["skill", ""])
def test_a_broken_model_of_the_same_files_is_trained_again(shop: Shop, gone: str) -> None:
    shop.start("aa")
    path = shop.store.path("aa") / gone
    path.unlink() if gone else shutil.rmtree(path)
    assert shop.start("aa").model.name == "aa"
    assert shop.trained == ["aa", "aa"]


def test_a_deleted_live_file_takes_the_model_on_disk(shop: Shop) -> None:
    shop.start("aa")
    shop.store.path(LIVE).unlink()
    assert shop.start("aa").model.name == "aa"
    assert shop.trained == ["aa"]


def test_intents_of_the_files_that_the_live_model_lacks_are_named(shop: Shop) -> None:
    chooser = Chooser(shop.store, shop.train, shop.open, QUESTIONS)
    files = Taught("aa", frozenset(), 100, ("a", "new", "b"))
    assert chooser.choose(files).unknown == ("new",)


def test_texts_that_the_live_model_was_trained_on_count_for_neither(shop: Shop) -> None:
    chooser = Chooser(shop.store, shop.train, shop.open, QUESTIONS)
    learnt = frozenset(text_digest(q.text) for q in QUESTIONS[:30])
    chooser.choose(Taught("aa", learnt, 100, ("a",)))
    verdict = chooser.choose(Taught("bb", frozenset(), 100, ("a",))).verdict
    assert verdict is not None
    assert (verdict.asked, verdict.trained_on) == (10, 30)


def test_what_another_process_took_into_use_meanwhile_is_compared_with(shop: Shop) -> None:
    other = replace(shop)

    def quicker() -> None:
        shop.meanwhile = lambda: None
        (path := other.store.path("cc")).mkdir()
        (path / "skill").write_text("40")
        record = other.store.standing().live
        assert record is not None
        other.store.change(lambda s: s.with_live(replace(record, name="cc")))

    shop.start("aa", skill=20)
    shop.meanwhile = quicker
    choice = shop.start("bb", skill=22)
    assert (choice.model.name, shop.live) == ("cc", "cc")
    assert choice.verdict is not None
    assert (choice.verdict.right_live, choice.verdict.right) == (40, 22)
    assert shop.trained == ["aa", "bb"]


def test_two_starts_at_once_train_once(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    found: list[Choice] = []
    second = Thread(target=lambda: found.append(shop.start("aa")))

    def until_the_second_waits() -> None:
        shop.meanwhile = lambda: None
        second.start()
        last = time.monotonic() + 20
        while "another process trains" not in caplog.text and time.monotonic() < last:
            time.sleep(0.01)

    shop.meanwhile = until_the_second_waits
    found.append(shop.start("aa"))
    second.join()
    assert [choice.model.name for choice in found] == ["aa", "aa"]
    assert shop.trained == ["aa"]
