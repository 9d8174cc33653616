"""Entries behind one `search`: an immutable snapshot, built beside the live one and swapped in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import Content, Entry, Hit
from knowledge.index.answer_defaults import DEFAULT
from knowledge.index.answer_model import AnswerModel, probabilities
from knowledge.index.candidates import Candidates, LanguageRows, rows_of
from knowledge.index.dense import Encoder
from knowledge.index.embedding_cache import EmbeddingCache


@dataclass(frozen=True)
class Findings:
    """What one query found.

    `hits`: the best three, found with what the intents say. `on_topic`: the best entry on the
    likeliest intent. `words_say`: the intent of the entry that the words alone would choose, a
    second opinion on the likeliest intent.
    """

    hits: tuple[Hit, ...] = ()
    on_topic: Hit | None = None
    words_say: str | None = None


NO_PRIOR: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True)
class KnowledgeIndex:
    """All entries of a shop, searchable in their languages. Safe to share between threads."""

    encoder: Encoder
    languages: Mapping[str, LanguageRows]
    model: AnswerModel
    today: Callable[[], date]

    @classmethod
    def build(
        cls,
        content: Content,
        encoder: Encoder,
        cache: EmbeddingCache,
        *,
        today: Callable[[], date] = date.today,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> "KnowledgeIndex":
        """Index the content's entries; only texts that `cache` has not seen are embedded.

        Args:
            content: What `load_folder` returned.
            encoder: The sentence encoder that will also encode the queries.
            cache: Vectors of earlier builds.
            today: Asked at every search: entries outside their dates are left out.
            progress: Called with (stage, done, total).
        """
        entries: dict[str, list[Entry]] = {}
        for entry in content.entries:
            entries.setdefault(entry.language, []).append(entry)
        texts = [row for group in entries.values() for entry in group for row in rows_of(entry)]
        vectors = cache.vectors(texts, encoder, progress)
        languages = {}
        start = 0
        for code, group in entries.items():
            end = start + sum(len(rows_of(entry)) for entry in group)
            languages[code] = LanguageRows.build(group, vectors[start:end])
            start = end
        return cls(encoder, MappingProxyType(languages), DEFAULT, today)

    def with_model(self, model: AnswerModel) -> "KnowledgeIndex":
        """Return the same index with another fusion, such as the one fitted to this shop."""
        return replace(self, model=model)

    def search(
        self,
        query: str,
        *,
        language: str,
        prior: Mapping[str, float] = NO_PRIOR,
        limit: int = 5,
        vector: NDArray[np.float32] | None = None,
    ) -> tuple[Hit, ...]:
        """Return the entries likeliest to answer, best first.

        Args:
            query: The shopper's words.
            language: Only entries of it are found; English ones where it has none at all.
            prior: Intent to probability, as the understanding of the utterance has it.
            limit: The most hits to return.
            vector: The query's unit vector where the caller has it already.
        """
        candidates = self.candidates(query, language=language, prior=prior, vector=vector)
        logits = self.model.fusion(language, informed=bool(prior)).logits(candidates.features)
        best = np.argsort(-logits, kind="stable")[:limit]
        return tuple(_hit(candidates, int(number), logits, query) for number in best)

    def consult(
        self,
        query: str,
        *,
        language: str,
        prior: Mapping[str, float],
        vector: NDArray[np.float32] | None = None,
    ) -> Findings:
        """Return the best hits together with two more views of the same candidates.

        Args:
            query: The shopper's words.
            language: As for `search`.
            prior: Intent to probability, the likeliest first.
            vector: The query's unit vector where the caller has it already.
        """
        candidates = self.candidates(query, language=language, prior=prior, vector=vector)
        if not candidates.entries:
            return Findings()
        logits = self.model.fusion(language, informed=bool(prior)).logits(candidates.features)
        plain = self.model.fusion(language, informed=False).logits(candidates.features)
        ranked = [int(number) for number in np.argsort(-logits, kind="stable")]
        likeliest = next(iter(prior), "")
        topical = (n for n in ranked if candidates.entries[n].intent == likeliest)
        on_topic = next(topical, None) if likeliest else None
        return Findings(
            tuple(_hit(candidates, number, logits, query) for number in ranked[:3]),
            None if on_topic is None else _hit(candidates, on_topic, logits, query),
            candidates.entries[int(plain.argmax())].intent,
        )

    def candidates(
        self,
        query: str,
        *,
        language: str,
        prior: Mapping[str, float] = NO_PRIOR,
        vector: NDArray[np.float32] | None = None,
    ) -> Candidates:
        """Return what `search` ranks."""
        rows = self.languages.get(language) or self.languages.get("en")
        if rows is None:
            return Candidates.none()
        if vector is None:
            vector = self.encoder.encode([query])[0]
        return rows.candidates(query, vector, prior, rows.usable(self.today()))


def _hit(candidates: Candidates, number: int, logits: NDArray[np.float64], query: str) -> Hit:
    dense, dense_answer, lexical, lexical_whole = candidates.features[number, :4]
    return Hit(
        entry=candidates.entries[number],
        score=float(logits[number]),
        probability=float(probabilities(logits[number : number + 1])[0]),
        dense=float(max(dense, dense_answer)),
        lexical=float(max(lexical, lexical_whole)),
        matched=candidates.matched(number, query),
    )
