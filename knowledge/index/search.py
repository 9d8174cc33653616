"""Entries behind one `search`: an immutable snapshot, built beside the live one and swapped in."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import Content, Entry, Hit
from knowledge.index.answer_defaults import DEFAULT
from knowledge.index.answer_model import AnswerModel, probabilities
from knowledge.index.candidates import Candidates
from knowledge.index.corpus import rows_of
from knowledge.index.dense import Encoder
from knowledge.index.embedding_cache import EmbeddingCache
from knowledge.index.index_store import IndexStore
from knowledge.index.language_rows import Embed, LanguageRows


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
NO_TAGS: frozenset[str] = frozenset()
Progress = Callable[[str, int, int], None]
# A cross-encoder takes some 5 ms for each text on one core.
_RERANKED = 20


class Reranker(Protocol):
    """Orders the best hits again by reading the query and each text together."""

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return for each text how well it answers the query; only their order means anything."""


@dataclass(frozen=True)
class KnowledgeIndex:
    """All entries of a shop, searchable in their languages. Safe to share between threads."""

    encoder: Encoder
    languages: Mapping[str, LanguageRows]
    model: AnswerModel
    today: Callable[[], date]
    store: IndexStore | None = None
    reranker: Reranker | None = None

    @classmethod
    def build(
        cls,
        content: Content,
        encoder: Encoder,
        cache: EmbeddingCache,
        *,
        today: Callable[[], date] = date.today,
        progress: Progress | None = None,
        kept: Path | None = None,
        reranker: Reranker | None = None,
    ) -> "KnowledgeIndex":
        """Index the content's entries; only texts that `cache` has not seen are embedded.

        Args:
            content: What `load_folder` returned.
            encoder: The sentence encoder that will also encode the queries.
            cache: Vectors of earlier builds.
            today: Asked at every search: entries outside their dates are left out.
            progress: Called with (stage, done, total).
            kept: Where built indexes lie; one that fits is opened instead, else one is added.
            reranker: Orders those of the 20 best hits again that are likely enough to be answers.
        """
        store = None if kept is None else IndexStore(kept, encoder.identity)
        nothing = cls(encoder, MappingProxyType({}), DEFAULT, today, store, reranker)
        embed = _embedding(encoder, cache, progress)
        languages = {}
        for code, entries in _by_language(content).items():
            found = None if store is None else store.load(code, entries, embed)
            languages[code] = found or nothing._indexed(code, entries, embed)
        return replace(nothing, languages=MappingProxyType(languages))

    def updated(
        self, content: Content, cache: EmbeddingCache, *, progress: Progress | None = None
    ) -> "KnowledgeIndex":
        """Return an index of this content beside this one; what stayed the same is shared.

        Changed entries are added to what this index was built of, which still says how much a
        word weighs. When they have become more than 2 % of it, or a fifth of it is gone,
        everything is indexed anew.

        Args:
            content: All entries, as for `build`.
            cache: Vectors of earlier builds.
            progress: Called with (stage, done, total).
        """
        embed = _embedding(self.encoder, cache, progress)
        languages = {}
        for code, entries in _by_language(content).items():
            before = self.languages.get(code)
            rows = None if before is None else before.updated(entries, embed)
            languages[code] = rows or self._indexed(code, entries, embed)
        return replace(self, languages=MappingProxyType(languages))

    def _indexed(self, language: str, entries: Sequence[Entry], embed: Embed) -> LanguageRows:
        vectors = embed([row for entry in entries for row in rows_of(entry)])
        rows = LanguageRows.build(entries, vectors)
        return rows if self.store is None else self.store.save(language, rows)

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
        tags: frozenset[str] = NO_TAGS,
    ) -> tuple[Hit, ...]:
        """Return the entries likeliest to answer, best first.

        Args:
            query: The shopper's words.
            language: Only entries of it are found; English ones where it has none at all.
            prior: Intent to probability, as the understanding of the utterance has it.
            limit: The most hits to return.
            vector: The query's unit vector where the caller has it already.
            tags: Only entries that hold all of these are found.
        """
        candidates = self.candidates(
            query, language=language, prior=prior, vector=vector, tags=tags
        )
        logits = self._logits(candidates, language, informed=bool(prior))
        threshold = self.model.threshold(language, informed=bool(prior))
        best = self._ranked(query, candidates, logits, threshold)[:limit]
        return tuple(_hit(candidates, number, logits, query) for number in best)

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
        logits = self._logits(candidates, language, informed=bool(prior))
        plain = self._logits(candidates, language, informed=False)
        threshold = self.model.threshold(language, informed=bool(prior))
        ranked = self._ranked(query, candidates, logits, threshold)
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
        tags: frozenset[str] = NO_TAGS,
    ) -> Candidates:
        """Return what `search` ranks."""
        rows = self.languages.get(language) or self.languages.get("en")
        if rows is None:
            return Candidates.none()
        if vector is None:
            vector = self.encoder.encode([query])[0]
        return rows.candidates(query, vector, prior, rows.usable(self.today(), tags))

    def _logits(
        self, candidates: Candidates, language: str, *, informed: bool
    ) -> NDArray[np.float64]:
        """Return a logit for each candidate; no prior speaks for or against one without intent."""
        plain = self.model.fusion(language, informed=False).logits(candidates.features)
        if not informed:
            return plain
        told = self.model.fusion(language, informed=True).logits(candidates.features)
        has_intent = np.array([entry.intent is not None for entry in candidates.entries])
        return np.where(has_intent, told, plain) if len(has_intent) else told

    def _ranked(
        self,
        query: str,
        candidates: Candidates,
        logits: NDArray[np.float64],
        threshold: float,
    ) -> list[int]:
        """Return the candidates' numbers, best first.

        The reranker orders only hits that may all be given as an answer. So whether the bot
        answers, and how often that is wrong, stays what the model's threshold says.
        """
        ranked = [int(number) for number in np.argsort(-logits, kind="stable")]
        if self.reranker is None:
            return ranked
        likely = probabilities(logits)
        sure = [number for number in ranked[:_RERANKED] if likely[number] >= threshold]
        if len(sure) < 2:
            return ranked
        texts = [_read_by_reranker(candidates.entries[number]) for number in sure]
        order = np.argsort(-self.reranker.scores(query, texts), kind="stable")
        return [sure[place] for place in order] + ranked[len(sure) :]


def _by_language(content: Content) -> dict[str, list[Entry]]:
    entries: dict[str, list[Entry]] = defaultdict(list)
    for entry in content.entries:
        entries[entry.language].append(entry)
    return entries


def _embedding(encoder: Encoder, cache: EmbeddingCache, progress: Progress | None) -> Embed:
    return lambda texts: cache.vectors(texts, encoder, progress)


def _read_by_reranker(entry: Entry) -> str:
    return f"{': '.join(entry.heading_path) or entry.question}\n{entry.answer}"


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
