import os
import time
from pathlib import Path

import pytest

from bot.errors import ModelError
from bot.intent_models.standing import KEPT, ModelRecord, Standing
from bot.intent_models.store import LIVE, ModelStore

AT = "2026-11-22T10:00:00+00:00"


def record(name: str) -> ModelRecord:
    return ModelRecord(name, AT, 100, 7, 30, 40)


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "intents")


def make(store: ModelStore, name: str, *, days_ago: float = 0) -> None:
    store.path(name).mkdir(parents=True)
    then = time.time() - days_ago * 24 * 3600
    os.utime(store.path(name), (then, then))


def go_live(store: ModelStore, *names: str) -> None:
    for name in names:
        make(store, name)
        store.change(lambda s, name=name: s.with_live(record(name)))  # type: ignore[misc]


def folders(store: ModelStore) -> set[str]:
    return {p.name for p in store.path("").iterdir() if p.is_dir()}


def test_what_is_written_is_read_back(store: ModelStore) -> None:
    assert store.standing() == Standing()
    go_live(store, "aa", "bb")
    store.change(lambda s: s.with_declined(record("cc"), "refused"))
    standing = ModelStore(store.path("")).standing()
    assert standing.live == record("bb")
    assert standing.earlier == (record("aa"),)
    assert [(d.model.name, d.why) for d in standing.declined] == [("cc", "refused")]


def test_the_last_five_stay_beside_the_live_one(store: ModelStore) -> None:
    names = [f"{number}a" for number in range(9)]
    go_live(store, *names)
    assert KEPT == 5
    assert [r.name for r in store.standing().earlier] == names[3:8][::-1]
    assert folders(store) == set(names[3:])


def test_a_strangers_folder_goes_after_a_day_and_not_before(store: ModelStore) -> None:
    for name in ("aa", ".training-now", "just-trained"):
        make(store, name, days_ago=0.1)
    for name in (".training-killed", "never-examined"):
        make(store, name, days_ago=2)
    store.change(lambda s: s.with_live(record("aa")))
    assert folders(store) == {"aa", ".training-now", "just-trained"}


def test_an_old_live_model_stays(store: ModelStore) -> None:
    make(store, "aa", days_ago=90)
    store.change(lambda s: s.with_live(record("aa")))
    assert folders(store) == {"aa"}


def test_only_the_model_refused_last_stays_on_disk(store: ModelStore) -> None:
    go_live(store, "aa")
    for name in ("bb", "cc"):
        make(store, name)
        store.change(lambda s, name=name: s.with_declined(record(name), "refused"))  # type: ignore[misc]
    assert folders(store) == {"aa", "cc"}
    assert store.standing().declined_of("bb") is not None


def test_switching_declines_what_was_live_and_takes_back_what_was_declined(
    store: ModelStore,
) -> None:
    go_live(store, "aa", "bb")
    store.change(lambda s: s.switched("aa", "later"))
    standing = store.standing()
    assert (standing.live_name, [r.name for r in standing.earlier]) == ("aa", ["bb"])
    assert [(d.model.name, d.why) for d in standing.declined] == [("bb", "replaced")]
    store.change(lambda s: s.switched("bb", "later still"))
    assert store.standing().live == ModelRecord("bb", "later still", 100, 7, 30, 40)
    assert [d.model.name for d in store.standing().declined] == ["aa"]
    assert folders(store) == {"aa", "bb"}


def test_a_change_that_is_called_off_changes_nothing(store: ModelStore) -> None:
    go_live(store, "aa")
    stamp = store.stamp()
    assert not store.change(lambda _: None)
    assert store.stamp() == stamp


def test_every_change_has_another_stamp(store: ModelStore) -> None:
    assert store.stamp() is None
    go_live(store, "aa")
    first = store.stamp()
    store.change(lambda s: s.switched("aa", AT))
    assert store.stamp() != first


def test_a_kill_while_writing_leaves_the_old_file(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_live(store, "aa")
    with monkeypatch.context() as killed:
        killed.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            store.change(lambda s: s.with_live(record("bb")))
    assert store.standing().live_name == "aa"
    go_live(store, "bb")  # and the lock is free
    assert store.standing().live_name == "bb"


@pytest.mark.parametrize("text", ["", "{}", '{"format": 2}', '{"format": 1, "live": 3}', "[1]"])
def test_a_damaged_file_is_named_with_its_remedy(store: ModelStore, text: str) -> None:
    go_live(store, "aa")
    store.path(LIVE).write_text(text)
    with pytest.raises(ModelError, match=rf"{LIVE}: can't be read .*; delete it"):
        store.standing()


def test_models_made_from_the_same_files_have_numbers(store: ModelStore) -> None:
    assert store.free_name("ab") == "ab"
    for name in ("ab", "ab.2", "ab.10", "ab.old", "cd"):
        make(store, name)
    assert store.trained("ab") == ("ab.10", "ab.2", "ab")
    assert store.free_name("ab") == "ab.11"


@pytest.mark.parametrize(
    ("wanted", "found"), [("abc", "abcd" * 16), ("ABC", "abcd" * 16), ("abc.2", "abcd" * 16 + ".2")]
)
def test_a_model_is_found_by_its_first_digits(store: ModelStore, wanted: str, found: str) -> None:
    go_live(store, "abcd" * 16, "abcd" * 16 + ".2", "ffff")
    assert store.find(wanted).name == found


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("", "there is no model"),
        ("x", "there is no model 'x'"),
        ("aa.3", "there is no model"),
        ("a", "fits several"),
        ("cc", "files of model cc are gone"),
    ],
)
def test_a_model_that_can_not_be_had_is_said(store: ModelStore, wanted: str, said: str) -> None:
    go_live(store, "aa", "ab", "cc")
    store.drop("cc")
    with pytest.raises(ModelError, match=said):
        store.find(wanted)


def test_two_stores_train_one_after_the_other(store: ModelStore) -> None:
    told: list[str] = []
    with store.training(lambda: told.append("waits")):
        assert told == []
    with store.training(lambda: told.append("waits")):
        assert told == []
