"""A visit drawn as the page's three parts, from the store and the shop's settings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.app import Shopclerk
from bot.errors import ConversationNotYours
from bot.messages import BotMessage, Button, Shopper, Turn
from bot.storage.conversations import PastEvent
from ui.frame import Frame, render_composer, render_header
from ui.transcript import Asked, Page, Place, read_events, render_transcript
from ui.visit import Visit
from ui.words import shop_name, suggestions, words_of


@dataclass(frozen=True)
class Remark:
    """What the page itself says under the conversation, and what it offers to press."""

    notice: str = ""
    choices: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """A message of the shopper's and the turn that it led to; none where it was not taken."""

    asked: Asked
    turn: Turn | None = None


class Drawing:
    """Reads conversations and draws them."""

    def __init__(self, clerk: Shopclerk) -> None:
        self._clerk = clerk

    def said(self, visit: Visit) -> list[Asked | BotMessage]:
        """What was said so far.

        Raises:
            ConversationNotYours: somebody else's.
        """
        return read_events((p.event for p in self._past(visit)), words_of(visit.language))

    def page(
        self, visit: Visit, remark: Remark | None = None, outcome: Outcome | None = None
    ) -> tuple[dict[str, str], Visit]:
        """Draw the page, after a message of the shopper's or without one.

        Somebody else's conversation is replaced by a new one; the visit returned says which.
        """
        remark, words = remark or Remark(), words_of(visit.language)
        try:
            past = self._past(visit)
        except ConversationNotYours:
            visit, past = visit.fresh(), ()
            remark = replace(remark, notice=remark.notice or words.not_yours)
        said = read_events((p.event for p in past), words)
        if outcome and outcome.turn and not _is_stored(outcome.asked, outcome.turn, said):
            # A turn that failed is not stored. Its apology must be seen all the same; it has no
            # thumbs, since there is nothing in the store that a rating could belong to.
            said += [outcome.asked, *(replace(m, id="") for m in outcome.turn.messages)]
        # A message that is answered with an earlier one is settled by that one's drawing.
        settled = outcome and not (outcome.turn and outcome.turn.joined)
        place = Place(
            visit.conversation_id,
            past[-1].position + 1 if past else 0,
            outcome.asked.id if outcome and settled else "",
        )
        return self.parts(visit, said, remark, place), visit

    def _past(self, visit: Visit) -> tuple[PastEvent, ...]:
        return self._clerk.store.since(visit.conversation_id, 0, visit.shopper)

    def parts(
        self, visit: Visit, said: Sequence[Asked | BotMessage], remark: Remark, place: Place
    ) -> dict[str, str]:
        """The page's markup: `top`, `talk`, `foot`."""
        shop, words = self._clerk.settings.shop, words_of(visit.language)
        customer = self.customer(visit.shopper)
        greeting = words.hello_name.format(name=customer) if customer else words.hello
        page = Page(greeting, words.help.format(shop=shop_name(shop, visit.language)),
                    suggestions(shop, visit.language), remark.notice, remark.choices, place)
        frame = self._frame(visit.language, customer)
        return {"top": render_header(frame), "talk": render_transcript(said, page, words),
                "foot": render_composer(frame)}

    def customer(self, shopper: Shopper) -> str | None:
        """The name of the customer who is signed in."""
        if shopper.customer_id is None:
            return None
        customer = self._clerk.customers.customer(shopper.customer_id)
        return customer.name if customer else None

    def voice_problem(self, language: str) -> str:
        """Why nobody can speak here, for the shopper and for who can mend it; else nothing."""
        if self._clerk.voice is not None:
            return ""
        return words_of(language).no_voice.format(problem=self._clerk.voice_problem)

    def _frame(self, language: str, customer: str | None) -> Frame:
        clerk = self._clerk
        return Frame(
            shop=clerk.settings.shop,
            language=language,
            customer=customer,
            demo_customers=clerk.demo_customers,
            voice_problem=self.voice_problem(language),
            speaks=clerk.synthesizer is not None,
            max_upload_mb=clerk.settings.server.max_upload_mb,
            max_seconds=clerk.settings.speech.max_seconds,
            max_chars=clerk.settings.server.max_text_chars,
        )


def _is_stored(asked: Asked, turn: Turn, said: Sequence[Asked | BotMessage]) -> bool:
    """Whether the store has what the turn said; one that says nothing has nothing to be seen."""
    stored = {m.id for m in said if m.id}
    return not turn.messages or asked.id in stored or any(m.id in stored for m in turn.messages)
