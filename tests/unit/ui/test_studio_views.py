from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from studio_stand_in import EVIL, entry_of, made_up

from bot.evaluation import Graded, Outcome
from bot.gaps.grouping import Gap
from bot.gaps.store import GapView
from bot.publishing.values import (
    Asked,
    AskedHit,
    Check,
    Comparison,
    Conflict,
    DiskState,
    DraftChange,
    DraftView,
    EntryPage,
    EntryRow,
    FeedReport,
    ProductPage,
    ProductRow,
    Rehearsal,
)
from knowledge.editing.fields import EntryFields
from knowledge.entries import Content, Problem, Source
from knowledge.formats.questions import Question
from knowledge.versions.changes import Changes, EntryChange, compare
from knowledge.versions.store import Version
from ui.studio import elements
from ui.studio.ask_view import reason_in_words, render_asked
from ui.studio.changes_view import MOST, render_changes, render_diff, render_sides
from ui.studio.entries_view import render_entries
from ui.studio.form_view import Opened, render_conflict, render_heading, render_preview
from ui.studio.gaps_view import render_gaps
from ui.studio.history_view import render_return, render_version, render_versions
from ui.studio.products_view import render_feed, render_products
from ui.studio.publish_view import render_disk, render_draft, render_rehearsal

AT = datetime(2026, 11, 22, tzinfo=UTC)
FIELDS = EntryFields(
    id=EVIL, language=EVIL, question=EVIL, answer=EVIL, intent=EVIL, phrasings=(EVIL,),
    tests=(EVIL,), tags=(EVIL,), valid_from=EVIL, valid_until=EVIL, file=EVIL)
OTHER = EntryFields(id="b", language="en", question="b", answer="b", intent="b", phrasings=("b",))
KEY = (EVIL, EVIL)
PROBLEM = Problem(EVIL, 3, 7, EVIL)
VERSION = Version("a" * 40, None, EVIL, AT, f"{EVIL}\n{EVIL}")
ENTRY = replace(entry_of(FIELDS), valid_from=None)
CHANGES = Changes((
    EntryChange(KEY, "changed", EVIL, entry_of(OTHER), ENTRY, (EVIL,)),
    EntryChange(KEY, "added", EVIL, None, ENTRY, (EVIL,)),
    EntryChange(KEY, "removed", EVIL, ENTRY, None, (EVIL,))), (EVIL,))
CONFLICT = Conflict(KEY, None, FIELDS, OTHER)
GRADED = Graded(Question(EVIL, EVIL, frozenset({EVIL}), Source(EVIL, 1)), Outcome.WRONG,
                frozenset({EVIL}), EVIL)
COMPARISON = Comparison(3, 2, 1, (GRADED,), (GRADED,), (GRADED,), (GRADED,))
REHEARSAL = Rehearsal(CHANGES, (PROBLEM, replace(PROBLEM, warning=True)), (CONFLICT,), COMPARISON)
HIT = AskedHit(KEY, EVIL, EVIL, 1, 0.4, 0.5, 0.6, EVIL, 3)
ASKED = Asked(EVIL, EVIL, EVIL, 0.5, False, (HIT,), 0.52, "starts a flow", EVIL, EVIL, KEY, EVIL)
GAP = Gap(EVIL, EVIL, EVIL, ((EVIL, 2),), 2, (("unsure", 2),), (), AT, AT)
ROW = EntryRow(KEY, EVIL, EVIL, "faq", EVIL, (EVIL,), EVIL, 3, "changed")
PRODUCT = ProductRow(EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, 3)

DRAWN: dict[str, Callable[[], str]] = {
    "entries": lambda: render_entries(EntryPage((ROW,), 120, 2, 3)),
    "heading": lambda: render_heading(
        Opened(KEY, FIELDS, FIELDS, live=True, others=(EVIL,)), EVIL, lead=True, saved=EVIL),
    "preview": lambda: render_preview(FIELDS, Check((PROBLEM,))),
    "conflict": lambda: render_conflict(CONFLICT, inside_form=True),
    "removed by them": lambda: render_conflict(replace(CONFLICT, theirs=None), inside_form=False),
    "draft": lambda: render_draft(DraftView((
        DraftChange(KEY, "changed", EVIL), DraftChange((EVIL, ""), "file", EVIL)), (CONFLICT,))),
    "rehearsal": lambda: render_rehearsal(REHEARSAL),
    "disk": lambda: render_disk(DiskState("losses", REHEARSAL, EVIL), lead=True),
    "broken disk": lambda: render_disk(DiskState("problems", REHEARSAL, EVIL), lead=True),
    "versions": lambda: render_versions((VERSION,), key=KEY, more=True),
    "version": lambda: render_version(VERSION, CHANGES, lead=True, live=False),
    "return": lambda: render_return(REHEARSAL, VERSION, KEY),
    "asked": lambda: render_asked(ASKED),
    "gaps": lambda: render_gaps((GapView(GAP, "drafted", EVIL, EVIL, AT),), lead=True),
    "products": lambda: render_products(ProductPage((PRODUCT,), 1, 1, 1)),
    "feed": lambda: render_feed(FeedReport(EVIL, 1, (PROBLEM,), (EVIL,)), kept=False),
    "kept feed": lambda: render_feed(FeedReport(EVIL, 1, (), ()), kept=True),
    "notice": lambda: elements.notice(EVIL),
    "button": lambda: elements.button(EVIL, EVIL, {"x": EVIL}, confirm=EVIL),
    "upload": lambda: elements.upload_box(EVIL, EVIL, (EVIL,), max_mb=1),
}


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_scripts_are_shown_as_text(draw: Callable[[], str]) -> None:
    drawn = draw()
    assert "<script" not in drawn
    assert "&lt;script" in drawn
    assert 'alert("x")' not in drawn  # would end an attribute


@pytest.mark.parametrize(("before", "after", "shown"), [
    ("three days", "five days", ("<del>three</del>", "<ins>five</ins>", "days")),
    ("a", "a", ("a",)),
    ("", "<b>", ("<ins>&lt;b&gt;</ins>",)),
])
def test_a_difference_marks_words(before: str, after: str, shown: tuple[str, ...]) -> None:
    drawn = render_diff(before, after)
    assert all(part in drawn for part in shown)


def test_both_sides_of_a_conflict_mark_what_only_they_have() -> None:
    mine, theirs = replace(OTHER, answer="within nine days"), replace(OTHER, answer="within days")
    drawn = render_sides(mine, theirs, ("Yours", "Theirs"))
    yours, other = drawn.split("Theirs")
    assert "<mark>nine" in yours
    assert "nine" not in other


def test_many_changes_are_cut() -> None:
    entries = {k: f for k, f in made_up(MOST + 40).items() if k[1] == "en"}
    changes = compare(Content((), ()), Content(tuple(map(entry_of, entries.values())), ()))
    drawn = render_changes(changes)
    assert drawn.count("<details") == MOST
    assert f"and {len(changes.entries) - MOST} more entries" in drawn


@pytest.mark.parametrize(("rehearsal", "told"), [
    (Rehearsal(Changes((), ()), (), (), replace(COMPARISON, lost=())), "Ready to publish"),
    (Rehearsal(Changes((), ()), (), (), COMPARISON), "1 test question would be lost"),
    (Rehearsal(Changes((), ()), (PROBLEM,), (), None), "Mend the errors"),
    (Rehearsal(Changes((), ()), (), (CONFLICT,), None), "Somebody published other versions"),
])
def test_a_rehearsal_says_whether_it_can_go_live(rehearsal: Rehearsal, told: str) -> None:
    assert told in render_rehearsal(rehearsal)


def test_warnings_about_the_change_come_before_those_that_were_there() -> None:
    changed = EntryChange(("b", "en"), "added", "b", None, replace(
        entry_of(OTHER), source=Source("faq/b.md", 3)), ())
    warnings = tuple(Problem(file, line, 1, what, warning=True) for file, line, what in (
        ("faq/b.md", 3, "here"), ("faq/z.md", 9, "almost the same as 'b'"), ("faq/z.md", 3, "old")))
    drawn = render_rehearsal(Rehearsal(Changes((changed,), ()), warnings, (), COMPARISON))
    own, others = drawn.split("1 warning about other entries")
    assert "here" in own
    assert "almost the same" in own
    assert "old" in others


def test_an_error_never_claims_that_nothing_changes() -> None:
    assert "Nothing changes" not in render_rehearsal(
        Rehearsal(Changes((), ()), (PROBLEM,), (), None))


@pytest.mark.parametrize(("status", "lead", "offered"), [
    ("losses", True, True), ("losses", False, False), ("same", True, False),
    ("problems", True, False), ("changed", True, False), ("off", True, False),
])
def test_only_a_lead_may_publish_files_that_lose_questions(
    status: str, lead: bool, offered: bool
) -> None:
    disk = DiskState(status, REHEARSAL)  # type: ignore[arg-type]
    assert ('data-do="publish_disk"' in render_disk(disk, lead=lead)) is offered


@pytest.mark.parametrize(("opened", "lead", "offered"), [
    (Opened(None, OTHER, None), True, {"back", "save"}),
    (Opened(("b", "en"), OTHER, OTHER, live=True), True, {"back", "save", "remove", "history"}),
    (Opened(("b", "en"), OTHER, None, changed=True), True, {"back", "save", "undo", "remove"}),
    (Opened(("b", "en"), OTHER, OTHER, live=True, changed=True, removed=True), True,
     {"back", "save", "undo", "history"}),
    (Opened(("b", "en"), OTHER, OTHER, live=True), False, {"back", "history"}),
])
def test_the_form_offers_what_can_be_done(opened: Opened, lead: bool, offered: set[str]) -> None:
    drawn = render_heading(opened, "b", lead=lead)
    assert {e for e in ("back", "save", "undo", "remove", "history")
            if f'data-do="{e}"' in drawn} == offered


def test_somebody_elses_unpublished_change_is_told() -> None:
    drawn = render_heading(Opened(("b", "en"), OTHER, OTHER, others=("Otto",)), "b", lead=True)
    assert "Otto has an unpublished change to this, too." in drawn


@pytest.mark.parametrize(("status", "lead", "offered"), [
    ("open", True, {"make", "dismiss"}), ("dismissed", True, {"reopen"}), ("solved", True, set()),
    ("open", False, set()),
])
def test_a_gap_offers_what_can_be_done(status: str, lead: bool, offered: set[str]) -> None:
    drawn = render_gaps((GapView(GAP, status),), lead=lead)  # type: ignore[arg-type]
    assert {e for e in ("make", "dismiss", "reopen") if f'data-do="{e}"' in drawn} == offered


def test_a_feed_with_mistakes_cannot_be_used() -> None:
    assert 'data-do="use"' in render_feed(FeedReport("p.csv", 2, (), ()), kept=False)
    assert 'data-do="use"' not in render_feed(FeedReport("p.csv", 2, (PROBLEM,), ()), kept=False)


def test_a_feed_with_mistakes_claims_no_changes() -> None:
    removed = ("product removed: Tent",)
    assert "removed" in render_feed(FeedReport("p.csv", 2, (), removed), kept=False)
    assert "removed" not in render_feed(FeedReport("p.csv", 2, (PROBLEM,), removed), kept=False)


@pytest.mark.parametrize(("reason", "told"), [
    ("confident intent", "The topic is clear."),
    ("answer 0.97", "An entry is probable enough: 97 %."),
    ("answer 0.40 below threshold 0.86", "The best entry has 40 %, and 86 % are needed."),
    ("answer none below threshold 0.86", "No entry was found."),
    ("fills size", "fills size"),
])
def test_a_decision_is_told_in_words(reason: str, told: str) -> None:
    assert reason_in_words(reason) == told


def test_a_gaps_question_is_asked_without_what_is_masked() -> None:
    gap = replace(GAP, questions=(("where is [order]?", 1),), language="en")
    assert 'data-question="where is?"' in render_gaps((GapView(gap, "open"),), lead=False)


def test_a_hit_below_the_threshold_looks_so() -> None:
    drawn = render_asked(replace(ASKED, hits=(HIT, replace(HIT, probability=0.9))))
    assert drawn.count('class="bar under"') == 1
    assert drawn.count('class="bar over"') == 1


def test_the_list_leads_to_neighbours_only() -> None:
    drawn = elements.pager(1, 3, 120, what="entry")
    assert "120 entries, page 1 of 3" in drawn
    assert drawn.count("disabled") == 2


def test_an_answer_in_the_list_has_no_markdown() -> None:
    assert "For tents it takes" in render_entries(
        EntryPage((replace(ROW, answer_start="For **tents** it [takes](https://x.example"),), 1, 1,
                  1))


def test_old_versions_can_be_rolled_back_by_leads_only() -> None:
    live = render_version(VERSION, CHANGES, lead=True, live=True)
    viewer = render_version(VERSION, CHANGES, lead=False, live=False)
    lead = render_version(VERSION, CHANGES, lead=True, live=False)
    assert [d.count('data-do="back_to"') for d in (live, viewer, lead)] == [0, 0, 4]
