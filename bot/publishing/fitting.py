"""When the answer model is fitted, and where the fitted one is kept."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from knowledge.entries import Content
from knowledge.formats.questions import Question
from knowledge.index.answer_model import AnswerModel
from knowledge.index.answering import Labelled, fit
from knowledge.index.search import KnowledgeIndex
from nlu.understanding import Understanding

CHANGED_SHARE = 0.1
"""A model serves until one in ten of the texts that it was fitted to has changed. Fitting after
every edit would move thresholds that the lead did not touch."""


@dataclass(frozen=True)
class Fitted:
    """A model and what it was fitted to: digests of entries and questions."""

    model: AnswerModel
    texts: frozenset[str]


class AnswerFitter:
    """Fits when a hit answers, on the shop's test questions with what the intents say of them."""

    def __init__(
        self,
        understand: Callable[[list[str]], Sequence[Understanding]],
        folder: Path,
        *,
        models: str,
        max_wrong: float,
    ) -> None:
        """Prepare to fit.

        Args:
            understand: the intent classifier, in batches.
            folder: where fitted models are kept.
            models: names the classifier and the encoder; others need another fit.
            max_wrong: the share of test questions that may be answered wrongly.
        """
        self._understand = understand
        self._max_wrong = max_wrong
        name = hashlib.sha256(f"{models} {max_wrong}".encode()).hexdigest()[:16]
        self._path = folder / name
        self._fitted: Fitted | None = None

    def model(
        self, index: KnowledgeIndex, content: Content, questions: Sequence[Question]
    ) -> AnswerModel:
        """Return the model for this content: the kept one where little has changed."""
        texts = frozenset({e.version for e in content.entries} | set(map(_digest, questions)))
        fitted = self._fitted or _load(self._path)
        if fitted is None or not _near(fitted.texts, texts):
            fitted = Fitted(self._fit(index, questions), texts)
            _save(self._path, fitted)
        self._fitted = fitted
        return fitted.model

    def _fit(self, index: KnowledgeIndex, questions: Sequence[Question]) -> AnswerModel:
        heard = self._understand([q.question for q in questions]) if questions else []
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


def _load(path: Path) -> Fitted | None:
    with suppress(OSError, ValueError):  # none yet, or damaged: fitted again
        model = AnswerModel.load(path / "model.json")
        texts = json.loads((path / "texts.json").read_text(encoding="utf-8"))
        return Fitted(model, frozenset(map(str, texts)))
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
