"""The examples as training sees them: distinct normalised texts with class numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.language import LANGUAGES, detect_language, normalise
from nlu.rasa_format import Example
from nlu.tokens import known_share, load_tokenizer

Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Corpus:
    """Distinct examples and their normalised texts, `for_encoder` where the encoder reads them."""

    examples: tuple[Example, ...]
    texts: tuple[str, ...]
    labels: Labels
    names: tuple[str, ...]
    languages: NDArray[np.str_]
    for_encoder: NDArray[np.bool_]

    @classmethod
    def build(
        cls,
        examples: Sequence[Example],
        base_model: Path,
        *,
        max_tokens: int,
        min_known_share: float,
    ) -> "Corpus":
        """Keep each text once and decide which languages the encoder can read.

        Raises:
            ValueError: Fewer than two intents.
        """
        taught = {normalise(example.text): example for example in examples}
        taught.pop("", None)
        names = tuple(sorted({example.intent for example in taught.values()}))
        if len(names) < 2:
            raise ValueError(f"{len(names)} intent in the training data; teach at least two")
        texts = tuple(taught)
        number = {name: label for label, name in enumerate(names)}
        labels = np.array([number[one.intent] for one in taught.values()], dtype=np.int64)
        languages = np.array([detect_language(text) for text in texts])
        tokenizer = load_tokenizer(base_model, max_tokens)
        for_encoder = np.zeros(len(texts), dtype=bool)
        for language in LANGUAGES:
            own = [
                text for text, spoken in zip(texts, languages, strict=True) if spoken == language
            ]
            if known_share(tokenizer, own) >= min_known_share:
                for_encoder |= languages == language
        return cls(tuple(taught.values()), texts, labels, names, languages, for_encoder)

    def split(self, share: float, seed: int) -> tuple[Labels, Labels]:
        """Return row numbers to fit on and to hold out, by share of every intent and language."""
        chance = np.random.default_rng(seed)
        held: list[int] = []
        for language in LANGUAGES:
            for label in range(len(self.names)):
                rows = np.flatnonzero((self.labels == label) & (self.languages == language))
                wanted = round(len(rows) * share)
                held.extend(chance.permutation(rows)[:wanted])
        held_out = np.array(sorted(held), dtype=np.int64)
        return np.setdiff1d(np.arange(len(self.texts)), held_out), held_out

    def pick(self, rows: Labels) -> list[str]:
        """Return the texts of those rows."""
        return [self.texts[row] for row in rows]
