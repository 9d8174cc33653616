import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from gradio.utils import get_upload_folder
from studio_stand_in import LEAD, VIEWER, StandIn

from bot.publishing.values import DiskState, User
from knowledge.editing.documents import ImportedDocument
from ui.studio.board import Board
from ui.studio.desk import Desk, given_page, refusal

KEY = ("tents-0", "en")
DOCUMENT = ImportedDocument("policies/a.en.md", "---\nid: a\nlanguage: en\n---\n# A\nText.\n", ())


class ByCookie:
    def user(self, request: Any) -> User | None:
        return {"lead": LEAD, "viewer": VIEWER}.get(request.cookies.get("who", ""))


def as_(who: str) -> Any:
    return SimpleNamespace(cookies={"who": who})


LENA, VERA = as_("lead"), as_("viewer")


@pytest.fixture(scope="module")
def built() -> tuple[StandIn, Board]:
    """One board for all tests: to make it takes longer than to use it."""
    workbench = StandIn(120)

    async def build() -> Board:  # Gradio's blocks want a running loop
        with gr.Blocks(analytics_enabled=False) as blocks:
            board = Board(Desk(workbench, ByCookie()), "Larkfield", max_mb=25)  # type: ignore[arg-type]
            board.begin(blocks)
        return board

    return workbench, asyncio.run(build())


@pytest.fixture
def workbench(built: tuple[StandIn, Board]) -> StandIn:
    built[0].reset()
    return built[0]


@pytest.fixture
def board(built: tuple[StandIn, Board], workbench: StandIn) -> Board:
    return built[1]


def event(**data: Any) -> gr.EventData:
    return gr.EventData(None, data)


def uploaded(name: str, data: bytes) -> gr.EventData:
    """What the page sends once Gradio has put the file into its folder."""
    folder = Path(get_upload_folder()) / "studio-tests"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / Path(name).name
    path.write_bytes(data)
    return event(path=str(path), name=name)


def edit(workbench: StandIn, answer: str) -> None:
    live = workbench.live[KEY]
    workbench.save(LEAD, _with(live, answer), base=live, replacing=KEY)


def _with(fields: Any, answer: str) -> Any:
    return type(fields)(**{**fields.__dict__, "answer": answer})


# ---- entries


@pytest.mark.parametrize(("filters", "found"), [
    (("", "", "", "", "", ""), "122 entries, page 1 of 3"),
    (("", "zh", "", "", "", ""), "1 entry"),
    (("boots", "", "policy", "", "", ""), "1 entry"),
    (("", "", "", "", "", "expired"), "1 entry"),
    (("", "", "", "", "", "no such state"), "122 entries"),
    (("no such words", "", "", "", "", ""), "No entry fits"),
    ((None, None, None, None, None, None), "122 entries"),
])
def test_entries_are_searched_and_filtered(
    board: Board, filters: tuple[str, ...], found: str
) -> None:
    assert found in board.entries.show(LENA, *filters)


@pytest.mark.parametrize(("page", "given"), [
    ("2", 2), ("x", 1), ("-1", 1), ("9" * 30, 1), ("", 1), ("²", 1)])
def test_a_page_from_the_browser_is_a_number(page: str, given: int) -> None:
    assert given_page(event(page=page)) == given


def test_the_list_has_pages(board: Board) -> None:
    assert "page 3 of 3" in board.entries.turn(event(page="3"), LENA, *[""] * 6)


def test_an_entry_opens_from_anywhere(board: Board) -> None:
    tabs, hidden, shown, opened, *_ = board.open(event(id="tents-0", language="en"), LENA)
    assert (tabs["selected"], hidden["visible"], shown["visible"]) == ("entries", False, True)
    assert opened.key == KEY
    with pytest.raises(gr.Error, match="It is gone"):
        board.open(event(id="nothing", language="en"), LENA)


def test_only_leads_are_offered_a_new_entry(board: Board) -> None:
    offered = [board.load(who, *[""] * 6)[2]["visible"] for who in (LENA, VERA)]
    assert offered == [True, False]


# ---- publishing


def test_a_publish_that_loses_questions_needs_a_deliberate_yes(
    board: Board, workbench: StandIn
) -> None:
    workbench.losses = 2
    edit(workbench, "New.")
    drawn, accept = board.publish.check(LENA)
    assert accept["label"] == "Publish although 2 test questions are lost"
    refused, again, _ = board.publish.publish("", False, LENA)
    assert "Not published" in refused
    assert again["visible"]
    assert workbench.live[KEY].answer != "New."
    assert "Published as version" in board.publish.publish("", True, LENA)[0]
    assert workbench.live[KEY].answer == "New."
    assert "lost question 0" in drawn


def test_errors_in_the_draft_are_shown_and_stop_it(board: Board, workbench: StandIn) -> None:
    edit(workbench, "")
    assert "has no answer" in board.publish.check(LENA)[0]
    assert "Not published" in board.publish.publish("", True, LENA)[0]


def test_the_number_of_changes_stands_on_the_tab(board: Board, workbench: StandIn) -> None:
    assert board.publish.badge(LENA)["label"] == "Draft & publish"
    edit(workbench, "New.")
    assert board.publish.badge(LENA)["label"] == "Draft & publish (1)"


def test_changes_are_undone_and_discarded(board: Board, workbench: StandIn) -> None:
    edit(workbench, "New.")
    assert "Your draft is empty" in board.publish.undo(event(id="tents-0", language="en"), LENA)[0]
    edit(workbench, "New.")
    assert "Your draft is empty" in board.publish.discard(LENA)[0]


def test_files_on_disk_that_lose_questions_are_published_on_request(
    board: Board, workbench: StandIn
) -> None:
    workbench.disk_state = DiskState("losses")
    assert "publish_disk" in board.publish.load(LENA)[3]
    with pytest.raises(gr.Error, match="only a lead"):
        board.publish.publish_disk(VERA)
    assert "The files on disk are what shoppers get" in board.publish.publish_disk(LENA)[1]


# ---- history


def test_everything_can_be_rolled_back_after_a_look(board: Board, workbench: StandIn) -> None:
    before = workbench.live[KEY].answer
    edit(workbench, "New.")
    workbench.publish(LEAD, "New words")
    _, listed, drawn, shown, _ = board.history.load(LENA)
    assert "New words" in drawn
    assert "<ins>New" in shown
    oldest = listed.versions[-1].id
    way_back, rehearsal, _, panel = board.history.rehearse(event(version=oldest), LENA, listed)
    assert panel["visible"]
    assert "What changes" in rehearsal
    assert workbench.live[KEY].answer == "New."
    board.history.go_back(way_back, False, LENA)
    assert workbench.live[KEY].answer == before


def test_one_entry_is_rolled_back_alone(board: Board, workbench: StandIn) -> None:
    edit(workbench, "New.")
    workbench.publish(LEAD, "one")
    other = workbench.live["boots-2", "en"]
    workbench.publish_as("Otto", _with(other, "Otto's."))
    listed = board.history.load(LENA)[1]
    asked = event(version=listed.versions[-1].id, id="tents-0", language="en")
    way_back = board.history.rehearse(asked, LENA, listed)[0]
    board.history.go_back(way_back, False, LENA)
    assert workbench.live[KEY].answer != "New."
    assert workbench.live["boots-2", "en"].answer == "Otto's."


def test_a_return_that_loses_questions_needs_a_deliberate_yes(
    board: Board, workbench: StandIn
) -> None:
    workbench.losses = 1
    listed = board.history.load(LENA)[1]
    way_back = board.history.rehearse(event(version=listed.versions[0].id), LENA, listed)[0]
    assert "Not rolled back" in board.history.go_back(way_back, False, LENA)[0]
    assert board.history.go_back(way_back, True, LENA)[0] == ""


def test_the_history_of_one_entry(board: Board, workbench: StandIn) -> None:
    workbench.publish_as("Otto", _with(workbench.live["boots-2", "en"], "Otto's."))
    edit(workbench, "New.")
    workbench.publish(LEAD, "Lena's")
    drawn = board.history_of(event(id="tents-0", language="en"), LENA)[3]
    assert "Lena&#x27;s" in drawn
    assert "Changes boots-2" not in drawn


def test_versions_come_page_by_page(board: Board, workbench: StandIn) -> None:
    for n in range(40):
        workbench.publish_as("Otto", _with(workbench.live[KEY], f"text {n}"))
    listed = board.history.load(LENA)[1]
    assert (len(listed.versions), listed.more) == (30, True)
    older = board.history.older(event(version=listed.versions[-1].id), LENA, None)[1]
    assert (len(older.versions), older.more, older.first) == (11, False, False)


# ---- gaps, products, import, ask


def test_a_gap_becomes_an_entry_in_the_form(board: Board, workbench: StandIn) -> None:
    filled = board.make_of_gap(event(gap="gap0"), LENA)
    assert filled[3].key == ("can-i-pick-up-my-order-in-the-shop", "en")
    assert "Open its entry" in board.gaps.show(LENA, "drafted")


def test_a_gaps_question_is_asked_again(board: Board) -> None:
    asked = event(question="boots", language="xx<script>")
    tab, question, language, drawn = board.ask_of_gap(asked, LENA)
    assert (tab["selected"], question, language) == ("ask", "boots", "")
    assert "It answers" in drawn


def test_a_gap_is_dismissed_and_brought_back(board: Board, workbench: StandIn) -> None:
    board.gaps.dismiss(event(gap="gap0"), LENA, "open")
    assert workbench.gap_states["gap0"].status == "dismissed"
    board.gaps.reopen(event(gap="gap0"), LENA, "dismissed")
    assert workbench.gap_states["gap0"].status == "open"


def test_a_feed_is_looked_at_before_it_is_used(board: Board, workbench: StandIn) -> None:
    feed, report = board.products.look(uploaded("feed.csv", b"id\nA"), LENA)
    assert 'data-do="use"' in report
    assert not workbench.draft(LEAD).changes
    assert "is in your draft" in board.products.use(LENA, feed)[1]
    assert workbench.draft(LEAD).changes[0].kind == "file"


def test_an_upload_is_deleted_once_it_is_read(board: Board) -> None:
    upload = uploaded("feed.csv", b"id\nbad")
    feed, report = board.products.look(upload, LENA)
    assert feed is None, "it has mistakes"
    assert "products.csv:2:9" in report
    assert not Path(upload._data["path"]).exists()


@pytest.mark.parametrize(("path", "name", "told"), [
    ("/etc/passwd", "feed.csv", "did not arrive"),
    ("../../shop.toml", "feed.csv", "did not arrive"),
    ("", "feed.csv", "did not arrive"),
])
def test_only_uploads_are_read(board: Board, path: str, name: str, told: str) -> None:
    with pytest.raises(gr.Error, match=told):
        board.products.look(event(path=path, name=name), LENA)


def test_other_kinds_of_files_are_refused(board: Board) -> None:
    with pytest.raises(gr.Error, match=r"upload \.csv, \.tsv, \.jsonl"):
        board.products.look(uploaded("feed.exe", b"MZ"), LENA)


def test_an_upload_has_no_folders_in_its_name(board: Board, workbench: StandIn) -> None:
    path = uploaded("doc.html", b"x")._data["path"]
    board.imports.take(event(path=path, name="../../x/doc.html"), LENA, "en")
    assert workbench.files["Lena"] == ["policies/doc.en.md"]


def test_a_document_becomes_a_draft_with_notes(board: Board, workbench: StandIn) -> None:
    _, drawn = board.imports.take(uploaded("doc.html", b"<script>x</script>"), LENA, "en")
    assert "A picture was left out" in drawn
    assert "<script" not in drawn
    assert workbench.draft(LEAD).changes[0].key == ("policies/doc.en.md", "")


def test_a_document_that_replaces_a_live_file_says_so(board: Board) -> None:
    assert "is live already" in board.imports.take(uploaded("returns.html", b"x"), LENA, "en")[1]
    assert "is live already" not in board.imports.take(uploaded("new.html", b"x"), LENA, "en")[1]


def test_a_documents_passages_become_entries_to_edit(board: Board, workbench: StandIn) -> None:
    board.imports.take(uploaded("rent.html", b"x"), LENA, "en")
    text = "---\nid: rent\nlanguage: en\n---\n# Rent\n\n## Deposit\n$50 a tent.\n\n## Empty\n"
    document = ImportedDocument("policies/rent.en.md", text, ())
    kept, drawn = board.imports.make_entries(LENA, document)
    assert kept is None
    assert "1 entry made" in drawn
    (change,) = workbench.draft(LEAD).changes
    made = workbench.entry(LEAD, change.key).mine
    assert made is not None
    assert (made.question, made.answer, made.kind) == ("Deposit", "$50 a tent.", "faq")


def test_a_document_without_a_passage_stays_a_file(board: Board, workbench: StandIn) -> None:
    board.imports.take(uploaded("rent.html", b"x"), LENA, "en")
    with pytest.raises(gr.Error, match="No passage"):
        board.imports.make_entries(LENA, ImportedDocument("policies/rent.en.md", "", ()))
    assert len(workbench.draft(LEAD).changes) == 1


@pytest.mark.parametrize("do", [
    lambda b: b.publish.publish("", True, VERA),
    lambda b: b.publish.discard(VERA),
    lambda b: b.gaps.dismiss(event(gap="gap0"), VERA, "open"),
    lambda b: b.make_of_gap(event(gap="gap0"), VERA),
    lambda b: b.imports.take(uploaded("doc.html", b"x"), VERA, "en"),
    lambda b: b.imports.make_entries(VERA, DOCUMENT),
    lambda b: b.products.look(uploaded("feed.csv", b"x"), VERA),
    lambda b: b.history.go_back(("0" * 40, None), True, VERA),
], ids=["publish", "discard", "dismiss", "make", "import", "split",
        "feed", "roll back"])
def test_viewers_are_refused(board: Board, do: Any) -> None:
    with pytest.raises(gr.Error, match=r"[Oo]nly a lead"):
        do(board)


@pytest.mark.parametrize("do", [
    lambda b, who: b.load(who, *[""] * 6),
    lambda b, who: b.entries.show(who, *[""] * 6),
    lambda b, who: b.ask.ask("boots", "", "live", who),
    lambda b, who: b.publish.load(who),
    lambda b, who: b.history.load(who),
    lambda b, who: b.gaps.show(who, "open"),
    lambda b, who: b.products.show(who, ""),
    lambda b, who: b.imports.load(who),
    lambda b, who: b.ask_of_gap(event(question="boots"), who),
], ids=["load", "entries", "ask", "draft", "history", "gaps", "products", "import",
        "ask of a gap"])
def test_nobody_sees_a_page_signed_out(board: Board, do: Any) -> None:
    with pytest.raises(gr.Error, match="signed out"):
        do(board, as_("nobody"))


def test_the_bot_is_asked_with_the_draft(board: Board, workbench: StandIn) -> None:
    edit(workbench, "Only in the draft.")
    asked = ("how long does delivery of tents take?", "en")
    assert "Only in the draft" in board.ask.ask(*asked, "draft", LENA)
    assert "Only in the draft" not in board.ask.ask(*asked, "live", LENA)


def test_a_refusal_is_text_and_no_markup() -> None:
    assert refusal("<b>&\nx").message == "&lt;b&gt;&amp;<br>x"
