"""Larkfell's own actions, as any rasa-sdk action server would run them."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

SHORTEST = 12
"""Characters of a complaint below which nobody could tell what happened; Chinese needs half."""




class ValidateComplaintDetails(Action):
    """`validate_complaint_details`: a complaint must say what happened."""

    def name(self) -> str:
        """The name that Rasa derives from the slot."""
        return "validate_complaint_details"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Refuse what is too short to act upon."""
        text = str(tracker.get_slot("complaint_details") or "").strip()
        chinese = any("一" <= letter <= "鿿" for letter in text)
        if len(text) * (2 if chinese else 1) >= SHORTEST:
            return [SlotSet("complaint_details", text)]
        dispatcher.utter_message(response="utter_complaint_too_short")
        return [SlotSet("complaint_details", None)]


class ActionNoteComplaint(Action):
    """`action_note_complaint`: what the team reads when it opens the conversation."""

    def name(self) -> str:
        """The name that flows use."""
        return "action_note_complaint"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Put the complaint into one line."""
        topic, details = tracker.get_slot("complaint_topic"), tracker.get_slot("complaint_details")
        wish = tracker.get_slot("complaint_wish")
        note = f"complaint about {topic}: {details}" + (f"; wants: {wish}" if wish else "")
        return [SlotSet("handover_reason", note)]
