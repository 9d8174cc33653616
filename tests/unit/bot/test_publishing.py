from dataclasses import replace
from pathlib import Path

import pytest
from lead_bench import ANN, BO, VIC, Bench, write_shop

from bot.evaluation import Outcome
from bot.publishing.values import CannotPublish, EntrySearch, NotAllowed
from bot.shop import ShopFiles
from knowledge.entries import KnowledgeError

WEEKEND = "Do you deliver on weekends?"


@pytest.fixture
def bench(tmp_path: Path, demo: ShopFiles) -> Bench:
    return Bench(write_shop(tmp_path / "shop"), demo.domain, demo.flows)


def test_a_change_is_seen_by_shoppers_once_it_is_published(bench: Bench) -> None:
    bench.change(ANN, "weekend-delivery", answer="We deliver on both days.")
    assert bench.answer(WEEKEND) == "We deliver on Saturdays."
    version = bench.releases.publish(ANN, "Sundays, too")
    assert bench.answer(WEEKEND) == "We deliver on both days."
    assert (version.author, version.message) == ("Ann", "Sundays, too")
    assert bench.releases.head() == version
    assert "We deliver on both days." in bench.file("faq/delivery.en.md").read_text()
    assert bench.editing.draft(ANN).changes == ()


def test_everything_else_in_the_files_stays(bench: Bench) -> None:
    before = bench.file("faq/gifts.yml").read_text()
    bench.change(ANN, "gift-wrap", answer="Yes, for 6 USD.")
    bench.releases.publish(ANN, "")
    assert bench.file("faq/gifts.yml").read_text() == before.replace("5 USD", "6 USD")


def test_what_the_draft_would_answer_can_be_asked_before(bench: Bench) -> None:
    bench.change(ANN, "weekend-delivery", answer="Never.")
    assert bench.releases.ask(ANN, WEEKEND, of_draft=True).answer == "Never."
    assert bench.releases.ask(BO, WEEKEND, of_draft=True).answer == "We deliver on Saturdays."


def test_an_error_keeps_the_draft_from_going_live(bench: Bench) -> None:
    bench.change(ANN, "weekend-delivery", answer="See [this](javascript:alert(1)).")
    rehearsal = bench.releases.rehearse(ANN)
    assert not rehearsal.publishable
    assert rehearsal.errors
    with pytest.raises(CannotPublish):
        bench.releases.publish(ANN, "")
    assert bench.answer(WEEKEND) == "We deliver on Saturdays."
    assert len(bench.editing.draft(ANN).changes) == 1


def test_a_lost_test_question_needs_a_deliberate_yes(bench: Bench) -> None:
    view = bench.editing.entry(ANN, ("gift-wrap", "en"))
    bench.editing.remove(ANN, ("gift-wrap", "en"), base=view.base)
    rehearsal = bench.releases.rehearse(ANN)
    assert [lost.question.question for lost in rehearsal.losses] == ["do you wrap gifts"]
    with pytest.raises(CannotPublish, match="1 test question would be lost"):
        bench.releases.publish(ANN, "")
    assert bench.answer("do you wrap gifts") == "Yes, for 5 USD."
    bench.releases.publish(ANN, "no more gifts", accept_losses=True)
    assert bench.answer("do you wrap gifts") == ""


def test_a_new_entry_brings_its_own_test_questions(bench: Bench) -> None:
    new = bench.editing.new_fields(ANN, "Can I pay by invoice?", "en")
    assert new.file == "faq/studio.en.md"
    mine = replace(new, answer="Yes, within 14 days.", tests=("can i pay with an invoice",))
    assert bench.editing.save(ANN, mine, base=None) is None
    compared = bench.releases.rehearse(ANN).comparison
    assert compared is not None
    assert [g.question.question for g in compared.gained] == ["can i pay with an invoice"]
    assert compared.right_after == compared.right_before + 1
    bench.releases.publish(ANN, "")
    assert bench.answer("Can I pay by invoice?") == "Yes, within 14 days."


def test_a_test_question_that_reaches_another_entry_is_shown(bench: Bench) -> None:
    bench.change(ANN, "weekend-delivery", tests=("gift wrapping paper",))
    compared = bench.releases.rehearse(ANN).comparison
    assert compared is not None
    assert [(g.question.question, g.outcome) for g in compared.missed] == [
        ("gift wrapping paper", Outcome.WRONG)
    ]


def test_the_second_of_two_editors_sees_both_texts_and_loses_nothing(bench: Bench) -> None:
    bench.change(ANN, "weekend-delivery", answer="Ann's text.")
    bench.change(BO, "weekend-delivery", answer="Bo's text.")
    assert bench.editing.entry(BO, ("weekend-delivery", "en")).others == ("Ann",)
    bench.releases.publish(ANN, "")
    with pytest.raises(CannotPublish, match="conflict"):
        bench.releases.publish(BO, "")
    [conflict] = bench.editing.draft(BO).conflicts
    assert conflict.mine is not None
    assert conflict.theirs is not None
    assert (conflict.mine.answer, conflict.theirs.answer) == ("Bo's text.", "Ann's text.")
    bench.editing.settle(BO, conflict.key, keep="mine")
    bench.releases.publish(BO, "")
    assert bench.answer(WEEKEND) == "Bo's text."
    assert [v.author for v in bench.releases.versions()] == ["Bo", "Ann", "shopclerk"]


def test_a_conflict_given_up_leaves_what_was_published(bench: Bench) -> None:
    bench.change(BO, "weekend-delivery", answer="Bo's text.")
    bench.change(ANN, "weekend-delivery", answer="Ann's text.")
    bench.releases.publish(ANN, "")
    bench.editing.settle(BO, ("weekend-delivery", "en"), keep="theirs")
    assert bench.editing.draft(BO).changes == ()
    assert bench.answer(WEEKEND) == "Ann's text."


def test_edits_of_different_entries_don_t_conflict(bench: Bench) -> None:
    bench.change(BO, "weekend-delivery", answer="Bo's text.")
    bench.change(ANN, "delivery-period", answer="Ann's text.")
    bench.releases.publish(ANN, "")
    bench.releases.publish(BO, "")
    text = bench.file("faq/delivery.en.md").read_text()
    assert "Bo's text." in text
    assert "Ann's text." in text


@pytest.mark.parametrize("key", [None, ("weekend-delivery", "en")])
def test_yesterday_is_one_call_away(bench: Bench, key: tuple[str, str] | None) -> None:
    first = bench.releases.head()
    assert first is not None
    before = bench.file("faq/delivery.en.md").read_bytes()
    bench.change(ANN, "weekend-delivery", answer="Changed.")
    bench.releases.publish(ANN, "")
    version = bench.releases.roll_back(BO, first.id, key)
    assert bench.answer(WEEKEND) == "We deliver on Saturdays."
    assert bench.file("faq/delivery.en.md").read_bytes() == before
    assert version.author == "Bo"
    assert first.id[:8] in version.message


def test_rolling_one_entry_back_leaves_the_others(bench: Bench) -> None:
    first = bench.releases.head()
    assert first is not None
    bench.change(ANN, "weekend-delivery", answer="Changed.")
    bench.change(ANN, "gift-wrap", answer="No.")
    bench.releases.publish(ANN, "")
    bench.releases.roll_back(ANN, first.id, ("weekend-delivery", "en"))
    assert bench.answer(WEEKEND) == "We deliver on Saturdays."
    assert bench.answer("Do you wrap gifts?") == "No."


def test_the_history_of_one_entry_holds_its_versions_only(bench: Bench) -> None:
    bench.change(ANN, "weekend-delivery", answer="One.")
    bench.releases.publish(ANN, "one")
    bench.change(ANN, "delivery-period", answer="Other.")
    bench.releases.publish(ANN, "other")
    bench.change(ANN, "weekend-delivery", answer="Two.")
    bench.releases.publish(ANN, "two")
    found = bench.releases.versions(key=("weekend-delivery", "en"))
    assert [v.message for v in found] == ["two", "one", "First"]
    [latest] = bench.releases.versions(key=("weekend-delivery", "en"), limit=1)
    assert latest.message == "two"


def test_files_changed_by_hand_go_live(bench: Bench) -> None:
    path = bench.file("faq/delivery.en.md")
    path.write_text(path.read_text().replace("on Saturdays", "every day"))
    assert bench.publisher.take_disk().status == "same"
    assert bench.answer(WEEKEND) == "We deliver every day."
    head = bench.releases.head()
    assert head is not None
    assert head.author == "files on disk"
    assert "weekend-delivery" in head.message


def test_broken_files_leave_what_was_live(bench: Bench) -> None:
    path = bench.file("faq/delivery.en.md")
    path.write_text(path.read_text().replace("We deliver on Saturdays.", ""))
    state = bench.publisher.take_disk()
    assert state.status == "problems"
    assert state.rehearsal is not None
    assert [p.file for p in state.rehearsal.errors] == ["faq/delivery.en.md"]
    assert bench.answer(WEEKEND) == "We deliver on Saturdays."


def test_a_vanished_feed_waits_for_a_yes(bench: Bench) -> None:
    bench.file("products.csv").unlink()
    state = bench.publisher.take_disk()
    assert state.status == "problems"
    assert state.rehearsal is not None
    assert "all 2 products are gone" in str(state.rehearsal.errors[0])
    assert bench.editing.products("tent").total == 2
    bench.releases.publish_disk(ANN, "")
    assert bench.editing.products("tent").total == 0


def test_hand_edits_that_lose_a_question_wait_for_a_yes(bench: Bench) -> None:
    bench.file("faq/gifts.yml").unlink()
    assert bench.publisher.take_disk().status == "losses"
    assert bench.answer("do you wrap gifts") == "Yes, for 5 USD."
    with pytest.raises(CannotPublish):
        bench.releases.publish_disk(ANN, "")
    bench.releases.publish_disk(ANN, "no gifts", accept_losses=True)
    assert bench.answer("do you wrap gifts") == ""
    assert bench.releases.disk().status == "same"


def test_a_draft_can_be_published_beside_broken_files(bench: Bench) -> None:
    bench.file("faq/gifts.yml").write_text("language: [")
    bench.change(ANN, "weekend-delivery", answer="Ann's text.")
    bench.releases.publish(ANN, "")
    assert bench.answer(WEEKEND) == "Ann's text."
    assert bench.file("faq/gifts.yml").read_text() == "language: ["


def test_another_process_s_version_is_taken_over(bench: Bench) -> None:
    other = Bench(bench.folder, bench.domain, bench.flows)
    other.change(ANN, "weekend-delivery", answer="From elsewhere.")
    other.releases.publish(ANN, "")
    bench.change(BO, "delivery-period", answer="Bo's text.")
    with pytest.raises(CannotPublish, match="somebody else published"):
        bench.releases.publish(BO, "")
    assert bench.answer(WEEKEND) == "From elsewhere."
    bench.releases.publish(BO, "")
    assert "From elsewhere." in bench.file("faq/delivery.en.md").read_text()


def test_a_restart_serves_what_was_published_last(bench: Bench, demo: ShopFiles) -> None:
    bench.change(ANN, "weekend-delivery", answer="Kept.")
    bench.releases.publish(ANN, "")
    bench.file("faq/delivery.en.md").write_text("broken")
    assert Bench(bench.folder, demo.domain, demo.flows).answer(WEEKEND) == "Kept."


def test_viewers_look_and_change_nothing(bench: Bench) -> None:
    key = ("weekend-delivery", "en")
    view = bench.editing.entry(VIC, key)
    assert view.mine is not None
    head = bench.releases.head()
    assert head is not None
    assert bench.editing.entries(VIC, EntrySearch()).total == 4
    attempts = (
        lambda: bench.editing.save(VIC, view.mine, base=view.base, replacing=key),  # type: ignore[arg-type]
        lambda: bench.editing.remove(VIC, key, base=view.base),
        lambda: bench.editing.undo(VIC, key),
        lambda: bench.editing.discard(VIC),
        lambda: bench.editing.settle(VIC, key, keep="mine"),
        lambda: bench.editing.use_feed(VIC, "products.csv", b""),
        lambda: bench.editing.import_document(VIC, "a.html", b"<h1>A</h1>", "en"),
        lambda: bench.releases.publish(VIC, ""),
        lambda: bench.releases.publish_disk(VIC, ""),
        lambda: bench.releases.roll_back(VIC, head.id),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert bench.editing.draft(VIC).changes == ()


def test_a_feed_is_reported_and_published(bench: Bench) -> None:
    feed = bench.file("products.csv").read_text()
    report = bench.editing.check_feed("new.csv", feed.replace("129.00 USD", "cheap").encode())
    assert [(p.file, p.line) for p in report.problems] == [("products.csv", 2)]
    with pytest.raises(KnowledgeError):
        bench.editing.use_feed(ANN, "new.csv", feed.replace("129.00 USD", "cheap").encode())
    bench.editing.use_feed(ANN, "new.csv", feed.replace("129.00 USD", "99.00 USD").encode())
    assert [c.key for c in bench.editing.draft(ANN).changes] == [("products.csv", "")]
    bench.releases.publish(ANN, "")
    assert {r.id: r.price for r in bench.editing.products("tent").rows}["T-1"] == "$99.00"


def test_a_feed_in_a_second_format_is_refused(bench: Bench) -> None:
    report = bench.editing.check_feed("feed.tsv", b"id\ttitle\n")
    assert "products.csv" in str(report.problems[0])


def test_entries_are_found_by_words_filters_and_state(bench: Bench) -> None:
    bench.change(ANN, "weekend-delivery", answer="Sunday parcels, too.")

    def found(**search: object) -> list[str]:
        page = bench.editing.entries(ANN, EntrySearch(**search))  # type: ignore[arg-type]
        return [row.key[0] for row in page.rows]

    assert found(text="sunday PARCELS") == ["weekend-delivery"]
    assert found(state="changed") == ["weekend-delivery"]
    assert found(kind="policy") == ["returns-policy/time-limit"]
    assert found(file="faq/gifts.yml") == ["gift-wrap"]
    assert found(language="zh") == []
    assert len(found(page_size=3, page=2)) == 1
    assert bench.editing.entries(ANN, EntrySearch(page=99, page_size=3)).page == 2
