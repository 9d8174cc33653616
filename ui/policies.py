"""Whole policies as pages: what a reply's best passage links to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from bot.app import Shopclerk
from bot.policy_links import policy_path, split_policy_id
from knowledge.entries import Content, Entry
from ui.markup import escape, render_markdown
from ui.plain_page import CONTENT_POLICY, plain_page


@dataclass(frozen=True)
class _Words:
    back: str
    missing: str
    missing_note: str
    also: str


_WORDS = {
    "en": _Words(
        "To the chat",
        "This policy isn't here",
        "It may have been renamed or withdrawn. Please ask in the chat.",
        "Also in:",
    ),
    "zh": _Words(
        "返回聊天", "没有找到这份政策", "它可能已更名或撤下，请在聊天里询问。", "其他语言："
    ),
}
_LANGUAGE_NAMES = {"en": "English", "zh": "中文"}


def add_policy_pages(
    api: FastAPI,
    clerk: Shopclerk,
    content: Callable[[], Content],
    *,
    today: Callable[[], date] = date.today,
) -> None:
    """Add GET /policies/ID?lang=CODE; `content` gives what is live at that moment."""
    shop = clerk.settings.shop

    @api.get("/policies/{policy_id}", include_in_schema=False)
    def policy(policy_id: str, request: Request) -> HTMLResponse:
        """Without a language, the shop's own."""
        language = request.query_params.get("lang") or shop.language
        valid = [e for e in policy_entries(content(), policy_id) if e.valid_on(today())]
        passages = [e for e in valid if e.language == language]
        words = _WORDS.get(language, _WORDS["en"])
        title = _title(passages) or (policy_id if passages else words.missing)
        if passages:
            body = _passages(passages, title)
        else:
            body = f"<h1>{escape(title)}</h1><p>{escape(words.missing_note)}</p>"
        body += _other_languages(valid, language, words.also)
        page = plain_page(
            shop,
            # A language nobody knows is no language of the page.
            language if passages or language in _WORDS else "en",
            title=title,
            body=body,
            back=words.back,
        )
        headers = {
            "content-security-policy": CONTENT_POLICY,
            "x-content-type-options": "nosniff",
            "cache-control": "no-cache",
        }
        return HTMLResponse(page, 200 if passages else 404, headers)


def policy_entries(content: Content, policy_id: str) -> list[Entry]:
    """The policy's passages in all languages, each language in the order of its file."""
    return [
        entry
        for entry in content.entries
        if entry.kind == "policy" and split_policy_id(entry.id)[0] == policy_id
    ]


def _title(passages: Sequence[Entry]) -> str:
    """The heading that all passages stand under; empty when there is none."""
    first = {entry.heading_path[:1] for entry in passages}
    shared = first.pop() if len(first) == 1 else ()
    return shared[0] if shared else ""


def _passages(passages: Sequence[Entry], title: str) -> str:
    shared = 1 if _title(passages) else 0
    html = [f"<h1>{escape(title)}</h1>"]
    above: tuple[str, ...] = ()
    for entry in passages:
        path = entry.heading_path[shared:]
        kept = next(
            (i for i, pair in enumerate(zip(path, above, strict=False)) if pair[0] != pair[1]),
            min(len(path), len(above)),
        )
        new = list(enumerate(path))[kept:]
        # Headings without text of their own stand before the passage that a link may name.
        html += [_heading(depth, text) for depth, text in new[:-1]]
        html.append(_passage(entry, "".join(_heading(*last) for last in new[-1:])))
        above = path
    return "".join(html)


def _heading(depth: int, text: str) -> str:
    level = min(depth + 2, 6)
    return f"<h{level}>{escape(text)}</h{level}>"


def _passage(entry: Entry, heading: str) -> str:
    anchor = split_policy_id(entry.id)[1]
    named = f' id="{escape(anchor)}"' if anchor else ""
    return f"<section{named}>{heading}{render_markdown(entry.answer)}</section>"


def _other_languages(valid: Sequence[Entry], language: str, also: str) -> str:
    links = [
        f'<a href="..{escape(policy_path(next(entries)).partition("#")[0])}" '
        f'lang="{escape(code)}" hreflang="{escape(code)}">'
        f"{escape(_LANGUAGE_NAMES.get(code, code))}</a>"
        for code, entries in groupby(sorted(valid, key=_language), key=_language)
        if code != language
    ]
    return f'<p class="languages">{escape(also)} {" ".join(links)}</p>' if links else ""


def _language(entry: Entry) -> str:
    return entry.language
