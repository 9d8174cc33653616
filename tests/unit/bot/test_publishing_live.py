"""What shoppers get while knowledge changes under them."""

import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lead_bench import ANN, DELIVERY, Bench, write_shop
from stand_ins import no_vector

from bot.answers import Answers, Query
from bot.shop import ShopFiles

WEEKEND = "Do you deliver on weekends?"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, demo: ShopFiles) -> Bench:
    return Bench(write_shop(tmp_path_factory.mktemp("shop")), demo.domain, demo.flows)


def test_under_constant_queries_an_edit_gives_no_error_and_no_mixed_answer(bench: Bench) -> None:
    """Both entries always carry the same number; a reader must never see two."""
    answers = Answers(bench.live, no_vector)
    failed: list[object] = []
    seen: set[str] = set()
    stop = threading.Event()

    def ask() -> None:
        try:
            while not stop.is_set():
                with answers.one_version():
                    told = {
                        answers.find(Query(text, "en")).hits[0].entry.answer
                        for text in (WEEKEND, "How long does delivery take?")
                    }
                seen.update(told)
                if len(told) != 1:
                    failed.append(told)
        except Exception as error:  # whatever it is, the test must know
            failed.append(error)

    def publish(number: int) -> None:
        for id_ in ("weekend-delivery", "delivery-period"):
            bench.change(ANN, id_, answer=f"Number {number}.")
        bench.releases.publish(ANN, "")

    publish(0)
    readers = [threading.Thread(target=ask) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 6):
        publish(number)
    stop.set()
    for reader in readers:
        reader.join()
    assert failed == []
    assert len(seen) > 1
    bench.file("faq/delivery.en.md").write_text(DELIVERY)
    bench.publisher.take_disk()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(["faq/odd.en.md", "faq/odd.yml", "policies/odd.en.md", "products.csv"]),
    st.one_of(
        st.binary(max_size=200),
        st.lists(
            st.sampled_from(
                ["---\n", "language: en\n", "## A? {#a}\n", "text\n", "> b\n", "entries:\n",
                 "  - id: x\n", "    question: q\n", "    answer: |\n", "\x00", "\t", "{", "[",
                 "id,title\n", '"', "# T\n", "```\n", "product:Z"]
            ),
            max_size=12,
        ).map(lambda parts: "".join(parts).encode()),
    ),
)  # fmt: skip
def test_no_file_takes_the_live_index_down(bench: Bench, name: str, data: bytes) -> None:
    path = bench.file(name)
    before = path.read_bytes() if path.exists() else None
    path.write_bytes(data)
    state = bench.publisher.take_disk()
    assert state.status in ("same", "problems", "losses")
    if state.status == "problems":
        assert state.rehearsal is not None
        assert state.rehearsal.errors
    assert bench.answer(WEEKEND) == "We deliver on Saturdays."
    path.unlink() if before is None else path.write_bytes(before)
    assert bench.publisher.take_disk().status == "same"


def test_a_watcher_takes_changes_over(tmp_path: Path, demo: ShopFiles) -> None:
    from bot.publishing.watching import KnowledgeWatcher

    bench = Bench(write_shop(tmp_path / "shop"), demo.domain, demo.flows)
    published = threading.Event()
    bench.publisher.on_publish(lambda _: published.set())
    watcher = KnowledgeWatcher(bench.publisher)
    watcher.start()
    try:
        path = bench.file("faq/delivery.en.md")
        for attempt in range(20):  # until the watch has begun
            path.write_text(DELIVERY.replace("on Saturdays", f"daily {attempt}"))
            if published.wait(timeout=1):
                break
        assert bench.answer(WEEKEND).startswith("We deliver daily")
    finally:
        watcher.stop()
