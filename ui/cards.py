"""A bot's message as HTML. Pure: same message, same markup; every field is escaped."""

from bot.messages import BotMessage, Button, Card, Citation
from ui import icons
from ui.markup import escape, render_markdown, safe_url
from ui.words import Words


def render_message(message: BotMessage, words: Words, *, last: bool, rated: bool = True) -> str:
    """One reply as a list item. Buttons belong to the last reply only; `rated` offers thumbs."""
    parts = [
        f'<div class="bubble">{render_markdown(message.text)}</div>' if message.text else "",
        _picture(message.image),
        render_cards(message.cards, words),
        _under(message, words, rated=rated and bool(message.text)),
        render_buttons(message.buttons, words) if last else "",
    ]
    return (
        f'<li class="said bot" data-message="{escape(message.id)}">'
        f'<span class="unseen">{escape(words.bot)}:</span>{"".join(parts)}</li>'
    )


def render_cards(cards: tuple[Card, ...], words: Words) -> str:
    """Cards side by side; on a narrow page the strip scrolls sideways."""
    if not cards:
        return ""
    items = "".join(_card(card, words) for card in cards)
    return (f'<ul class="cards" role="list" tabindex="0" aria-label="{escape(words.products)}">'
            f"{items}</ul>")


def render_buttons(buttons: tuple[Button, ...], words: Words) -> str:
    """Quick replies: the payload is sent, the title is shown as the shopper's words."""
    if not buttons:
        return ""
    items = "".join(
        f'<button type="button" class="chip" data-say="{escape(b.payload)}" '
        f'data-show="{escape(b.title)}">{escape(b.title)}</button>'
        for b in buttons
    )
    return f'<div class="choices" role="group" aria-label="{escape(words.choices)}">{items}</div>'


def render_citations(citations: tuple[Citation, ...], words: Words) -> str:
    """What the reply stands on, folded; question, file and line."""
    if not citations:
        return ""
    items = "".join(
        f"<li>{escape(words.source)}: {_source_title(c)}, "
        f"<code>{escape(c.file)}:{escape(c.line)}</code></li>"
        for c in citations
    )
    return (f'<details class="sources"><summary>{escape(words.sources)}</summary>'
            f"<ul>{items}</ul></details>")


def _source_title(citation: Citation) -> str:
    """The question, or for a passage of a policy the way to the whole of it."""
    title, link = escape(citation.title), safe_url(citation.link)
    if not link:
        return title
    return f'<a href="{escape(link)}" target="_blank" rel="noopener">{title}</a>'


def _card(card: Card, words: Words) -> str:
    image, link = safe_url(card.image), safe_url(card.link)
    title = escape(card.title)
    if link:
        title = f'<a href="{escape(link)}" target="_blank" rel="noopener noreferrer">{title}</a>'
    parts = [
        f'<div class="photo"><img src="{escape(image)}" alt="" width="320" height="320" '
        f'decoding="async"></div>' if image else "",
        '<div class="facts">',
        f'<h3 class="title">{title}</h3>',
        _line("subtitle", card.subtitle),
        _price(card, words),
        _line("stock", card.availability),
        _line("reason", card.reason),
        _lines(card, words, folded=bool(image)),
        "</div>",
    ]
    kind = "product" if image else "order"
    return f'<li class="card {kind}">{"".join(parts)}</li>'


def _line(name: str, text: str) -> str:
    return f'<p class="{name}">{escape(text)}</p>' if text else ""


def _lines(card: Card, words: Words, *, folded: bool) -> str:
    """An order's items are what one looks for; a product's description waits to be asked for."""
    if not card.lines:
        return ""
    lines = '<ul class="lines">' + "".join(f"<li>{escape(x)}</li>" for x in card.lines) + "</ul>"
    if not folded:
        return lines
    return f'<details class="more"><summary>{escape(words.details)}</summary>{lines}</details>'


def _price(card: Card, words: Words) -> str:
    if not card.price:
        return ""
    old = (f' <s><span class="unseen">{escape(words.was)} </span>{escape(card.old_price)}</s>'
           if card.old_price else "")
    reduced = " reduced" if old else ""
    return f'<p class="price{reduced}"><strong>{escape(card.price)}</strong>{old}</p>'


def _picture(image: str) -> str:
    url = safe_url(image)
    return f'<img class="picture" src="{escape(url)}" alt="" decoding="async">' if url else ""


def _under(message: BotMessage, words: Words, *, rated: bool) -> str:
    """Thumbs, sources, and the reasons that a thumb down asks for."""
    thumbs, why = (_thumbs(message.id, words), _why(words)) if rated else ("", "")
    sources = render_citations(message.citations, words)
    return f'<div class="under">{thumbs}{sources}{why}</div>' if thumbs or sources else ""


def _thumbs(message_id: str, words: Words) -> str:
    buttons = "".join(
        f'<button type="button" data-rate="{rating}" aria-pressed="false" '
        f'aria-label="{escape(label)}" title="{escape(label)}">{icon}</button>'
        for rating, label, icon in (("up", words.useful, icons.THUMB_UP),
                                    ("down", words.useless, icons.THUMB_DOWN))
    )
    return (f'<div class="thumbs" data-for="{escape(message_id)}">{buttons}'
            f'<span class="noted" role="status"></span></div>')


def _why(words: Words) -> str:
    reasons = "".join(
        f'<button type="button" class="chip" data-reason="{escape(code)}">{escape(text)}</button>'
        for code, text in words.reasons
    )
    return (f'<div class="why" role="group" aria-label="{escape(words.why)}" hidden>'
            f"<span>{escape(words.why)}</span>{reasons}</div>")
