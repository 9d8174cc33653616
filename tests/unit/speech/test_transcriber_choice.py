"""Naming a speech model: what is missing is said, with the remedy."""

import pickle
import sys
from collections.abc import Callable
from pathlib import Path

import faster_whisper
import pytest
import whisper

import speech.faster
from speech.choose import choose_engine, open_transcriber
from speech.language import base_language, whisper_language
from speech.synthesis import EspeakSynthesizer, _start_espeak
from speech.transcript import SpeechModelError

PULL = "run `shopclerk models pull`, or put a checkpoint on this machine"


@pytest.fixture(autouse=True)
def empty_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def nothing_cached(name: str, *, local_files_only: bool) -> str:
        assert local_files_only, "opening a model must never download"
        raise FileNotFoundError(name)

    monkeypatch.setattr(faster_whisper, "download_model", nothing_cached)


@pytest.mark.parametrize(
    ("model", "engine", "chosen"),
    [
        ("base", "auto", "faster-whisper"),
        ("models/whisper", "auto", "faster-whisper"),
        ("Systran/faster-whisper-base", "auto", "faster-whisper"),
        ("models/shop.pt", "auto", "openai-whisper"),
        ("base", "openai-whisper", "openai-whisper"),
        ("base", "faster-whisper", "faster-whisper"),
    ],
)
def test_the_engine_follows_from_the_model(model: str, engine: str, chosen: str) -> None:
    assert choose_engine(model, engine) == chosen


@pytest.mark.parametrize(
    ("model", "engine", "expected"),
    [
        ("base", "auto", ["'base' is not on this machine", PULL]),
        ("Systran/faster-whisper-base", "auto", ["is not on this machine", PULL]),
        ("base", "openai-whisper", ["cache/whisper/base.pt", PULL]),
        ("turbo", "openai-whisper", ["cache/whisper/large-v3-turbo.pt", PULL]),
        ("missing.pt", "auto", ["no Whisper checkpoint at", "missing.pt", PULL]),
        ("/nowhere/model", "auto", ["no CTranslate2 model in /nowhere/model", PULL]),
        ("./model", "auto", ["no CTranslate2 model in", PULL]),
        ("emptydir", "auto", ["emptydir", "model.bin", PULL]),
        ("brokendir", "auto", ["brokendir does not load", "fetch it again"]),
        ("rubbish.pt", "auto", ["rubbish.pt is not a checkpoint", "fetch it again"]),
        ("other.pt", "auto", ["other.pt is not a checkpoint", "fetch it again"]),
        ("big", "auto", ["'big' is neither", "base", "large-v3"]),
        ("", "auto", ["speech.model is empty"]),
        ("base", "kaldi", ["'kaldi' is unknown", "openai-whisper"]),
    ],
)
def test_what_cannot_be_opened_is_explained(
    tmp_path: Path, model: str, engine: str, expected: list[str]
) -> None:
    (tmp_path / "emptydir").mkdir()
    (tmp_path / "brokendir").mkdir()
    for name in speech.faster.MODEL_FILES:
        (tmp_path / "brokendir" / name).write_text("{}")
    (tmp_path / "rubbish.pt").write_bytes(b"rubbish")
    (tmp_path / "other.pt").write_bytes(pickle.dumps({"weights": 1}, protocol=2))
    with pytest.raises(SpeechModelError) as failure:
        open_transcriber(model, engine, tmp_path)
    for words in expected:
        assert words in str(failure.value)


def test_a_checkpoint_cannot_run_code(tmp_path: Path) -> None:
    class Payload:
        def __reduce__(self) -> tuple[Callable[..., object], tuple[Path]]:
            return (Path.touch, (tmp_path / "ran",))

    (tmp_path / "evil.pt").write_bytes(pickle.dumps(Payload(), protocol=2))
    with pytest.raises(SpeechModelError):
        open_transcriber("evil.pt", "auto", tmp_path)
    assert not (tmp_path / "ran").exists()


def test_a_half_fetched_model_counts_as_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.json").write_text("{}")
    monkeypatch.setattr(faster_whisper, "download_model", lambda name, **_: str(tmp_path))
    with pytest.raises(SpeechModelError, match="models pull"):
        open_transcriber("base", "auto", tmp_path)


def test_the_names_of_checkpoints_are_still_openai_whispers() -> None:
    for name, address in whisper._MODELS.items():
        path = speech.openai_whisper.cached_checkpoint(name)
        assert path.name == address.rsplit("/", 1)[-1]


@pytest.mark.parametrize(
    ("library", "use"),
    [
        ("whisper", lambda: open_transcriber("x.pt", "auto", Path())),
        ("faster_whisper", lambda: open_transcriber("base", "auto", Path())),
        ("espeakng_loader", EspeakSynthesizer),
    ],
)
def test_without_the_voice_extra_the_remedy_is_named(
    library: str, use: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)  # makes its import fail
    _start_espeak.cache_clear()
    with pytest.raises(SpeechModelError, match=r"pip install shopclerk\[voice\]") as failure:
        use()
    assert library in str(failure.value)


@pytest.mark.parametrize(
    ("tag", "base"),
    [
        ("en", "en"),
        ("en_GB", "en"),
        ("zh-CN", "zh"),
        ("cmn", "zh"),
        ("ZH-Hans", "zh"),
        (" fr ", "fr"),
    ],
)
def test_a_language_tag_is_understood(tag: str, base: str) -> None:
    assert base_language(tag) == base


def test_a_language_is_forced_detected_or_refused() -> None:
    assert whisper_language("zh-CN", ("en", "zh")) == "zh"
    assert whisper_language(None, ("en", "zh")) is None
    assert whisper_language("zh", ("en",)) == "en"
    with pytest.raises(SpeechModelError, match=r"'xx'.*speech.language.*en, zh"):
        whisper_language("xx", ("zh", "en"))
