"""Answer a question from knowledge, with its source; or say that there is no sure answer."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.replies import query_of, utter_hit
from bot.answers import Answers
from nlu.understanding import IntentRank


class ActionAnswer(Action):
    """`action_answer`. Where the intent is beyond doubt, only entries on it are considered."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def name(self) -> str:
        """The name that flows use."""
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Utter the best entry's own text."""
        query = query_of(tracker)
        evidence = self._answers.find(query)
        likeliest = IntentRank(*query.prior[0]) if query.prior else IntentRank("", 0.0)
        thresholds = self._answers.thresholds
        beyond = thresholds.beyond_intents(likeliest, evidence, query.language)
        on_topic = thresholds.sure(likeliest, evidence) and not beyond
        hit = evidence.on_topic if on_topic else None
        if hit is None and evidence.hits:
            best = evidence.hits[0]
            hit = best if best.probability >= thresholds.answer(query.language) else None
        if hit is None:
            dispatcher.utter_message(response="utter_cannot_handle")
        else:
            utter_hit(dispatcher, self._answers, hit)
        return []
