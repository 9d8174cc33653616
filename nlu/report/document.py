"""The training report as values; JSON is these fields by name."""

import json
from dataclasses import asdict, dataclass
from typing import Literal

from nlu.metrics import Bin, Metrics


@dataclass(frozen=True)
class Quoted:
    """A training example and where it stands; `place` is `file:line`, relative to the NLU files."""

    text: str
    intent: str
    place: str


@dataclass(frozen=True)
class Pair:
    """Two examples of different intents that read alike; `similarity` is a cosine."""

    first: Quoted
    second: Quoted
    similarity: float


@dataclass(frozen=True)
class Mislabelled:
    """An example that a model taught without it would file elsewhere.

    `nearest` is the most alike example of the suggested intent.
    """

    example: Quoted
    suggested: str
    own_probability: float
    suggested_probability: float
    nearest: Quoted


@dataclass(frozen=True)
class Overlap:
    """Two intents that are taken for one another.

    `confused` of both intents' `examples` go to the other when they are held out; `similarity` is
    the cosine of the two centroids.
    """

    first: str
    second: str
    confused: int
    examples: int
    similarity: float
    closest: tuple[Pair, ...]

    @property
    def confused_share(self) -> float:
        """Of all examples of the two."""
        return self.confused / self.examples


@dataclass(frozen=True)
class Thin:
    """An intent with too little to learn from in a language: `distinct` examples really differ."""

    intent: str
    language: str
    examples: int
    distinct: int


@dataclass(frozen=True)
class IntentFigures:
    """One intent on held-out texts, by what the bot decides; None where nothing stands below."""

    intent: str
    precision: float | None
    recall: float | None
    f1: float
    support: int
    answered: int


@dataclass(frozen=True)
class ConfusedText:
    """A held-out text that was misread, and the training example that it was likely taken for.

    `place` is None where the text is none of the training examples.
    """

    text: str
    place: str | None
    probability: float
    nearest: Quoted | None


@dataclass(frozen=True)
class Confusion:
    """Held-out texts of one intent that were taken for another."""

    intent: str
    taken_for: str
    texts: tuple[ConfusedText, ...]


@dataclass(frozen=True)
class LanguageFigures:
    """All figures on one language's held-out texts."""

    language: str
    metrics: Metrics


@dataclass(frozen=True)
class TriedSetting:
    """A setting that training tried, with its cross-validated accuracy."""

    name: str
    accuracy: float
    chosen: bool


@dataclass(frozen=True)
class TrainingFacts:
    """What was trained. `full_accuracy` and `int8_accuracy` are of the encoder on held-out texts.

    `encoder_bytes` is the size of the file that serves; 0 without an encoder.
    """

    seconds: float
    examples: int
    intents: int
    epochs: int
    int8: bool
    encoder_bytes: int
    full_accuracy: float | None = None
    int8_accuracy: float | None = None
    tried: tuple[TriedSetting, ...] = ()


AdviceKind = Literal[
    "mislabelled", "duplicates", "overlap", "confusion", "thin", "scope", "weak intent"
]


@dataclass(frozen=True)
class Advice:
    """One thing to mend: what is wrong, what to do, and where to begin.

    `weight` is about how many misread examples it concerns; it ranks the advice.
    """

    kind: AdviceKind
    headline: str
    remedy: str
    places: tuple[Quoted, ...]
    weight: float


@dataclass(frozen=True)
class Audit:
    """What the training examples show of themselves, the gravest first."""

    examples: int
    mislabelled: tuple[Mislabelled, ...]
    duplicates: tuple[Pair, ...]
    overlapping: tuple[Overlap, ...]
    thin: tuple[Thin, ...]


@dataclass(frozen=True)
class Findings:
    """What the held-out texts show; `reliability` and its error are of the in-scope texts."""

    overall: Metrics
    languages: tuple[LanguageFigures, ...]
    reliability: tuple[Bin, ...]
    intents: tuple[IntentFigures, ...]
    confusions: tuple[Confusion, ...]


@dataclass(frozen=True)
class IntentReport:
    """Everything that the page shows, and report.json holds."""

    advice: tuple[Advice, ...]
    findings: Findings
    audit: Audit
    facts: TrainingFacts

    def to_json(self) -> str:
        """Return JSON text; Chinese stays readable."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"
