"""Entries behind one `search`: an immutable snapshot, built beside the live one and swapped in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from knowledge.answer_defaults import DEFAULT
from knowledge.answer_model import AnswerModel, probabilities
from knowledge.candidates import Candidates, LanguageRows, rows_of
from knowledge.dense import Encoder
from knowledge.embedding_cache import EmbeddingCache
from knowledge.entries import Content, Entry, Hit

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
        fusion = self.model.fusion(language, informed=bool(prior))
        logits = fusion.logits(candidates.features)
        chances = probabilities(logits)
        hits = []
        for number in np.argsort(-logits, kind="stable")[:limit]:
            dense, dense_answer, lexical, lexical_whole = candidates.features[number, :4]
            hits.append(
                Hit(
                    entry=candidates.entries[number],
                    score=float(logits[number]),
                    probability=float(chances[number]),
                    dense=float(max(dense, dense_answer)),
                    lexical=float(max(lexical, lexical_whole)),
                    matched=candidates.matched(int(number), query),
                )
            )
        return tuple(hits)

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
