"""A server takes another intent model into use while turns are under way."""

import asyncio
import logging
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from lead_bench import ANN, Bench, write_shop
from scripted_intents import right_on, scripted
from stand_ins import no_vector

from bot.answers import Answers
from bot.errors import ModelError
from bot.intent_models.model import IntentModel
from bot.intent_models.serving import IntentFollower, LiveUnderstander, understand_each
from bot.intent_models.standing import ModelRecord
from bot.intent_models.store import ModelStore
from bot.publishing.values import CannotPublish
from bot.shop import ShopFiles
from knowledge.index.answer_model import FEATURES, AnswerModel, Fusion, LanguageFusion
from knowledge.index.answering import Labelled
from nlu.language import detect_language
from nlu.understanding import IntentRank, Understanding


def sure(probability: float) -> IntentModel:
    """A model that gives every text the same probability."""

    def understand(texts: Sequence[str]) -> list[Understanding]:
        ranks = (IntentRank("track_order", probability),)
        return [Understanding(t, detect_language(t), ranks, False, 0.9) for t in texts]

    return IntentModel(f"model-{probability}", ("track_order",), understand)


def fit_to_prior(labelled: Sequence[Labelled], _: object, *, max_wrong: float) -> AnswerModel:
    """A fit whose threshold tells which model it was fitted with."""
    weights = (0.0,) * len(FEATURES)
    fusion = Fusion(weights, max_wrong, labelled[0].prior["track_order"])
    return AnswerModel({"en": LanguageFusion(fusion, fusion)})


@pytest.fixture
def bench(tmp_path: Path, demo: ShopFiles, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr("bot.publishing.fitting.fit", fit_to_prior)
    return Bench(write_shop(tmp_path / "shop"), demo.domain, demo.flows, intent_model=sure(0.1))


def threshold(bench: Bench) -> float:
    return bench.live.current.thresholds.answer("en")


def test_a_model_goes_live_with_thresholds_fitted_with_it(bench: Bench) -> None:
    assert threshold(bench) == 0.1
    asked: list[str] = []

    def newer(current: str) -> IntentModel | None:
        asked.append(current)
        return sure(0.2) if current == "model-0.1" else None

    bench.newer_intents = newer
    before = bench.live.current
    bench.publisher.follow_intents()
    after = bench.live.current
    assert (after.intent_model.name, threshold(bench)) == ("model-0.2", 0.2)
    assert (after.version, after.content) == (before.version, before.content)
    assert before.thresholds.answer("en") == 0.1
    bench.publisher.follow_intents()
    assert asked == ["model-0.1", "model-0.2"]
    assert bench.live.current is after


def test_an_edit_keeps_the_model_that_is_live(bench: Bench) -> None:
    bench.newer_intents = lambda current: sure(0.2) if current == "model-0.1" else None
    bench.publisher.follow_intents()
    bench.change(ANN, "weekend-delivery", answer="Not now.")
    bench.releases.publish(ANN, "")
    assert bench.live.current.intent_model.name == "model-0.2"
    assert bench.releases.ask(ANN, "hello").intent_probability == 0.2


def test_what_was_rehearsed_with_the_earlier_model_is_not_published(bench: Bench) -> None:
    """It would bring that model, and thresholds for it, back."""
    (bench.folder / "knowledge/faq/gifts.yml").unlink()
    candidate = bench.publisher.rehearse_disk()
    bench.newer_intents = lambda current: sure(0.2) if current == "model-0.1" else None
    bench.publisher.follow_intents()
    with pytest.raises(CannotPublish, match="another intent model went live meanwhile"):
        bench.publisher.publish(candidate, author="Ann")
    assert bench.live.current.intent_model.name == "model-0.2"


def test_under_constant_turns_a_swap_gives_no_error_and_no_mixed_turn(bench: Bench) -> None:
    """A turn's two understandings and its thresholds must come from one model."""
    chances = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
    answers = Answers(bench.live, no_vector)
    seen: set[float] = set()
    mixed: list[object] = []
    failed: list[BaseException] = []
    stop = threading.Event()

    async def turn(understander: LiveUnderstander, text: str) -> None:
        with answers.one_version():
            first = await understander.understand(text)
            await asyncio.sleep(0)
            second = await understander.understand(text)
            told = {first.top.probability, second.top.probability}
            told.add(answers.thresholds.answer("en"))
        seen.update(told)
        if len(told) != 1 or first.text != text:
            mixed.append(told)

    async def turns() -> None:
        understander = LiveUnderstander(bench.live)
        while not stop.is_set():
            await asyncio.gather(*(turn(understander, f"text {n}") for n in range(8)))

    def serve() -> None:
        try:
            asyncio.run(turns())
        except BaseException as error:  # whatever it is, the test must know
            failed.append(error)

    servers = [threading.Thread(target=serve) for _ in range(2)]
    for server in servers:
        server.start()
    for chance in chances:
        model = sure(chance)
        bench.newer_intents = lambda _, model=model: model  # type: ignore[misc]
        bench.publisher.follow_intents()
        until = time.monotonic() + 20
        while chance not in seen and not failed and time.monotonic() < until:
            time.sleep(0.001)
    stop.set()
    for server in servers:
        server.join()
    assert (failed, mixed) == ([], [])
    assert seen >= set(chances)


async def test_a_turn_that_began_keeps_its_model(bench: Bench) -> None:
    understander = LiveUnderstander(bench.live)
    bench.newer_intents = lambda _: sure(0.2)
    with bench.live.pinned():
        bench.publisher.follow_intents()
        assert (await understander.understand("x")).top.probability == 0.1
    assert (await understander.understand("x")).top.probability == 0.2


def test_texts_of_two_models_that_wait_together_each_get_their_own() -> None:
    one, two = sure(0.1), sure(0.2)
    asked = [(one, "a"), (two, "b"), (one, "c"), (two, "a")]
    heard = understand_each(asked)
    assert [u.text for u in heard] == ["a", "b", "c", "a"]
    assert [u.top.probability for u in heard] == [0.1, 0.2, 0.1, 0.2]
    assert understand_each([]) == []


# ---- noticing


class Opened:
    """Opens any model but those that are broken; counts how often."""

    def __init__(self, *broken: str) -> None:
        self.broken = broken
        self.asked: list[str] = []

    def __call__(self, folder: Path) -> IntentModel:
        self.asked.append(folder.name)
        if folder.name in self.broken:
            raise ModelError(f"{folder.name}: broken")
        return right_on(folder.name, 40)


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "intents")


def go_live(store: ModelStore, name: str) -> None:
    store.path(name).mkdir(parents=True, exist_ok=True)
    store.change(lambda s: s.with_live(ModelRecord(name, "now", 1, 2)))


def test_a_follower_opens_only_what_is_new(store: ModelStore) -> None:
    opened = Opened()
    follower = IntentFollower(store, opened)
    assert follower.newer("aa") is None
    go_live(store, "aa")
    assert follower.newer("aa") is None
    go_live(store, "bb")
    found = follower.newer("aa")
    assert found is not None
    assert found.name == "bb"
    assert follower.newer("bb") is None
    assert opened.asked == ["bb"]


def test_a_model_that_could_not_be_taken_is_offered_again(store: ModelStore) -> None:
    follower = IntentFollower(store, Opened())
    go_live(store, "bb")
    assert follower.newer("aa") is not None
    assert follower.newer("aa") is not None


def test_a_broken_model_is_logged_once_and_the_next_one_taken(
    store: ModelStore, caplog: pytest.LogCaptureFixture
) -> None:
    opened = Opened("bb")
    follower = IntentFollower(store, opened)
    go_live(store, "bb")
    with caplog.at_level(logging.ERROR):
        assert [follower.newer("aa") for _ in range(3)] == [None] * 3
    assert caplog.text.count("bb: broken; the model in use stays") == 1
    go_live(store, "cc")
    assert (found := follower.newer("aa")) is not None
    assert found.name == "cc"


def test_the_watcher_takes_a_model_over_that_another_process_made_live(
    bench: Bench, store: ModelStore
) -> None:
    from bot.publishing.watching import KnowledgeWatcher

    follower = IntentFollower(store, lambda folder: scripted(folder.name, ["track_order"], {}))
    bench.newer_intents = follower.newer
    taken = threading.Event()
    bench.publisher.on_publish(lambda _: taken.set())
    go_live(store, "model-0.1")
    with KnowledgeWatcher(bench.publisher), pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.publishing.fitting.fit", lambda *_, **__: bench.live.current.index.model)
        go_live(store, "bb")
        assert taken.wait(timeout=20)
    assert bench.live.current.intent_model.name == "bb"
