"""Text into an `Understanding`, with a trained model folder; imports neither torch nor sklearn."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.alignment import Aligned, normalise_with_offsets
from nlu.characters import CharacterExpert
from nlu.entities import EntityExtractor, LearntSpan
from nlu.language import LANGUAGES, Language, detect_language, has_letters
from nlu.mixture import Opinions, probabilities, scope_features
from nlu.model_files import CHARACTERS, ENCODER, ModelCard, load_card, outside_column
from nlu.onnx_model import OnnxIntentModel, Reading
from nlu.understanding import Entity, IntentRank, Understanding


class IntentClassifier:
    """Ranks intents, decides on scope and finds entities.

    Holds only what it read at construction, so any number of threads may call it at once.
    """

    def __init__(
        self,
        card: ModelCard,
        characters: CharacterExpert,
        encoder: OnnxIntentModel | None,
        extractor: EntityExtractor,
        *,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._card = card
        self._characters = characters
        self._encoder = encoder
        self._extractor = extractor
        self._today = today
        self._outside = outside_column(card.intents)

    @classmethod
    def load(
        cls,
        folder: Path,
        extractor: EntityExtractor,
        *,
        threads: int = 2,
        today: Callable[[], date] = date.today,
    ) -> "IntentClassifier":
        """Load what `nlu.training.train` wrote.

        Args:
            folder: The model folder.
            extractor: The shop's entities.
            threads: Cores for one call of the encoder.
            today: What "yesterday" counts from.

        Raises:
            ModelFolderError: The folder holds no model of this version.
        """
        card = load_card(folder)
        encoder = None
        if card.has_encoder:
            encoder = OnnxIntentModel(
                folder / ENCODER, folder, max_tokens=card.max_tokens, threads=threads
            )
        characters = CharacterExpert.load(folder / CHARACTERS)
        return cls(card, characters, encoder, extractor, today=today)

    def understand(self, text: str) -> Understanding:
        """Understand one utterance; any string is fine."""
        return self.understand_batch([text])[0]

    def understand_batch(self, texts: Sequence[str]) -> list[Understanding]:
        """Understand many at once, in input order."""
        aligned = [normalise_with_offsets(text) for text in texts]
        languages = [detect_language(text) for text in texts]
        readings = self._read(aligned, languages)
        results: dict[int, Understanding] = {}
        for language in LANGUAGES:
            rows = [row for row, spoken in enumerate(languages) if spoken == language]
            if not rows:
                continue
            mix = self._card.mixes[language]
            mixed = mix.logits(self._opinions([aligned[row].text for row in rows], rows, readings))
            scopes = mix.scope.probability(scope_features(mixed, self._outside))
            for row, ranks, scope in zip(rows, probabilities(mixed), scopes, strict=True):
                learnt = self._learnt(readings.get(row), aligned[row])
                entities = self._extractor.extract(texts[row], self._today(), learnt)
                # Emoji or signs alone ask nothing; "4417" may answer what the bot asked.
                sure = float(scope) if entities or has_letters(aligned[row].text) else 0.0
                results[row] = self._result(texts[row], language, ranks, sure, entities)
        return [results[row] for row in range(len(texts))]

    def _read(
        self, aligned: Sequence[Aligned], languages: Sequence[Language]
    ) -> dict[int, Reading]:
        """Return the network's readings by row, of the languages in which it has a say."""
        if self._encoder is None:
            return {}
        rows = [
            row for row, spoken in enumerate(languages) if self._card.mixes[spoken].reads_encoder
        ]
        readings = self._encoder.read([aligned[row].text for row in rows])
        return dict(zip(rows, readings, strict=True))

    def _opinions(
        self, texts: Sequence[str], rows: Sequence[int], readings: Mapping[int, Reading]
    ) -> Opinions:
        margins = self._characters.margins(texts)
        if rows[0] not in readings:
            return Opinions(margins)
        read = [readings[row] for row in rows]
        return Opinions(
            margins,
            np.stack([reading.tuned for reading in read]).astype(np.float64),
            np.stack([reading.probe for reading in read]).astype(np.float64),
        )

    def _learnt(self, reading: Reading | None, text: Aligned) -> tuple[LearntSpan, ...]:
        if reading is None or reading.tags is None:
            return ()
        return self._card.scheme.decode(reading.tags, reading.offsets, text)

    def _result(
        self,
        text: str,
        language: Language,
        ranks: NDArray[np.float64],
        scope: float,
        entities: tuple[Entity, ...],
    ) -> Understanding:
        order = np.argsort(-ranks, kind="stable")
        return Understanding(
            text=text,
            language=language,
            intents=tuple(IntentRank(self._card.intents[i], float(ranks[i])) for i in order),
            out_of_scope=scope < self._card.mixes[language].scope.threshold,
            scope_probability=scope,
            entities=entities,
        )
