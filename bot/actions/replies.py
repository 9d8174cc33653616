"""The pieces that replies of several actions are made of."""

from dataclasses import asdict
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.session import language_of, text_of
from bot.answers import Answers, Query
from bot.messages import Card, Citation
from bot.policy_links import policy_path
from knowledge.entries import Hit


def citation(hit: Hit) -> Citation:
    """The source of an answer."""
    entry = hit.entry
    return Citation(
        entry.id,
        entry.question,
        entry.source.file,
        entry.source.line,
        round(hit.probability, 4),
        entry.version,
        policy_path(entry),
    )


def elements(cards: list[Card]) -> list[dict[str, Any]]:
    """Cards as rasa-sdk's `elements`."""
    return [asdict(card) for card in cards]


def query_of(tracker: Tracker) -> Query:
    """The shopper's latest words as a knowledge query."""
    ranking = tracker.latest_message.get("intent_ranking") or []
    prior = tuple((str(r["name"]), float(r["confidence"])) for r in ranking)
    return Query(text_of(tracker), language_of(tracker), prior)


def utter_hit(dispatcher: CollectingDispatcher, answers: Answers, hit: Hit) -> None:
    """Reply with the entry's own text and its source."""
    dispatcher.utter_message(
        text=answers.text_of(hit.entry), json_message={"citations": [asdict(citation(hit))]}
    )


def sign_in_first(
    dispatcher: CollectingDispatcher, tracker: Tracker, answers: Answers, intent: str
) -> None:
    """Ask to sign in, and tell what knowledge has on the subject meanwhile."""
    dispatcher.utter_message(response="utter_sign_in_first")
    hit = answers.about(intent, query_of(tracker))
    if hit is not None:
        utter_hit(dispatcher, answers, hit)
