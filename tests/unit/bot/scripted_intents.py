"""Intent models that say what their script has, for tests of choosing and swapping."""

from collections.abc import Mapping, Sequence

from bot.intent_models.comparison import IntentTest
from bot.intent_models.model import IntentModel
from nlu.model_files import OUT_OF_SCOPE
from nlu.understanding import IntentRank, Understanding


def scripted(name: str, intents: Sequence[str], says: Mapping[str, str]) -> IntentModel:
    """Knows `intents`; a text that is not in its script is out of scope."""

    def understand(texts: Sequence[str]) -> list[Understanding]:
        return [_heard(text, says.get(text, OUT_OF_SCOPE)) for text in texts]

    return IntentModel(name, tuple(intents), understand)


def _heard(text: str, intent: str) -> Understanding:
    outside = intent == OUT_OF_SCOPE
    scope = 0.1 if outside else 0.9
    return Understanding(text, "en", (IntentRank(intent, 0.9),), outside, scope)


def question(number: int, wanted: str = "a") -> IntentTest:
    """The numbered question on an intent; "" is out of scope."""
    return IntentTest(f"q{number}", frozenset(filter(None, [wanted])), f"tests/q.yml:{number}")


QUESTIONS = tuple(question(number) for number in range(40))


def right_on(name: str, count: int) -> IntentModel:
    """A model that has the first `count` of QUESTIONS right and takes the others for "b"."""
    says = {q.text: "a" if n < count else "b" for n, q in enumerate(QUESTIONS)}
    return scripted(name, ("a", "b", OUT_OF_SCOPE), says)
