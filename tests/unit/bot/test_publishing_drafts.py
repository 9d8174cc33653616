"""Drafts in odd orders: saved twice, removed again, renamed, files that exist or are gone."""

from dataclasses import replace
from pathlib import Path

import pytest
from lead_bench import ANN, BO, DELIVERY, Bench, write_shop

from bot.publishing.values import CannotPublish
from bot.shop import ShopFiles
from knowledge.editing.writing import EditError
from knowledge.versions.store import ChangedOnDisk

WEEKEND = "Do you deliver on weekends?"
KEY = ("weekend-delivery", "en")


@pytest.fixture
def bench(tmp_path: Path, demo: ShopFiles) -> Bench:
    return Bench(write_shop(tmp_path / "shop"), demo.domain, demo.flows)


def new_entry(bench: Bench) -> tuple[str, str]:
    new = bench.editing.new_fields(ANN, "Can I pay by invoice?", "en")
    bench.editing.save(ANN, replace(new, answer="Yes."), base=None)
    return new.key


def test_a_new_entry_saved_twice_is_one_entry(bench: Bench) -> None:
    key = new_entry(bench)
    mine = bench.editing.entry(ANN, key).mine
    assert mine is not None
    bench.editing.save(ANN, replace(mine, answer="No."), base=None, replacing=key)
    bench.releases.publish(ANN, "")
    assert bench.answer("Can I pay by invoice?") == "No."
    assert bench.file("faq/studio.en.md").read_text().count("invoice?") == 1


def test_a_new_entry_removed_again_leaves_nothing(bench: Bench) -> None:
    key = new_entry(bench)
    bench.editing.remove(ANN, key, base=None)
    assert bench.editing.draft(ANN).changes == ()
    with pytest.raises(CannotPublish, match="empty"):
        bench.releases.publish(ANN, "")


def test_a_new_entry_never_takes_the_place_of_an_unpublished_one(bench: Bench) -> None:
    """A second window gives another text the id of an entry that waits in the draft."""
    key = new_entry(bench)
    mine = bench.editing.entry(ANN, key).mine
    assert mine is not None
    with pytest.raises(EditError, match=key[0]):
        bench.editing.save(ANN, replace(mine, question="Other?"), base=None)
    assert bench.editing.entry(ANN, key).mine == mine
    bench.editing.save(BO, mine, base=None)  # Bo's draft is another one


def test_an_entry_may_get_another_id(bench: Bench) -> None:
    view = bench.editing.entry(ANN, KEY)
    assert view.mine is not None
    bench.editing.save(ANN, replace(view.mine, id="weekends"), base=view.base, replacing=KEY)
    bench.releases.publish(ANN, "")
    assert {("weekends", "en"), KEY} & set(bench.live.current.entries) == {("weekends", "en")}
    assert bench.answer(WEEKEND) == "We deliver on Saturdays."


def test_an_id_that_is_taken_is_refused_and_the_draft_stays(bench: Bench) -> None:
    view = bench.editing.entry(ANN, KEY)
    assert view.mine is not None
    bench.editing.save(ANN, replace(view.mine, id="gift-wrap"), base=view.base, replacing=KEY)
    with pytest.raises(CannotPublish, match="1 error"):
        bench.releases.publish(ANN, "")
    assert len(bench.editing.draft(ANN).changes) == 1


def test_an_imported_document_says_which_file_it_replaces(bench: Bench) -> None:
    page = b"<h1>Terms</h1><h2>Age</h2><p>You must be 18.</p>"
    first = bench.editing.import_document(ANN, "terms.html", page, "en")
    assert not [note for note in first.notes if "replaces" in note]
    bench.releases.publish(ANN, "")
    again = bench.editing.import_document(ANN, "terms.html", page.replace(b"18", b"21"), "en")
    assert [note for note in again.notes if first.file in note]
    bench.releases.publish(ANN, "")
    assert "21" in bench.file(first.file).read_text()


def test_an_entry_and_its_whole_file_may_change_in_one_draft(bench: Bench) -> None:
    page = b"<h1>Terms</h1><h2>Age</h2><p>You must be 18.</p><h2>Name</h2><p>Your own.</p>"
    document = bench.editing.import_document(ANN, "terms.html", page, "en")
    bench.releases.publish(ANN, "")
    entry = next(e for e in bench.editing.content().entries if "18" in e.answer)
    bench.change(ANN, entry.id, answer="You must be 21.")
    page = page.replace(b"Your own", b"Any name")
    bench.editing.import_document(ANN, "terms.html", page, "en")
    bench.releases.publish(ANN, "")
    text = bench.file(document.file).read_text()
    assert "You must be 21." in text
    assert "Any name." in text


def test_a_draft_of_an_entry_whose_file_was_deleted_by_hand_waits(bench: Bench) -> None:
    bench.file("faq/delivery.en.md").unlink()
    bench.change(ANN, "weekend-delivery", answer="Ann's text.")
    with pytest.raises(ChangedOnDisk, match=r"delivery\.en\.md"):
        bench.releases.publish(ANN, "")
    assert len(bench.editing.draft(ANN).changes) == 1
    bench.file("faq/delivery.en.md").write_text(DELIVERY)
    bench.releases.publish(ANN, "")
    assert bench.answer(WEEKEND) == "Ann's text."


def test_rolling_back_an_entry_that_did_not_exist_then_removes_it(bench: Bench) -> None:
    first = bench.releases.head()
    assert first is not None
    key = new_entry(bench)
    bench.releases.publish(ANN, "")
    bench.releases.roll_back(ANN, first.id, key)
    assert key not in bench.live.current.entries


def test_rolling_back_an_entry_that_was_removed_brings_it_back(bench: Bench) -> None:
    first = bench.releases.head()
    assert first is not None
    view = bench.editing.entry(ANN, KEY)
    bench.editing.remove(ANN, KEY, base=view.base)
    bench.releases.publish(ANN, "")
    assert KEY not in bench.live.current.entries
    bench.releases.roll_back(ANN, first.id, KEY)
    assert bench.answer(WEEKEND) == "We deliver on Saturdays."


def test_rolling_back_an_entry_that_never_was_changes_nothing(bench: Bench) -> None:
    first = bench.releases.head()
    assert first is not None
    with pytest.raises(CannotPublish, match="nothing was changed"):
        bench.releases.roll_back(ANN, first.id, ("never", "en"))
