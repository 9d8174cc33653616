"""A trained intent model, opened: what a turn understands with."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ModelError
from nlu.classifier import IntentClassifier
from nlu.entities import EntityExtractor
from nlu.model_files import load_card
from nlu.rasa_format import TrainingData, TrainingDataError, read_training_data
from nlu.understanding import Understanding

log = logging.getLogger("shopclerk")


@dataclass(frozen=True, eq=False)
class IntentModel:
    """One model. `name` tells it from every other one; `intents` are all that it can say."""

    name: str
    intents: tuple[str, ...]
    understand: Callable[[Sequence[str]], Sequence[Understanding]]


class ModelOpener:
    """Opens models of one shop; they find the entities that the shop's files name."""

    def __init__(self, nlu: Path, data: TrainingData, *, threads: int) -> None:
        """`data` is what was read of the folder `nlu` last."""
        self._nlu = nlu
        self._data = data
        self._threads = threads

    def open(self, folder: Path) -> IntentModel:
        """Load a model folder.

        Raises:
            ModelError: it holds no model that this version can use.
        """
        data = self._data
        extractor = EntityExtractor(data.lookups, data.synonyms, data.regexes)
        try:
            classifier = IntentClassifier.load(folder, extractor, threads=self._threads)
            intents = load_card(folder).intents
        except Exception as error:  # the runtimes raise kinds of their own; all mean "not usable"
            raise ModelError(f"{folder}: this intent model can't be used ({error})") from error
        return IntentModel(folder.name, intents, classifier.understand_batch)

    def reopen(self, folder: Path) -> IntentModel:
        """Load a model folder with the entities of the files as they are now.

        Raises:
            ModelError: as for `open`.
        """
        try:
            self._data = read_training_data(self._nlu)
        except TrainingDataError as error:
            log.warning("lookups and synonyms stay as they were: %s", error)
        return self.open(folder)
