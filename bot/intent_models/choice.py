"""What the files teach, what a person wants of a training, and which model came of it."""

from dataclasses import dataclass

from bot.intent_models.comparison import Verdict
from bot.intent_models.model import IntentModel
from bot.intent_models.standing import Declined, ModelRecord


@dataclass(frozen=True)
class Taught:
    """What a shop's files teach now; `texts` are digests of the examples."""

    digest: str
    texts: frozenset[str]
    examples: int
    intents: tuple[str, ...]


@dataclass(frozen=True)
class TrainingWish:
    """What a person wants of a training. None of it: a start, which repeats no refused one.

    `asked`: examine again what was refused. `again`: train although nothing changed.
    `accept_worse`: take the model of the files, whatever was or would be said against it.
    """

    asked: bool = False
    again: bool = False
    accept_worse: bool = False


NO_WISH = TrainingWish()


@dataclass(frozen=True)
class Choice:
    """The model in use.

    Attributes:
        model: what turns understand with.
        record: what is known of it.
        verdict: on the model of the files, where it was examined just now.
        declined: the model of the files, where another one is in use.
        unknown: intents of the files that the model in use doesn't know.
    """

    model: IntentModel
    record: ModelRecord
    verdict: Verdict | None = None
    declined: Declined | None = None
    unknown: tuple[str, ...] = ()

    @property
    def problem(self) -> str:
        """Why the model of the files is not in use, and the remedy; empty where it is."""
        if self.declined is None:
            return ""
        name = self.declined.model.short
        if self.declined.why == "replaced":
            return (
                f"the files' intent model {name} was replaced by hand and stays out of use; "
                f"`shopclerk models use {name}` takes it again, or change the examples in nlu/"
            )
        return (
            f"the files' intent model {name} understands less than the live one and was refused; "
            "mend the examples in nlu/ and train again, or take it all the same with "
            "`shopclerk train --accept-worse`"
        )
