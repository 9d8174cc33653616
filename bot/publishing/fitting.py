"""When the answer model is fitted, and where the fitted one is kept."""

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.intent_models.model import IntentModel
from knowledge.entries import Content
from knowledge.formats.questions import Question
from knowledge.index.answer_model import AnswerModel
from knowledge.index.answering import Labelled, fit
from knowledge.index.search import KnowledgeIndex

CHANGED_SHARE = 0.1
"""A model serves until one in ten of the texts that it was fitted to has changed. Fitting after
every edit would move thresholds that the lead did not touch."""


@dataclass(frozen=True)
class Fitted:
    """A model and what it was fitted to: digests of entries and questions, heard by `intents`."""

    model: AnswerModel
    texts: frozenset[str]
    intents: str


class AnswerFitter:
    """Fits when a hit answers, on the shop's test questions with what the intents say of them."""

    def __init__(self, folder: Path, *, encoder: str, max_wrong: float) -> None:
        """Prepare to fit.

        Args:
            folder: where fitted models are kept.
            encoder: names the sentence encoder; another one needs another fit, as does another
                intent model.
            max_wrong: the share of test questions that may be answered wrongly.
        """
        self._folder = folder
        self._encoder = encoder
        self._max_wrong = max_wrong
        self._fitted: Fitted | None = None

    def model(
        self,
        intents: IntentModel,
        index: KnowledgeIndex,
        content: Content,
        questions: Sequence[Question],
    ) -> AnswerModel:
        """Return the model for this content: the kept one where little has changed."""
        texts = frozenset({e.version for e in content.entries} | set(map(_digest, questions)))
        path = self._path(intents)
        fitted = self._fitted
        if fitted is None or fitted.intents != intents.name:
            fitted = _load(path, intents.name)
        if fitted is None or not _near(fitted.texts, texts):
            fitted = Fitted(self._fit(intents, index, questions), texts, intents.name)
            _save(path, fitted)
        self._fitted = fitted
        return fitted.model

    def _path(self, intents: IntentModel) -> Path:
        made_with = f"{intents.name} {self._encoder} {self._max_wrong}"
        return self._folder / hashlib.sha256(made_with.encode()).hexdigest()[:16]

    def _fit(
        self, intents: IntentModel, index: KnowledgeIndex, questions: Sequence[Question]
    ) -> AnswerModel:
        heard = intents.understand([q.question for q in questions]) if questions else []
        labelled = [
            Labelled(q.question, q.language, u.prior, q.acceptable)
            for q, u in zip(questions, heard, strict=True)
        ]
        return fit(labelled, index, max_wrong=self._max_wrong)


def _near(before: frozenset[str], now: frozenset[str]) -> bool:
    return len(before ^ now) <= CHANGED_SHARE * 2 * max(len(before), 1)


def _digest(question: Question) -> str:
    told = json.dumps([question.question, question.language, sorted(question.acceptable)])
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def _load(path: Path, intents: str) -> Fitted | None:
    with suppress(OSError, ValueError):  # none yet, or damaged: fitted again
        model = AnswerModel.load(path / "model.json")
        texts = json.loads((path / "texts.json").read_text(encoding="utf-8"))
        return Fitted(model, frozenset(map(str, texts)), intents)
    return None


def _save(path: Path, fitted: Fitted) -> None:
    """Keep the fit; the texts go last, since without them the model is not used."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "texts.json").unlink(missing_ok=True)
    fitted.model.save(path / "model.json")
    handle, scratch = tempfile.mkstemp(dir=path, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(sorted(fitted.texts), file)
    os.replace(scratch, path / "texts.json")
