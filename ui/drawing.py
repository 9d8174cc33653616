"""A visit drawn as the page's three parts, from the store and the shop's settings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.app import Shopclerk
from bot.errors import ConversationNotYours
from bot.messages import BotMessage, Button, Shopper, Turn
from ui.frame import Frame, render_composer, render_header
from ui.transcript import Asked, Page, read_events, render_transcript
from ui.visit import Visit
from ui.words import shop_name, suggestions, words_of


@dataclass(frozen=True)
class Remark:
    """What the page itself says under the conversation, and what it offers to press."""

    notice: str = ""
    choices: tuple[Button, ...] = ()


class Drawing:
    """Reads conversations and draws them."""

    def __init__(self, clerk: Shopclerk) -> None:
        self._clerk = clerk

    def said(self, visit: Visit) -> list[Asked | BotMessage]:
        """What was said so far.

        Raises:
            ConversationNotYours: somebody else's.
        """
        events = self._clerk.store.read(visit.conversation_id, visit.shopper)
        return read_events(events, words_of(visit.language))

    def page(
        self, visit: Visit, remark: Remark | None = None, turn: tuple[str, Turn] | None = None
    ) -> tuple[dict[str, str], Visit]:
        """Draw the page after a turn, if any: the shopper's text and what came of it.

        Somebody else's conversation is replaced by a new one; the visit returned says which.
        """
        remark = remark or Remark()
        try:
            said = self.said(visit)
        except ConversationNotYours:
            visit, said = visit.fresh(), []
            remark = replace(remark, notice=remark.notice or words_of(visit.language).not_yours)
        stored = {m.id for m in said if isinstance(m, BotMessage)}
        if turn and not any(m.id in stored for m in turn[1].messages):
            # A turn that failed is not stored. Its apology must be seen all the same; it has no
            # thumbs, since there is nothing in the store that a rating could belong to.
            text, outcome = turn
            said = [*said, Asked(text, text), *(replace(m, id="") for m in outcome.messages)]
        return self.parts(visit, said, remark), visit

    def parts(
        self, visit: Visit, said: Sequence[Asked | BotMessage], remark: Remark
    ) -> dict[str, str]:
        """The page's markup: `top`, `talk`, `foot`."""
        shop, words = self._clerk.settings.shop, words_of(visit.language)
        customer = self.customer(visit.shopper)
        greeting = words.hello_name.format(name=customer) if customer else words.hello
        page = Page(greeting, words.help.format(shop=shop_name(shop, visit.language)),
                    suggestions(shop, visit.language), remark.notice, remark.choices)
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
