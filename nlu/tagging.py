"""Learnt entities: annotated examples into token tags, and predicted token tags into spans.

Works on the character offsets of any tokenizer and needs no torch, so that training and serving
share it. Tags are BIO (begin, inside, outside): one pair for every combination of entity, role and
group that is learnt.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.alignment import Aligned, normalise_with_offsets
from nlu.entities import RULED, LearntSpan
from nlu.mixture import probabilities
from nlu.rasa_format import Example
from nlu.understanding import Entity
from nlu.words import Offsets, trimmed, words_of

OUTSIDE = 0
IGNORED = -100
"""The label of a token that teaches nothing: padding, signs, what may or may not be an entity."""

FEWEST_EXAMPLES = 10
"""Different texts that must hold a combination of entity, role and group before it is learnt."""

LEAST_PROBABILITY = 0.8
"""A learnt span's mean probability, at least.

With frozen MiniLM states and a fifth of the demo shop's English examples held out, precision and
recall were 0.94 and 0.93 at 0.8, 0.91 and 0.96 at 0.6; a product that the shop doesn't have costs
a shopper more than one that wasn't understood. Of phrases that no training text held, 65 % were
found at 0.8.
"""


@dataclass(frozen=True)
class Combination:
    """What one pair of tags stands for."""

    entity: str
    role: str | None = None
    group: str | None = None


@dataclass(frozen=True)
class TaughtSpan:
    """[start, end) of a taught text; `combination` is its number, None where nothing is taught."""

    start: int
    end: int
    combination: int | None


@dataclass(frozen=True)
class TaughtText:
    """A training text as the encoder reads it, and its spans, none overlapping."""

    text: str
    spans: tuple[TaughtSpan, ...]

    def altered(self, text: str) -> "TaughtText":
        """Return the spans where they stand in an altered copy: typos, lost words, other case.

        A span of which nothing is left is dropped.
        """
        if not self.spans or text == self.text:
            return TaughtText(text, self.spans)
        matcher = SequenceMatcher(None, _lower(self.text), _lower(text), autojunk=False)
        blocks = matcher.get_matching_blocks()
        moved = []
        for span in self.spans:
            kept = [
                (max(span.start, at) + to - at, min(span.end, at + size) + to - at)
                for at, to, size in blocks
                if at < span.end and span.start < at + size
            ]
            if kept:
                moved.append(TaughtSpan(kept[0][0], kept[-1][1], span.combination))
        return TaughtText(text, tuple(moved))


@dataclass(frozen=True)
class TagScheme:
    """The learnt combinations; number i has the tags 1 + 2i (begins) and 2 + 2i (goes on)."""

    combinations: tuple[Combination, ...] = ()

    @property
    def size(self) -> int:
        """How many tags there are, "outside" among them."""
        return 1 + 2 * len(self.combinations)

    @classmethod
    def of(cls, examples: Iterable[Example], *, fewest: int = FEWEST_EXAMPLES) -> "TagScheme":
        """Return the combinations worth learning.

        Those in at least `fewest` different texts. An entity that the built-in rules find is learnt
        only with a role or a group: no model can tell which day "last Friday" is, but it can tell
        where a journey starts.

        Args:
            examples: Those of the languages that the encoder reads.
            fewest: See `FEWEST_EXAMPLES`.
        """
        held: Counter[Combination] = Counter()
        for entities in {example.text: example.entities for example in examples}.values():
            held.update({Combination(e.name, e.role, e.group) for e in entities})
        kept = [
            found
            for found, texts in held.items()
            if texts >= fewest and (found.role or found.group or found.entity not in RULED)
        ]
        return cls(tuple(sorted(kept, key=lambda c: (c.entity, c.role or "", c.group or ""))))

    def to_json(self) -> list[dict[str, str | None]]:
        """Return what `from_json` reads."""
        return [asdict(combination) for combination in self.combinations]

    @classmethod
    def from_json(cls, fields: Iterable[Mapping[str, Any]]) -> "TagScheme":
        """Read what `to_json` returned."""
        return cls(tuple(Combination(**combination) for combination in fields))

    def taught(self, example: Example, *, unsure: Sequence[Entity] = ()) -> "TaughtText":
        """Return the example's normalised text with the spans that it teaches.

        Args:
            example: With its annotations; those of entities that are not learnt say nothing.
            unsure: What rules and lookups find in it. Where people annotated only some of the
                examples, the others must not teach that "tent" is no product.
        """
        text = normalise_with_offsets(example.text)
        number = {combination: place for place, combination in enumerate(self.combinations)}
        names = {combination.entity for combination in self.combinations}
        spans: list[TaughtSpan] = []
        for entity in (*example.entities, *unsure):
            start, end = text.read(entity.start, entity.end)
            free = all(end <= span.start or span.end <= start for span in spans)
            if entity.name in names and start < end and free:
                place = number.get(Combination(entity.name, entity.role, entity.group))
                annotated = entity in example.entities
                spans.append(TaughtSpan(start, end, place if annotated else None))
        return TaughtText(text.text, tuple(spans))

    def labels(self, taught: "TaughtText", offsets: Offsets) -> list[int]:
        """Return one tag, or `IGNORED`, for every token of the taught text."""
        tags = np.full(len(taught.text), OUTSIDE)
        for span in taught.spans:
            if span.combination is None:
                tags[span.start : span.end] = IGNORED
            else:
                tags[span.start : span.end] = 2 + 2 * span.combination
                tags[span.start] -= 1
        return [_label(tags[start:end]) for start, end in trimmed(taught.text, offsets)]

    def decode(
        self,
        logits: NDArray[np.floating[Any]],
        offsets: Offsets,
        text: Aligned,
        *,
        least: float = LEAST_PROBABILITY,
    ) -> tuple[LearntSpan, ...]:
        """Return the spans in text order, offsets into the text as typed.

        A word in pieces is one: its tag probabilities are the mean over them, so that no span ends
        inside a word.

        Args:
            logits: (tokens, `size`), a row for every offset; more rows (padding) are not read.
            offsets: Of the tokens.
            text: What was tokenized.
            least: A span's mean probability, at least.
        """
        scores = np.asarray(logits[: len(offsets)], dtype=np.float64)
        if not self.combinations or not len(scores) or not scores.argmax(axis=1).any():
            return ()
        words = words_of(text.text, offsets)
        if not words:
            return ()
        rows = probabilities(scores)
        # A word that begins by its first piece goes on by the others: both count for the word.
        of_words = np.stack([rows[word.tokens].mean(axis=0) for word in words])
        either = of_words[:, 1::2] + of_words[:, 2::2]
        best = either.argmax(axis=1)
        inside = either.max(axis=1) > of_words[:, OUTSIDE]
        first = [word.tokens[0] for word in words]
        begins = rows[first, 1 + 2 * best] > rows[first, 2 + 2 * best]
        spans = []
        for run in _runs(best, inside, begins):
            probability = float(either[run, best[run]].mean())
            if probability >= least:
                found = self.combinations[best[run[0]]]
                place = text.typed(words[run[0]].start, words[run[-1]].end)
                spans.append(LearntSpan(found.entity, *place, probability, found.role, found.group))
        return tuple(spans)


def _runs(
    best: NDArray[np.intp], inside: NDArray[np.bool_], begins: NDArray[np.bool_]
) -> list[list[int]]:
    """Return the words of every span: neighbours of one combination, until the next begins."""
    runs: list[list[int]] = []
    for at in map(int, np.flatnonzero(inside)):
        follows = runs and runs[-1][-1] == at - 1 and best[at - 1] == best[at]
        if follows and not begins[at]:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def padded(rows: Sequence[Sequence[int]], width: int) -> NDArray[np.int64]:
    """Return (rows, width) labels, `IGNORED` where a row is shorter."""
    labels = np.full((len(rows), width), IGNORED, dtype=np.int64)
    for number, row in enumerate(rows):
        labels[number, : len(row)] = row
    return labels


def _label(characters: NDArray[np.int64]) -> int:
    """A token takes the tag of its first character that is not outside."""
    if not len(characters):
        return IGNORED
    tagged = characters[characters != OUTSIDE]
    return int(tagged[0]) if len(tagged) else OUTSIDE


def _lower(text: str) -> str:
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
