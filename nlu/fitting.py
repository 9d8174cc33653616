"""Fit all experts on some rows of a corpus and write their files; needs torch."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from nlu.character_training import train_characters
from nlu.checkpoints import Checkpoint
from nlu.corpus import Corpus, Labels
from nlu.encoder_training import Lesson, train_encoder
from nlu.entities import EntityExtractor
from nlu.export import export_onnx, quantise
from nlu.model_files import CHARACTERS, ENCODER, INT8_ENCODER, OUT_OF_SCOPE
from nlu.settings import TrainingSettings
from nlu.tagging import TagScheme, TaughtSpan, TaughtText

Progress = Callable[[str, int, int], None]

CHECKPOINT = "checkpoint.pt"
"""In a folder being made; whoever moves the folder away removes it."""

_SOME_DAY = date(2025, 1, 6)
"""Which day "yesterday" was doesn't matter for where it stands."""


@dataclass(frozen=True)
class Fitter:
    """What every fit of one training shares."""

    corpus: Corpus
    scheme: TagScheme
    extractor: EntityExtractor
    base_model: Path
    settings: TrainingSettings
    progress: Progress

    def fit(self, rows: Labels, folder: Path) -> int:
        """Write the experts, the network in full and in int8; a killed fit goes on where it was.

        Args:
            rows: Those of the corpus to learn.
            folder: Made where there is none.

        Returns:
            The epochs of the network; 0 where it could read fewer than two intents and is left out.
        """
        folder.mkdir(exist_ok=True)
        corpus, settings = self.corpus, self.settings
        train_characters(
            corpus.pick(rows), corpus.labels[rows],
            strength=settings.character_strength, seed=settings.seed,
        ).save(folder / CHARACTERS)  # fmt: skip
        read = rows[corpus.for_encoder[rows]]
        if len(np.unique(corpus.labels[read])) < 2:
            return 0
        lesson = self._lesson(read)
        kept = Checkpoint(folder / CHECKPOINT)
        model = train_encoder(
            lesson, self.base_model,
            settings=settings.encoder, progress=self.progress, checkpoint=kept,
        )  # fmt: skip
        export_onnx(model, folder / ENCODER, max_tokens=settings.encoder.max_tokens)
        quantise(folder / ENCODER, folder / INT8_ENCODER)
        shutil.copy(self.base_model / "tokenizer.json", folder)
        return settings.encoder.schedule(len(lesson.texts)).epochs

    def _lesson(self, rows: Labels) -> Lesson:
        """The rows with their entities, and the intents' own names as one example each.

        A name in words says what its examples have in common: it gives BANKING77's probe 0.5 points
        with ten examples each and 1.0 with five, and costs nothing with many.
        """
        corpus = self.corpus
        taught = [self._taught(row) for row in rows]
        labels = list(corpus.labels[rows])
        for number in sorted(set(labels)):
            words = _in_words(corpus.names[number])
            if words:
                unsure = TaughtSpan(0, len(words), None)
                taught.append(TaughtText(words, (unsure,)))
                labels.append(number)
        return Lesson(
            tuple(taught), np.asarray(labels, dtype=np.int64), len(corpus.names), self.scheme
        )

    def _taught(self, row: int) -> TaughtText:
        example = self.corpus.examples[row]
        unsure = (
            self.extractor.extract(example.text, _SOME_DAY) if self.scheme.combinations else ()
        )
        return self.scheme.taught(example, unsure=unsure)


def _in_words(intent: str) -> str:
    """The intent's name as a person would say it; empty where it says nothing."""
    if intent == OUT_OF_SCOPE:
        return ""
    words = re.sub(r"[\W_]+", " ", intent).strip().lower()
    return words if re.search(r"[a-z]{3}", words) else ""
