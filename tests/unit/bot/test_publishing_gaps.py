"""From a question asked in vain to an entry that answers it."""

from dataclasses import replace
from pathlib import Path

import pytest
from lead_bench import ANN, VIC, Bench, WordEncoder, write_shop
from sqlalchemy import Engine

from bot.dialogue.tracker import user_event
from bot.gaps.store import GapStore, GapView
from bot.messages import Shopper
from bot.publishing.gap_desk import GapDesk
from bot.publishing.values import NotAllowed
from bot.shop import ShopFiles
from bot.storage.conversations import ConversationStore

ASKED = ("can i pay by invoice", "can i pay by invoice please", "can i pay by invoice now")


@pytest.fixture
def bench(tmp_path: Path, demo: ShopFiles) -> Bench:
    return Bench(write_shop(tmp_path / "shop"), demo.domain, demo.flows)


@pytest.fixture
def conversations(engine: Engine) -> ConversationStore:
    return ConversationStore(engine)


@pytest.fixture
def desk(bench: Bench, conversations: ConversationStore, engine: Engine) -> GapDesk:
    desk = GapDesk(
        conversations,
        GapStore(engine),
        bench.live,
        bench.editing,
        bench.publisher._examiner,
        WordEncoder().encode,
    )
    bench.publisher.on_publish(desk.check_drafted)
    return desk


def ask_in_vain(store: ConversationStore, *texts: str, channel: str = "web") -> None:
    for number, text in enumerate(texts):
        name = f"{channel}-{number}-{text}"
        store.open(name, Shopper())
        repair = {"event": "repair", "decision": "out of scope", "language": "en"}
        store.append(name, 0, [user_event(text, {}, channel), repair])


def only(desk: GapDesk) -> GapView:
    [view] = desk.views()
    return view


def write_answer(bench: Bench, id_: str, answer: str) -> None:
    mine = bench.editing.entry(ANN, (id_, "en")).mine
    assert mine is not None
    bench.editing.save(ANN, replace(mine, answer=answer), base=None, replacing=mine.key)


def test_questions_asked_in_vain_are_one_gap(
    desk: GapDesk, conversations: ConversationStore
) -> None:
    ask_in_vain(conversations, *ASKED)
    view = only(desk)
    assert (view.status, view.gap.count) == ("open", 3)
    assert {text for text, _ in view.gap.questions} == set(ASKED)


def test_questions_of_an_evaluation_are_no_gap(
    desk: GapDesk, conversations: ConversationStore
) -> None:
    ask_in_vain(conversations, *ASKED, channel="test")
    assert desk.views() == ()


def test_a_gap_becomes_an_entry_in_the_draft_with_its_questions(
    bench: Bench, desk: GapDesk, conversations: ConversationStore
) -> None:
    ask_in_vain(conversations, *ASKED)
    fields = desk.draft(ANN, only(desk).gap.id)
    drafted = bench.editing.entry(ANN, fields.key)
    assert drafted.mine == fields
    assert drafted.live is None
    assert {fields.question, *fields.phrasings, *fields.tests} == set(ASKED)
    assert fields.phrasings
    assert fields.tests
    assert (only(desk).status, only(desk).entry, only(desk).by) == ("drafted", fields.id, "Ann")
    assert not bench.releases.rehearse(ANN).publishable  # the answer is still to be written


def test_a_gap_that_is_answered_after_publishing_is_solved(
    bench: Bench, desk: GapDesk, conversations: ConversationStore
) -> None:
    ask_in_vain(conversations, *ASKED)
    fields = desk.draft(ANN, only(desk).gap.id)
    bench.change(ANN, "weekend-delivery", answer="Changed.")
    bench.editing.undo(ANN, ("weekend-delivery", "en"))
    assert only(desk).status == "drafted"
    write_answer(bench, fields.id, "Yes, within 14 days.")
    bench.releases.publish(ANN, "", accept_losses=True)
    assert bench.answer(ASKED[0]) == "Yes, within 14 days."
    assert only(desk).status == "solved"


def test_a_gap_that_its_entry_doesn_t_answer_stays_open_until_it_does(
    bench: Bench, desk: GapDesk, conversations: ConversationStore
) -> None:
    ask_in_vain(conversations, *ASKED)
    fields = desk.draft(ANN, only(desk).gap.id)
    away = replace(
        fields, question="Do you rent skis?", phrasings=(), tests=(), answer="In winter, yes."
    )
    bench.editing.save(ANN, away, base=None, replacing=fields.key)
    bench.releases.publish(ANN, "")
    assert only(desk).status == "still open after publish"
    bench.change(ANN, fields.id, question=fields.question, phrasings=ASKED, answer="Yes.")
    bench.releases.publish(ANN, "")
    assert only(desk).status == "solved"


def test_a_publish_without_the_drafted_entry_leaves_the_gap_drafted(
    bench: Bench, desk: GapDesk, conversations: ConversationStore
) -> None:
    ask_in_vain(conversations, *ASKED)
    fields = desk.draft(ANN, only(desk).gap.id)
    bench.editing.undo(ANN, fields.key)
    bench.change(ANN, "weekend-delivery", answer="Changed.")
    bench.releases.publish(ANN, "")
    assert only(desk).status == "drafted"


def test_a_gap_that_needs_no_entry_is_dismissed_and_can_come_back(
    desk: GapDesk, conversations: ConversationStore
) -> None:
    ask_in_vain(conversations, *ASKED)
    desk.dismiss(ANN, only(desk).gap.id)
    assert (only(desk).status, only(desk).by) == ("dismissed", "Ann")
    desk.reopen(ANN, only(desk).gap.id)
    assert only(desk).status == "open"


def test_viewers_do_nothing_about_gaps(
    bench: Bench, desk: GapDesk, conversations: ConversationStore
) -> None:
    ask_in_vain(conversations, *ASKED)
    gap = only(desk).gap.id
    for attempt in (desk.draft, desk.dismiss, desk.reopen):
        with pytest.raises(NotAllowed):
            attempt(VIC, gap)
    assert only(desk).status == "open"
    assert bench.editing.draft(VIC).changes == ()


@pytest.mark.parametrize("act", [GapDesk.draft, GapDesk.dismiss])
def test_a_gap_that_there_is_not_is_a_key_error(desk: GapDesk, act: object) -> None:
    with pytest.raises(KeyError):
        act(desk, ANN, "gone")  # type: ignore[operator]
