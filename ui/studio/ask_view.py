"""What the bot makes of a question, as safe HTML. Pure."""

import re

from bot.publishing.values import Asked, AskedHit
from ui.markup import escape, render_markdown
from ui.studio.elements import button, key_data, pill

_REASONS = (
    ("confident intent", "The topic is clear."),
    ("knowledge points to the flow", "The best entry belongs to this flow."),
    ("out of scope", "No entry is probable enough."),
    ("several readings", "It could mean several things."),
    (r"answer ([01]\.\d+)", "An entry is probable enough: {}."),
    (r"answer ([01]\.\d+) below threshold ([01]\.\d+)",
     "The best entry has {}, and {} are needed."),
    (r"answer none below threshold ([01]\.\d+)", "No entry was found."),
)
_OUTCOMES = {
    "answers": ("It answers", "good"),
    "starts a flow": ("It starts a flow", "new"),
    "asks back": ("It asks back", "warn"),
}


def render_asked(asked: Asked) -> str:
    """The decision, why, and the entries that were found. Sends `open`."""
    word, look = _OUTCOMES[asked.outcome]
    flow = f" <code>{escape(asked.flow)}</code>" if asked.flow else ""
    answer = (f'<div class="preview"><div class="asked">{escape(asked.question)}</div>'
              f'<div class="bubble">{render_markdown(asked.answer)}</div></div>'
              if asked.answer else "")
    return (
        f'<section class="decision"><div class="line">{pill(word, look)}{flow}'
        f"<span>{escape(reason_in_words(asked.reason))}</span></div>"
        f'<p class="soft">{_heard(asked)} The best entry alone is an answer from '
        f"<strong>{_percent(asked.threshold)}</strong>.</p>{answer}</section>{_hits(asked)}"
    )


def reason_in_words(reason: str) -> str:
    """A decision's reason as a lead reads it; one that is not known here stays as it is."""
    for pattern, words in _REASONS:
        found = re.fullmatch(pattern, reason)
        if found:
            return words.format(*(f"{float(number):.0%}".replace("%", " %")
                                  for number in found.groups()))
    return reason


def _heard(asked: Asked) -> str:
    if asked.out_of_scope:
        return "This sounds like nothing that the shop deals with."
    return (f"The topic sounds like <code>{escape(asked.intent)}</code> "
            f"({_percent(asked.intent_probability)}).")


def _hits(asked: Asked) -> str:
    if not asked.hits:
        return '<p class="soft">No entry was found.</p>'
    head = "".join(f'<th scope="col">{t}</th>' for t in (
        "Entry", "Answers it", "What matched", "Meaning", "Words"))
    rows = "".join(_hit(hit, asked) for hit in asked.hits)
    return (f'<table class="list hits"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
            '<p class="soft">Answers it: how probable it is that the entry, or one on the same '
            "topic, answers the question; the line marks the threshold. Meaning and words: how "
            "near it is by sense and by the words themselves.</p>")


def _hit(hit: AskedHit, asked: Asked) -> str:
    chosen = pill("answer", "good") if hit.key == asked.answered_by else ""
    return (
        f'<tr><td>{button(hit.question, "open", key_data(hit.key), look="link")}{chosen}'
        f"<p><code>{escape(f'{hit.file}:{hit.line}')}</code></p></td>"
        f'<td data-label="Answers it">{_bar(hit.probability, asked.threshold)}</td>'
        f'<td data-label="What matched">{escape(hit.matched)}</td>'
        f'<td data-label="Meaning" class="number">{hit.dense:.2f}</td>'
        f'<td data-label="Words" class="number">{hit.lexical:.2f}</td></tr>'
    )


def _bar(probability: float, threshold: float) -> str:
    share = _share(probability)
    look = "over" if probability >= threshold else "under"
    return (f'<span class="bar {look}"><i style="width:{share:.0f}%"></i>'
            f'<b style="left:{_share(threshold):.0f}%"></b></span> {_percent(probability)}')


def _share(probability: float) -> float:
    return min(max(probability, 0.0), 1.0) * 100


def _percent(probability: float) -> str:
    return f"{_share(probability):.0f} %"
