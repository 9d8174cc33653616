"""Answer a question from knowledge, with its source; or say that there is no sure answer."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.replies import query_of, utter_hit
from bot.answers import Answers
from bot.dialogue.interpret import Thresholds


class ActionAnswer(Action):
    """`action_answer`. Where the intent is beyond doubt, only entries on it are considered."""

    def __init__(self, answers: Answers, thresholds: Thresholds) -> None:
        self._answers = answers
        self._thresholds = thresholds

    def name(self) -> str:
        """The name that flows use."""
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Utter the best entry's own text."""
        query = query_of(tracker)
        intent = tracker.latest_message.get("intent") or {}
        hit = None
        if float(intent.get("confidence") or 0) >= self._thresholds.flow:
            hit = self._answers.about(str(intent.get("name")), query)
        if hit is None:
            best = next(iter(self._answers.find(query)), None)
            enough = self._thresholds.answer(query.language)
            hit = best if best and best.probability >= enough else None
        if hit is None:
            dispatcher.utter_message(response="utter_cannot_handle")
        else:
            utter_hit(dispatcher, hit)
        return []
