import asyncio
from dataclasses import asdict, replace
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from studio_stand_in import LEAD, VIEWER, StandIn

from bot.publishing.values import User
from ui.studio.desk import Desk
from ui.studio.form import EntryForm
from ui.studio.form_view import Opened

KEY = ("tents-0", "en")
NAMES = ("question", "phrasings", "tests", "answer", "intent", "tags", "valid_from", "valid_until",
         "language", "file", "id")


class ByCookie:
    def user(self, request: Any) -> User | None:
        return {"lead": LEAD, "viewer": VIEWER}.get(request.cookies.get("who", ""))


def as_(who: str) -> Any:
    return SimpleNamespace(cookies={"who": who})


@pytest.fixture(scope="module")
def built() -> tuple[StandIn, EntryForm]:
    """One form for all tests: to make it takes longer than to use it."""
    workbench = StandIn(20)

    async def build() -> EntryForm:  # Gradio's blocks want a running loop
        with gr.Blocks(analytics_enabled=False):
            return EntryForm(Desk(workbench, ByCookie()))  # type: ignore[arg-type]

    return workbench, asyncio.run(build())


@pytest.fixture
def workbench(built: tuple[StandIn, EntryForm]) -> StandIn:
    built[0].reset()
    return built[0]


@pytest.fixture
def form(built: tuple[StandIn, EntryForm], workbench: StandIn) -> EntryForm:
    return built[1]


def values(opened: Opened, **typed: Any) -> list[Any]:
    """What the browser sends for the form: all fields, some of them typed anew."""
    shown = asdict(opened.fields)
    shown |= {"phrasings": "\n".join(opened.fields.phrasings),
              "tests": "\n".join(opened.fields.tests), "tags": list(opened.fields.tags)} | typed
    return [shown[name] for name in NAMES]


def test_a_saved_entry_keeps_all_its_fields(form: EntryForm, workbench: StandIn) -> None:
    opened = form.open(LEAD, KEY)[0]
    form.save(as_("lead"), opened, *values(opened, answer="New.", phrasings=" one \n\ntwo"))
    kept = workbench.entry(LEAD, KEY).mine
    assert kept == replace(workbench.live[KEY], answer="New.", phrasings=("one", "two"))


def test_a_save_does_not_touch_the_text_in_the_form(form: EntryForm) -> None:
    opened = form.open(LEAD, KEY)[0]
    updates = form.save(as_("lead"), opened, *values(opened, answer="New."))[4:]
    assert len(updates) == 3  # language, file and id


def test_what_a_saved_entry_is_called_is_not_taken_from_the_browser(
    form: EntryForm, workbench: StandIn
) -> None:
    opened = form.open(LEAD, KEY)[0]
    forged = values(opened, id="boots-2", language="zh", file="../../shop.toml")
    form.save(as_("lead"), opened, *forged)
    assert list(workbench.drafts["Lena"]) == [KEY]
    assert workbench.entry(LEAD, KEY).mine == workbench.live[KEY]


def test_a_new_entry_gets_an_id_and_a_file(form: EntryForm, workbench: StandIn) -> None:
    opened = form.open_new(LEAD)[0]
    now = form.save(as_("lead"), opened, *values(opened, question="Do you sell kayaks?"))[0]
    assert now.key == ("do-you-sell-kayaks", "en")
    form.save(as_("lead"), now, *values(now, answer="Yes."))
    assert [m.mine.answer for m in workbench.drafts["Lena"].values() if m.mine] == ["Yes."]


def test_without_a_question_nothing_is_saved(form: EntryForm, workbench: StandIn) -> None:
    opened = form.open_new(LEAD)[0]
    with pytest.raises(gr.Error, match="Write the question"):
        form.save(as_("lead"), opened, *values(opened, answer="Yes."))
    assert not workbench.drafts


def test_the_second_of_two_editors_sees_both_texts(form: EntryForm, workbench: StandIn) -> None:
    opened = form.open(LEAD, KEY)[0]
    workbench.publish_as("Otto", replace(workbench.live[KEY], answer="Otto's text."))
    now, _, conflict, *_ = form.save(as_("lead"), opened, *values(opened, answer="Lena's text."))
    assert "Otto" in conflict
    assert "Lena" in conflict
    assert form.save(as_("lead"), now, *values(now, answer="Later."))[2], "still to be settled"
    settled = form.keep_mine(as_("lead"), now)[0]
    assert workbench.draft(LEAD).conflicts == ()
    assert not form.save(as_("lead"), settled, *values(settled, answer="Later."))[2]


def test_their_text_replaces_mine_on_request(form: EntryForm, workbench: StandIn) -> None:
    opened = form.open(LEAD, KEY)[0]
    workbench.publish_as("Otto", replace(workbench.live[KEY], answer="Otto's text."))
    now = form.save(as_("lead"), opened, *values(opened, answer="Lena's text."))[0]
    assert form.take_theirs(as_("lead"), now)[0].fields.answer == "Otto's text."
    assert not workbench.draft(LEAD).changes


def test_a_published_entry_can_be_edited_on_without_a_conflict(
    form: EntryForm, workbench: StandIn
) -> None:
    opened = form.open(LEAD, KEY)[0]
    saved = form.save(as_("lead"), opened, *values(opened, answer="New."))[0]
    workbench.publish(LEAD, "new")
    fresh = form.refresh(as_("lead"), saved, *values(saved, answer="New, and more"))[0]
    assert not form.save(as_("lead"), fresh, *values(fresh, answer="New, and more."))[2]


def test_work_on_other_pages_never_overwrites_unsaved_text(
    form: EntryForm, workbench: StandIn
) -> None:
    opened = form.open(LEAD, KEY)[0]
    workbench.publish_as("Otto", replace(workbench.live[KEY], answer="Otto's text."))
    kept = form.refresh(as_("lead"), opened, *values(opened, answer="typed"))
    assert all(update == gr.skip() for update in kept)
    fresh = form.refresh(as_("lead"), opened, *values(opened))
    assert fresh[0].fields.answer == "Otto's text."


def test_a_removed_entry_can_be_undone(form: EntryForm, workbench: StandIn) -> None:
    opened = form.open(LEAD, KEY)[0]
    now = form.remove(as_("lead"), opened)[0]
    assert now.removed
    assert workbench.draft(LEAD).changes[0].kind == "removed"
    assert not form.undo(LEAD, now)[0].removed


def test_a_reload_brings_unsaved_text_back(form: EntryForm, workbench: StandIn) -> None:
    opened = form.open(LEAD, KEY)[0]
    kept = {"key": list(KEY), "fields": asdict(opened.fields), "base": asdict(opened.base),
            "typed": values(opened, answer="typed")}
    workbench.publish_as("Otto", replace(workbench.live[KEY], answer="Otto's text."))
    filled = form.restore(gr.EventData(None, _jsonlike(kept)), as_("lead"))
    assert filled[4 + NAMES.index("answer")]["value"] == "typed"
    conflict = form.save(as_("lead"), filled[0], *values(opened, answer="typed"))[2]
    assert "Otto" in conflict, "what it was based on is remembered, too"


@pytest.mark.parametrize("kept", [
    None, [], {"key": 7, "fields": [], "base": "x", "typed": "y"}, {"key": ["a"], "typed": [1]},
    {"key": ["gone", "en"], "fields": {"id": "gone", "language": "en", "kind": "x", "tags": "t"},
     "typed": [None] * 11},
], ids=str)
def test_what_the_browser_kept_may_be_anything(form: EntryForm, kept: Any) -> None:
    filled = form.restore(gr.EventData(None, kept), as_("lead"))
    assert len(filled) == len(form.outputs)


def test_the_preview_names_problems_while_typing(form: EntryForm) -> None:
    opened = form.open(LEAD, KEY)[0]
    drawn = form.typed(as_("lead"), opened, *values(opened, answer="[x](javascript:alert(1))"))
    assert "faq/part0.en.md:9:5" in drawn
    assert "href" not in drawn


def test_a_new_entry_that_was_saved_is_checked_as_a_new_one(
    form: EntryForm, workbench: StandIn
) -> None:
    fresh = form.open_new(LEAD)[0]
    saved = form.save(as_("lead"), fresh, *values(fresh, question="Do you hire?", answer="Yes."))[0]
    assert "No problems found" in form.typed(as_("lead"), saved, *values(saved))


def test_viewers_look_only(form: EntryForm, workbench: StandIn) -> None:
    opened, heading, *rest = form.open(VIEWER, KEY)
    assert 'data-do="save"' not in heading
    assert not any(update["interactive"] for update in rest[2:])
    with pytest.raises(gr.Error, match="only a lead"):
        form.save(as_("viewer"), opened, *values(opened, answer="New."))
    assert not workbench.draft(VIEWER).changes


def test_a_session_that_ended_says_what_to_do(form: EntryForm) -> None:
    opened = form.open(LEAD, KEY)[0]
    with pytest.raises(gr.Error, match="Sign in again in another tab"):
        form.save(as_("nobody"), opened, *values(opened))


def _jsonlike(value: Any) -> Any:
    """Tuples become lists on the way through a browser."""
    if isinstance(value, dict):
        return {name: _jsonlike(one) for name, one in value.items()}
    return [_jsonlike(one) for one in value] if isinstance(value, (list, tuple)) else value
