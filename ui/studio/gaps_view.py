"""Questions that the bot did not answer well, grouped, as safe HTML. Pure."""

from collections.abc import Sequence

from bot.gaps.store import GapView
from bot.privacy import without_labels
from ui.markup import escape
from ui.studio.elements import button, count, empty, key_data, pill

STATUSES = {
    "open": ("open", "warn"),
    "drafted": ("in a draft", "new"),
    "solved": ("solved", "good"),
    "still open after publish": ("still open after publishing", "bad"),
    "dismissed": ("dismissed", ""),
}
_MOST = 200
_EXAMPLES = 5


def render_gaps(gaps: Sequence[GapView], *, lead: bool) -> str:
    """The groups, as they come. Sends `make`, `dismiss`, `reopen`, `open`, `ask`."""
    if not gaps:
        return empty("No gaps here", "What the bot cannot answer gathers here, with personal "
                     "details masked.")
    rest = len(gaps) - _MOST
    more = f'<p class="soft">and {rest:,} more</p>' if rest > 0 else ""
    return f'<ul class="gaps">{"".join(_gap(g, lead) for g in gaps[:_MOST])}</ul>{more}'


def _gap(view: GapView, lead: bool) -> str:
    gap = view.gap
    reasons = ", ".join(f"{reason} {number:,} ×" for reason, number in gap.reasons)
    newer = f", {view.newer:,} of them since" if view.newer else ""
    by = f' <span class="soft">by {escape(view.by)}</span>' if view.by else ""
    examples = "".join(
        f"<li>{_question(text, gap.language)}{f' <b>{number} ×</b>' if number > 1 else ''}</li>"
        for text, number in gap.questions[:_EXAMPLES])
    hidden = len(gap.questions) - _EXAMPLES
    others = f'<li class="soft">and {hidden:,} more</li>' if hidden > 0 else ""
    return (
        f'<li><div class="line"><h3>{escape(gap.title)}</h3>{pill(gap.language.upper())}'
        f"{pill(*STATUSES[view.status])}{by}</div>"
        f'<p class="soft">{count(gap.count, "message")}{newer}; {escape(reasons)}; last on '
        f"{gap.last_at.astimezone():%d %b %Y}</p>"
        f'<ul class="questions">{examples}{others}</ul>{_actions(view, lead)}</li>'
    )


def _question(text: str, language: str) -> str:
    """A press asks it again, without what is masked in it."""
    return button(text, "ask", {"question": without_labels(text), "language": language},
                  look="link plainly")


def _actions(view: GapView, lead: bool) -> str:
    made, data = [], {"gap": view.gap.id}
    if view.entry:
        made.append(button("Open its entry", "open", key_data((view.entry, view.gap.language))))
    if lead and view.status in ("open", "still open after publish"):
        if not view.entry:
            made.append(button("Make an entry", "make", data, look="solid"))
        made.append(button("Dismiss", "dismiss", data))
    if lead and view.status == "dismissed":
        made.append(button("Bring back", "reopen", data))
    return f'<div class="actions">{"".join(made)}</div>' if made else ""
