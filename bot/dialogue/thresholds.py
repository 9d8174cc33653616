"""How sure the bot must be before it acts."""

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.index.search import Findings
from nlu.understanding import IntentRank

NO_EVIDENCE = Findings()


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from which the bot acts; fitted on the shop's test questions.

    `intent`: act on the intent alone. `supported`: act on it when the words alone find an entry on
    the same intent. `answers`: reply with the best entry, by language. `clarify`: two
    readings above it are offered as a choice.
    """

    intent: float
    supported: float
    answers: Mapping[str, float]
    clarify: float = 0.2

    def sure(self, intent: IntentRank, evidence: Findings) -> bool:
        """Whether the intent may be acted upon."""
        enough = self.supported if evidence.words_say == intent.name else self.intent
        return intent.probability >= enough

    def beyond_intents(self, top: IntentRank, evidence: Findings, language: str) -> bool:
        """Whether the best entry has no intent, which none can speak for, and is surer than all."""
        best = evidence.hits[0] if evidence.hits else None
        if best is None or best.entry.intent is not None:
            return False
        return best.probability >= max(self.answer(language), top.probability)

    def answer(self, language: str) -> float:
        """The least probability of an answer in that language (English's for one never fitted)."""
        return self.answers.get(language, self.answers.get("en", 1.0))
