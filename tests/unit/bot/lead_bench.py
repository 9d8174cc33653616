"""A small shop with real files, search and versions, but no model: for tests of publishing."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.dialogue.domain import Domain
from bot.dialogue.flows import Flows
from bot.dialogue.script import write_script
from bot.intent_models.model import IntentModel
from bot.live import Live
from bot.publishing.drafts import DraftStore
from bot.publishing.editing import Editing
from bot.publishing.examination import Examiner
from bot.publishing.fitting import AnswerFitter
from bot.publishing.making import SnapshotMaker
from bot.publishing.publisher import Publisher
from bot.publishing.questions import shop_questions
from bot.publishing.releases import Releases
from bot.publishing.values import User
from bot.settings import DialogueSettings
from bot.snapshot import Snapshot
from knowledge.formats.folder import load_files, read_folder
from knowledge.formats.parsed import ParsedFiles
from knowledge.index.segment import tokens
from knowledge.versions.store import VersionStore
from nlu.language import detect_language
from nlu.understanding import Understanding

ANN, BO, VIC = User("Ann", "lead"), User("Bo", "lead"), User("Vic", "viewer")

DELIVERY = """\
---
language: en
---
# Delivery

## How long does delivery take? {#delivery-period}
> when will my parcel arrive
> ? how many days until my parcel is here

Delivery takes **3 days**.

## Do you deliver on weekends? {#weekend-delivery}
> saturday and sunday shipping

We deliver on Saturdays.
"""
GIFTS = """\
language: en
# the shop's gifts
entries:
  - id: gift-wrap
    question: Do you wrap gifts?   # for birthdays
    phrasings: [gift wrapping paper]
    answer: Yes, for 5 USD.
"""
POLICY = """\
---
id: returns-policy
language: en
---
# Returns policy
## Time limit {#time-limit}
You can return items within 60 days.
"""
PRODUCTS = """\
id,title,description,link,image_link,availability,price
T-1,Fell tent,A tent for two,https://shop.example/t1,,in_stock,129.00 USD
T-2,Beck tent,A tent for four,https://shop.example/t2,,in_stock,229.00 USD
"""
QUESTIONS = """\
questions:
  - question: do you wrap gifts
    language: en
    entry: gift-wrap
  - question: who won the football match
    language: en
    intents: []
"""


class WordEncoder:
    """Each word hashed into 256 dimensions."""

    identity = "words"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), 256), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row, 0] = 1e-3
            for token in tokens(text):
                vectors[row, hashlib.sha256(token.encode()).digest()[0]] += 1.0
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def understand(texts: Sequence[str]) -> list[Understanding]:
    """No intents at all: knowledge alone decides."""
    return [Understanding(text, detect_language(text), (), False, 0.9) for text in texts]


NO_INTENTS = IntentModel("none", ("track_order",), understand)


@dataclass
class Bench:
    """One process on the shop in `folder`."""

    folder: Path
    domain: Domain
    flows: Flows
    today: date = date(2026, 11, 22)
    intent_model: IntentModel = NO_INTENTS
    newer_intents: Callable[[str], IntentModel | None] = lambda _: None
    live: Live[Snapshot] = field(init=False)
    publisher: Publisher = field(init=False)
    editing: Editing = field(init=False)
    releases: Releases = field(init=False)

    def __post_init__(self) -> None:
        state = self.folder / ".shopclerk"
        encoder, parsed = WordEncoder(), ParsedFiles()
        fitter = AnswerFitter(state / "answers", encoder="none", max_wrong=0.03)
        maker = SnapshotMaker(
            encoder, state, fitter, flows=self.flows, dialogue=DialogueSettings()
        )
        versions = VersionStore.open(self.folder / "knowledge", state)
        head = versions.head()
        files = versions.files(head.id) if head else read_folder(self.folder / "knowledge")
        if head is None:
            head = versions.commit(files, author="shopclerk", message="First", parent=None)
        own = shop_questions(self.folder)
        snapshot = maker.first(
            files, load_files(files), own, version=head, intent_model=self.intent_model
        )
        dated = replace(snapshot.index, today=lambda: self.today)
        self.live = Live(replace(snapshot, index=dated))
        examiner = Examiner(encoder.encode, write_script(self.domain, self.flows, frozenset()))
        self.publisher = Publisher(
            self.folder,
            self.live,
            versions,
            maker,
            examiner,
            parsed,
            newer_intents=lambda current: self.newer_intents(current),
        )
        drafts = DraftStore(state / "drafts")
        self.editing = Editing(
            self.live, drafts, parsed, intents=["track_order"], today=lambda: self.today
        )
        self.releases = Releases(self.live, self.publisher, versions, drafts, examiner, parsed)

    def file(self, name: str) -> Path:
        return self.folder / "knowledge" / name

    def answer(self, question: str) -> str:
        """What a shopper gets now."""
        return self.releases.ask(ANN, question).answer

    def change(self, user: User, id_: str, **fields: object) -> None:
        """Save a change to an English entry, as the form does."""
        view = self.editing.entry(user, (id_, "en"))
        assert view.mine is not None
        mine = replace(view.mine, **fields)  # type: ignore[arg-type]
        self.editing.save(user, mine, base=view.base, replacing=view.key)


def write_shop(folder: Path) -> Path:
    files = {
        "knowledge/faq/delivery.en.md": DELIVERY,
        "knowledge/faq/gifts.yml": GIFTS,
        "knowledge/policies/returns.en.md": POLICY,
        "knowledge/products.csv": PRODUCTS,
        "tests/questions.yml": QUESTIONS,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
