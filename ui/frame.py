"""What stands around the transcript: the header, the sign-in dialog, the composer. Pure."""

import json
from dataclasses import dataclass

from bot.settings import ShopSettings
from ui import icons
from ui.markup import escape
from ui.words import for_script, shop_name, tagline, words_of


@dataclass(frozen=True)
class Frame:
    """What the frame depends on. Limits are in megabytes, seconds and characters."""

    shop: ShopSettings
    language: str
    customer: str | None
    demo_customers: tuple[tuple[int, str], ...]
    voice_problem: str
    speaks: bool
    max_upload_mb: float
    max_seconds: float
    max_chars: int


def render_header(frame: Frame) -> str:
    """The shop, the language, signing in, and the menu."""
    words = words_of(frame.language)
    name = shop_name(frame.shop, frame.language)
    line = tagline(frame.shop, frame.language) or words.online
    return (
        f'<header class="top"><span class="mark" aria-hidden="true">{escape(name[:1])}</span>'
        f'<div class="who"><h1>{escape(name)}</h1><p>{escape(line)}</p></div>'
        f"{_languages(frame.language)}{_identity(frame)}{_menu(frame)}"
        f'<button type="button" class="round close" data-do="close" '
        f'aria-label="{escape(words.close)}">{icons.CLOSE}</button></header>{_dialog(frame)}'
    )


def _languages(language: str) -> str:
    # Each in its own language, so that one finds the way back from a page one cannot read.
    buttons = "".join(
        f'<button type="button" data-do="language" data-language="{code}" lang="{code}" '
        f'aria-pressed="{str(code == language).lower()}" aria-label="{label}">{short}</button>'
        for code, short, label in (("en", "EN", "English"), ("zh", "中文", "中文"))
    )
    return f'<div class="languages" role="group" aria-label="Language / 语言">{buttons}</div>'


def _identity(frame: Frame) -> str:
    words = words_of(frame.language)
    if frame.customer:
        return f'<span class="customer" title="{escape(frame.customer)}">' \
               f"{icons.PERSON}<span>{escape(frame.customer)}</span></span>"
    if frame.demo_customers:
        return f'<button type="button" class="sign-in" data-do="sign-in">{words.sign_in}</button>'
    return ""


def _menu(frame: Frame) -> str:
    words = words_of(frame.language)
    items = [f'<button type="button" data-do="fresh">{words.fresh}</button>']
    if frame.speaks:
        items.append('<button type="button" data-do="speak" aria-pressed="false">'
                     f"{words.speak}{icons.CHECK}</button>")
    if frame.customer:
        items.append(f'<button type="button" data-do="sign-out">{words.sign_out}</button>')
    return (f'<details class="menu"><summary class="round" aria-label="{words.menu}">{icons.MORE}'
            f'</summary><div class="items">{"".join(items)}</div></details>')


def _dialog(frame: Frame) -> str:
    if frame.customer or not frame.demo_customers:
        return ""
    words = words_of(frame.language)
    options = "".join(f'<option value="{number}">{escape(label)}</option>'
                      for number, label in frame.demo_customers)
    return (
        f'<dialog class="sign-in-dialog" aria-labelledby="sign-in-title"><form method="dialog">'
        f'<h2 id="sign-in-title">{words.sign_in_title}</h2><p>{words.sign_in_note}</p>'
        f'<label for="customer">{words.who}</label>'
        f'<select id="customer" name="customer">{options}</select><div class="row">'
        f'<button type="button" class="plain" data-do="cancel">{words.cancel}</button>'
        f'<button type="button" class="solid" data-do="signing-in">{words.sign_in}</button>'
        f"</div></form></dialog>"
    )


def render_composer(frame: Frame) -> str:
    """Where the shopper writes or speaks; a person is always one press away."""
    words = words_of(frame.language)
    told = json.dumps(
        {name: str(text).replace("{shop}", shop_name(frame.shop, frame.language))
                        .replace("{limit}", f"{frame.max_upload_mb:g}")
         for name, text in for_script(words).items()},
        ensure_ascii=False,
    )
    return (
        f'<footer class="foot" data-words="{escape(told)}" data-language="{frame.language}" '
        f'data-voice-problem="{escape(frame.voice_problem)}" '
        f'data-max-mb="{frame.max_upload_mb:g}" data-max-seconds="{frame.max_seconds:g}">'
        f'<input type="file" accept="audio/*,video/*" hidden aria-label="{words.file}">'
        f'<div class="composer"><label class="unseen" for="message">{words.message}</label>'
        f'<textarea id="message" rows="1" maxlength="{frame.max_chars}" enterkeyhint="send" '
        f'placeholder="{words.placeholder}" autocomplete="off"></textarea>'
        f'<span class="timer" role="timer" aria-live="off"></span>'
        + "".join(
            f'<button type="button" class="round {kind}" data-do="{kind}" aria-label="{label}" '
            f'title="{label}">{icon}</button>'
            for kind, label, icon in (
                ("file", words.file, icons.AUDIO_FILE),
                ("record", words.record, icons.MICROPHONE + icons.STOP),
                ("send", words.send, icons.SEND))
        )
        + f'</div><div class="below"><button type="button" class="person" '
          f'data-say="/contact_human_agent" data-show="{words.person}">{icons.PERSON}'
          f"{words.person}</button><p>{words.fine_print}</p></div></footer>"
    )
