"""What the bot makes of one utterance."""

from dataclasses import dataclass, field

_LIKELIEST = 10


@dataclass(frozen=True)
class IntentRank:
    """One intent and its calibrated probability in [0, 1]."""

    name: str
    probability: float


@dataclass(frozen=True)
class Entity:
    """A span of the utterance.

    `start` and `end` are character offsets into the original text; `value` is the canonical
    form (a synonym's target, an ISO date, a number as text); `text` is the span as typed. `role`
    tells entities of one name apart (`from`, `to`), `group` says which belong together.
    """

    name: str
    value: str
    text: str
    start: int
    end: int
    role: str | None = None
    group: str | None = None


@dataclass(frozen=True)
class Understanding:
    """Ranked intents (best first, probabilities sum to 1 over all intents), entities, language.

    `language` is `en` or `zh` (the language to answer in). `out_of_scope` is the decision at the
    fitted threshold; `scope_probability` in [0, 1] is the evidence that the shop can help at all.
    """

    text: str
    language: str
    intents: tuple[IntentRank, ...]
    out_of_scope: bool
    scope_probability: float
    entities: tuple[Entity, ...] = field(default=())

    @property
    def top(self) -> IntentRank:
        """The likeliest intent; an empty name with probability 0 when there is none."""
        return self.intents[0] if self.intents else IntentRank("", 0.0)

    @property
    def likeliest(self) -> tuple[IntentRank, ...]:
        """The ten likeliest intents, best first."""
        return self.intents[:_LIKELIEST]

    @property
    def prior(self) -> dict[str, float]:
        """Their probabilities by name, likeliest first: what a search is told of the intents."""
        return {rank.name: rank.probability for rank in self.likeliest}

    def values(self, entity: str) -> tuple[str, ...]:
        """Canonical values of every entity of that name, in text order."""
        return tuple(e.value for e in self.entities if e.name == entity)
