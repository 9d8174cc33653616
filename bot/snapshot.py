"""One version of the shop's knowledge and the model that understands, ready to answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.dialogue.thresholds import Thresholds
from bot.intent_models.model import IntentModel
from knowledge.entries import Content, Entry, Files
from knowledge.index.products import ProductIndex
from knowledge.index.search import KnowledgeIndex
from knowledge.versions.store import Version


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Everything that a turn needs of the knowledge; never changed, only replaced.

    The thresholds are fitted with what the intent model says, so both go live together.
    `version` is None where no versions are kept.
    """

    files: Files = field(repr=False)
    content: Content = field(repr=False)
    index: KnowledgeIndex = field(repr=False)
    products: ProductIndex = field(repr=False)
    thresholds: Thresholds
    version: Version | None
    intent_model: IntentModel = field(repr=False)

    @cached_property
    def entries(self) -> Mapping[tuple[str, str], Entry]:
        """Each entry by its id and language."""
        return {entry.key: entry for entry in self.content.entries}

    @cached_property
    def links(self) -> Mapping[str, str]:
        """Each product's link by its id."""
        return {product.id: product.link for product in self.content.products}
