"""Makes the next snapshot beside the live one: embeds and indexes only what is new."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.dialogue.flows import Flows
from bot.dialogue.thresholds import Thresholds
from bot.intent_models.model import IntentModel
from bot.progress import ProgressCallback, silent
from bot.publishing.fitting import AnswerFitter
from bot.publishing.questions import entry_questions
from bot.settings import DialogueSettings
from bot.snapshot import Snapshot
from knowledge.entries import Content, Files
from knowledge.formats.questions import Question
from knowledge.index.answer_model import AnswerModel
from knowledge.index.dense import Encoder
from knowledge.index.embedding_cache import EmbeddingCache
from knowledge.index.products import ProductIndex
from knowledge.index.search import KnowledgeIndex, Reranker
from knowledge.versions.store import Version


class SnapshotMaker:
    """Turns content into a snapshot."""

    def __init__(
        self,
        encoder: Encoder,
        state_dir: Path,
        fitter: AnswerFitter,
        *,
        flows: Flows,
        dialogue: DialogueSettings,
        reranker: Reranker | None = None,
    ) -> None:
        """`state_dir` keeps vectors and the built index for the next start."""
        self._reranker = reranker
        self._encoder = encoder
        self._cache = EmbeddingCache(state_dir / "vectors")
        self._kept = state_dir / "index"
        self._fitter = fitter
        self._flows = flows
        self._dialogue = dialogue

    def first(
        self,
        files: Files,
        content: Content,
        own: Sequence[Question],
        *,
        version: Version | None,
        intent_model: IntentModel,
        progress: ProgressCallback = silent,
    ) -> Snapshot:
        """Return the snapshot of a start, from what earlier starts kept where that fits."""
        index = KnowledgeIndex.build(
            content,
            self._encoder,
            self._cache,
            progress=progress,
            kept=self._kept,
            reranker=self._reranker,
        )
        products = ProductIndex.build(
            content.products, self._encoder, self._cache, progress=progress
        )
        unfitted = self._thresholds(index.model, index)
        snapshot = Snapshot(files, content, index, products, unfitted, version, intent_model)
        return self._fitted(snapshot, own)

    def following(
        self,
        live: Snapshot,
        files: Files,
        content: Content,
        own: Sequence[Question],
        *,
        progress: ProgressCallback = silent,
    ) -> Snapshot:
        """Return the snapshot that may follow the live one, which stays as it is.

        Its version is the live one's until it is published.
        """
        index = live.index.updated(content, self._cache, progress=progress)
        products = live.products
        if content.products != live.content.products:
            products = ProductIndex.build(
                content.products, self._encoder, self._cache, progress=progress
            )
        following = replace(live, files=files, content=content, index=index, products=products)
        return self._fitted(following, own)

    def understood_by(
        self, intent_model: IntentModel, live: Snapshot, own: Sequence[Question]
    ) -> Snapshot:
        """Return the live snapshot with another intent model, and thresholds that fit it."""
        return self._fitted(replace(live, intent_model=intent_model), own)

    def _fitted(self, snapshot: Snapshot, own: Sequence[Question]) -> Snapshot:
        questions = (*own, *entry_questions(snapshot.content.entries, self._flows))
        index = snapshot.index
        model = self._fitter.model(snapshot.intent_model, index, snapshot.content, questions)
        return replace(
            snapshot,
            index=index.with_model(model),
            thresholds=self._thresholds(model, index),
        )

    def _thresholds(self, model: AnswerModel, index: KnowledgeIndex) -> Thresholds:
        told = self._dialogue
        answers = {code: model.threshold(code, informed=True) for code in index.languages}
        return Thresholds(
            told.intent_threshold, told.supported_threshold, answers, told.clarify_threshold
        )
