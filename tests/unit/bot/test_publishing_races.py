"""What happens between two steps of a publish: others publish, files change, parts fail."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from lead_bench import ANN, BO, DELIVERY, GIFTS, QUESTIONS, Bench, write_shop

from bot.intent_models.model import IntentModel
from bot.publishing.fitting import AnswerFitter
from bot.publishing.publisher import Publisher
from bot.publishing.values import CannotPublish
from bot.publishing.watching import KnowledgeWatcher
from bot.shop import ShopFiles
from bot.snapshot import Snapshot
from knowledge.entries import Content, Files
from knowledge.formats.questions import Question
from knowledge.index.answer_model import AnswerModel
from knowledge.index.search import KnowledgeIndex
from knowledge.versions.store import VersionError

WEEKEND = "Do you deliver on weekends?"
KEY = ("weekend-delivery", "en")


@pytest.fixture
def bench(tmp_path: Path, demo: ShopFiles) -> Bench:
    return Bench(write_shop(tmp_path / "shop"), demo.domain, demo.flows)


@pytest.fixture
def other(bench: Bench) -> Bench:
    """Another process on the same shop."""
    return Bench(bench.folder, bench.domain, bench.flows)


def in_the_middle(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, *acts: Callable[[], object]
) -> None:
    """While the next snapshots are made, do these things, one each."""
    making, left = bench.publisher._maker.following, list(acts)

    def following(
        live: Snapshot, files: Files, content: Content, own: Sequence[Question], **told: object
    ) -> Snapshot:
        made = making(live, files, content, own)
        if left:
            left.pop(0)()
        return made

    monkeypatch.setattr(bench.publisher._maker, "following", following)


def comes_to(bench: Bench, status: str) -> bool:
    """Whether the files on disk are found to stand so before long."""
    for _ in range(400):
        if bench.releases.disk().status == status:
            return True
        time.sleep(0.05)
    return False


def test_a_listener_that_fails_doesn_t_make_the_publish_fail(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[Snapshot] = []

    def fail(snapshot: Snapshot) -> None:
        raise ZeroDivisionError

    bench.publisher.on_publish(fail)
    bench.publisher.on_publish(told.append)
    bench.change(ANN, "weekend-delivery", answer="Changed.")
    bench.releases.publish(ANN, "")
    assert told == [bench.live.current]
    assert bench.editing.draft(ANN).changes == ()
    assert "ZeroDivisionError" in caplog.text


def test_a_yes_covers_only_the_losses_that_were_shown(bench: Bench) -> None:
    view = bench.editing.entry(ANN, ("gift-wrap", "en"))
    bench.editing.remove(ANN, ("gift-wrap", "en"), base=view.base)
    with pytest.raises(CannotPublish, match="1 test question would be lost"):
        bench.releases.publish(ANN, "", accept_losses=True)  # none was shown yet
    questions = QUESTIONS + "  - {question: saturday and sunday shipping, language: en, " \
        "entry: weekend-delivery}\n"
    (bench.folder / "tests" / "questions.yml").write_text(questions)
    view = bench.editing.entry(ANN, KEY)
    bench.editing.remove(ANN, KEY, base=view.base)
    with pytest.raises(CannotPublish, match="others than were shown") as refused:
        bench.releases.publish(ANN, "", accept_losses=True)
    assert len(refused.value.rehearsal.losses) == 2
    bench.releases.publish(ANN, "", accept_losses=True)  # the refusal has shown them
    assert bench.answer("do you wrap gifts") == ""


def test_a_yes_to_one_s_own_draft_is_no_yes_to_another_s(bench: Bench) -> None:
    for user in (ANN, BO):
        view = bench.editing.entry(user, ("gift-wrap", "en"))
        bench.editing.remove(user, ("gift-wrap", "en"), base=view.base)
    assert bench.releases.rehearse(ANN).losses
    with pytest.raises(CannotPublish, match="would be lost"):
        bench.releases.publish(BO, "", accept_losses=True)
    bench.releases.publish(ANN, "", accept_losses=True)


def test_a_yes_to_files_on_disk_is_for_what_the_disk_was_seen_to_lose(bench: Bench) -> None:
    bench.file("faq/gifts.yml").unlink()
    with pytest.raises(CannotPublish, match="would be lost"):
        bench.releases.publish_disk(ANN, "", accept_losses=True)
    bench.publisher.take_disk()
    bench.releases.publish_disk(ANN, "", accept_losses=True)
    assert bench.answer("do you wrap gifts") == ""


def test_losses_of_a_roll_back_are_shown_before_they_are_accepted(bench: Bench) -> None:
    first = bench.releases.head()
    assert first is not None
    new = bench.editing.new_fields(ANN, "Can I pay by invoice?", "en")
    bench.editing.save(ANN, replace(new, answer="Yes."), base=None)
    bench.releases.publish(ANN, "")
    (bench.folder / "tests" / "questions.yml").write_text(
        f"{QUESTIONS}  - {{question: can I pay by invoice, language: en, entry: {new.id}}}\n"
    )
    losses = bench.releases.rehearse_roll_back(ANN, first.id).losses
    assert [lost.question.question for lost in losses] == ["can I pay by invoice"]
    with pytest.raises(CannotPublish):
        bench.releases.roll_back(ANN, first.id)
    with pytest.raises(CannotPublish):  # Bo has seen nothing
        bench.releases.roll_back(BO, first.id, accept_losses=True)
    bench.releases.roll_back(ANN, first.id, accept_losses=True)


def test_rolling_one_entry_back_keeps_what_others_publish_meanwhile(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The roll back waits while Bo publishes; it must be made of what Bo has published."""
    first = bench.releases.head()
    assert first is not None
    bench.change(ANN, "weekend-delivery", answer="Changed.")
    bench.releases.publish(ANN, "")
    bench.change(BO, "gift-wrap", answer="Bo's text.")
    found, rehearse = threading.Event(), Publisher.rehearse

    def slowly(self: Publisher, *given: object, **told: object) -> object:
        if not found.is_set():
            found.set()
            bo = threading.Thread(target=bench.releases.publish, args=(BO, ""))
            bo.start()
            bo.join()
        return rehearse(self, *given, **told)  # type: ignore[arg-type]

    monkeypatch.setattr(Publisher, "rehearse", slowly)
    bench.releases.roll_back(ANN, first.id, KEY)
    assert bench.answer(WEEKEND) == "We deliver on Saturdays."
    assert bench.answer("Do you wrap gifts?") == "Bo's text."


def test_a_file_saved_again_while_it_is_taken_over_is_quietly_taken_next(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = bench.file("faq/delivery.en.md")
    path.write_text(DELIVERY.replace("on Saturdays", "daily"))
    in_the_middle(bench, monkeypatch, lambda: path.write_text(DELIVERY + "\nAnd later.\n"))
    assert bench.publisher.take_disk().status == "changed"
    assert bench.publisher.behind, "nothing else may tell the watcher"
    assert (bench.publisher.take_disk().status, bench.publisher.behind) == ("same", False)
    assert bench.answer(WEEKEND).endswith("And later.")
    assert not [r for r in caplog.records if r.levelname in ("WARNING", "ERROR")]


def test_a_save_undone_while_it_is_taken_over_stays_undone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = bench.file("faq/delivery.en.md")
    path.write_text(DELIVERY.replace("on Saturdays", "daily"))
    in_the_middle(bench, monkeypatch, lambda: path.write_text(DELIVERY))
    bench.publisher.take_disk()
    assert path.read_text() == DELIVERY
    assert bench.publisher.take_disk().status == "same"
    assert bench.answer(WEEKEND) == "We deliver on Saturdays."


def test_what_can_t_be_committed_is_told_and_not_raised(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise VersionError("the disk is full")

    versions = bench.publisher._versions
    assert versions is not None
    bench.file("faq/delivery.en.md").write_text(DELIVERY.replace("on Saturdays", "daily"))
    with monkeypatch.context() as patch:
        patch.setattr(type(versions), "commit", full)
        state = bench.publisher.take_disk()
    assert state.status == "problems"
    assert "the disk is full" in state.note
    assert bench.answer(WEEKEND) == "We deliver on Saturdays."
    assert bench.publisher.take_disk().status == "same"


def test_a_watcher_follows_what_another_process_publishes(bench: Bench, other: Bench) -> None:
    """Where only the yes is new, no file changes: there is nothing to see but the version."""
    bench.file("faq/gifts.yml").unlink()
    assert bench.publisher.take_disk().status == "losses"
    other.releases.rehearse_disk()
    other.releases.publish_disk(ANN, "no gifts", accept_losses=True)
    taken = threading.Event()
    bench.publisher.on_publish(lambda _: taken.set())
    with KnowledgeWatcher(bench.publisher):
        assert taken.wait(timeout=20)
    assert bench.answer("do you wrap gifts") == ""
    assert bench.releases.head() == other.releases.head()


def test_a_watcher_begins_with_what_was_changed_before(bench: Bench) -> None:
    taken = threading.Event()
    bench.publisher.on_publish(lambda _: taken.set())
    bench.file("faq/delivery.en.md").write_text(DELIVERY.replace("on Saturdays", "daily"))
    with KnowledgeWatcher(bench.publisher):
        assert taken.wait(timeout=20)


def test_a_watcher_survives_a_folder_that_goes_and_comes_back(bench: Bench) -> None:
    away = bench.folder / "away"
    taken = threading.Event()
    bench.publisher.on_publish(lambda _: taken.set())
    with KnowledgeWatcher(bench.publisher):
        for number in range(2):
            (bench.folder / "knowledge").rename(away)
            assert comes_to(bench, "problems")
            away.rename(bench.folder / "knowledge")
            path = bench.file("faq/delivery.en.md")
            path.write_text(DELIVERY.replace("on Saturdays", f"daily {number}"))
            assert taken.wait(timeout=20)
            taken.clear()


def test_a_watcher_sees_a_folder_go_that_was_there_only_while_it_took_it_over(
    bench: Bench,
) -> None:
    folder, away = bench.folder / "knowledge", bench.folder / "away"
    bench.publisher.on_publish(lambda _: folder.rename(away) and None)
    folder.rename(away)
    with KnowledgeWatcher(bench.publisher):
        time.sleep(0.3)  # it has begun to watch without the folder, and not looked yet
        away.rename(folder)
        bench.file("faq/delivery.en.md").write_text(DELIVERY.replace("on Saturdays", "daily"))
        assert comes_to(bench, "problems")
    assert bench.answer(WEEKEND).startswith("We deliver daily")


def test_mended_test_questions_let_a_waiting_file_go_live(bench: Bench) -> None:
    questions = bench.folder / "tests" / "questions.yml"
    questions.write_text("questions: [")
    bench.file("faq/delivery.en.md").write_text(DELIVERY.replace("on Saturdays", "daily"))
    taken = threading.Event()
    bench.publisher.on_publish(lambda _: taken.set())
    with KnowledgeWatcher(bench.publisher):
        assert comes_to(bench, "problems")
        questions.write_text(QUESTIONS)
        assert taken.wait(timeout=20)


def test_while_test_questions_are_broken_the_last_good_ones_count(
    bench: Bench, other: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without them the thresholds would be fitted to next to nothing."""
    questions = bench.folder / "tests" / "questions.yml"
    asked: list[int] = []
    fitted = AnswerFitter.model

    def model(
        self: AnswerFitter,
        intents: IntentModel,
        index: KnowledgeIndex,
        content: Content,
        own: Sequence[Question],
    ) -> AnswerModel:
        asked.append(len(own))
        return fitted(self, intents, index, content, own)

    monkeypatch.setattr(AnswerFitter, "model", model)
    other.change(ANN, "weekend-delivery", answer="From elsewhere.")
    other.releases.publish(ANN, "")
    questions.write_text("questions: [")
    bench.publisher.follow_head()
    assert bench.answer(WEEKEND) == "From elsewhere."
    assert asked == [3, 3]
    bench.change(ANN, "weekend-delivery", answer="Mine.")
    [error] = bench.releases.rehearse(ANN).errors
    assert error.file == "tests/questions.yml"
    questions.unlink()
    bench.releases.publish(ANN, "")


def test_a_test_question_for_an_unknown_entry_is_a_warning_with_its_line(bench: Bench) -> None:
    (bench.folder / "tests" / "questions.yml").write_text(
        QUESTIONS + "  - question: paper for presents\n    language: en\n    entry: gift-warp\n"
        "  - question: where is my parcel\n    language: en\n    intents: [track_order]\n"
    )
    bench.change(ANN, "weekend-delivery", answer="Changed.")
    [warning] = [p for p in bench.releases.rehearse(ANN).problems if "gift-warp" in p.what]
    assert (warning.file, warning.line, warning.warning) == ("tests/questions.yml", 8, True)
    assert "gift-wrap" in warning.what
    assert not [p for p in bench.releases.rehearse(ANN).problems if "track_order" in p.what]
    bench.releases.publish(ANN, "")


def test_an_entry_whose_days_pass_is_no_loss_of_the_next_publish(
    tmp_path: Path, demo: ShopFiles
) -> None:
    folder = write_shop(tmp_path / "shop")
    (folder / "knowledge" / "faq" / "gifts.yml").write_text(
        GIFTS.replace("    phrasings", "    valid-until: 2026-11-22\n    phrasings")
    )
    bench = Bench(folder, demo.domain, demo.flows)
    bench.change(ANN, "weekend-delivery", answer="Changed.")
    compared = bench.releases.rehearse(ANN).comparison
    assert compared is not None
    before = compared.right_before
    bench.today = date(2026, 11, 22) + timedelta(days=1)
    compared = bench.releases.rehearse(ANN).comparison
    assert compared is not None
    assert (compared.lost, compared.right_before) == ((), before - 1)
    assert bench.answer("do you wrap gifts") == ""


def test_an_empty_folder_leaves_what_was_live(bench: Bench) -> None:
    for name in ("faq/delivery.en.md", "faq/gifts.yml", "policies/returns.en.md", "products.csv"):
        bench.file(name).unlink()
    assert bench.publisher.take_disk().status == "problems"
    assert bench.answer(WEEKEND) == "We deliver on Saturdays."
