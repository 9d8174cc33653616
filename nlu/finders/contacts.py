"""E-mail addresses and telephone numbers."""

import re
from collections.abc import Iterator

from nlu.finders.span import Span

# The counts are bounded (RFC 5321: 64 and 63) so that no input makes the search slow.
_EMAIL = re.compile(
    r"(?<![a-z0-9._%+-])[a-z0-9._%+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24}(?![a-z0-9-])"
)
_PHONE = re.compile(
    r"(?<![a-z0-9_/#$€£¥+-])(?<!\d[.,])(?:\+\d{1,3} ?\(0\) ?|\+)?"
    r"\(?\d{1,4}\)?(?:[ .-]?\(?\d{2,4}\)?){1,5}"
    r"(?![a-z0-9_%]|[.,]\d)"
)
_SOLID_PHONE = re.compile(r"(?<![a-z0-9_/#$€£¥+-])(?<!\d[.,])\+?\d{10,13}(?![\d%a-z_]|[.,]\d)")
_PHONE_CUE = re.compile(
    r"(?:phone|call|cell|mobile|tel|text me|whatsapp|number is|reach me|"
    r"手机|电话|号码|号是|联系)"
    r"[^\d+]{0,20}$"
)
_DATE = re.compile(r"\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}")
_OTHER_CUE = re.compile(r"(?:track\w*|parcel|card|account|快递单号|运单号|单号|卡号)[^\d]{0,20}$")


def find_emails(text: str) -> Iterator[Span]:
    """Yield addresses, in lower case."""
    for match in _EMAIL.finditer(text):
        yield Span(match.start(), match.end(), match.group())


def find_phones(text: str) -> Iterator[Span]:
    """Yield telephone numbers as digits with an optional leading "+".

    7 to 15 digits (ITU E.164). Numbers in groups of four could be two order numbers and need a word
    like "phone" before them; so do solid numbers that follow "tracking".
    """
    for pattern in (_PHONE, _SOLID_PHONE):
        for match in pattern.finditer(text):
            typed = match.group()
            # "+49 (0)30" is dialled +49 30 from abroad.
            groups = re.findall(r"\d+", typed.replace("(0)", " ") if typed[0] == "+" else typed)
            digits = "".join(groups)
            before = text[max(0, match.start() - 40) : match.start()]
            cued = _PHONE_CUE.search(before) is not None
            if not 7 <= len(digits) <= 15 or _DATE.fullmatch(typed):
                continue
            sure = typed.startswith("+") or cued
            if not sure and (
                _OTHER_CUE.search(before)
                or (len(groups) == 1 and len(digits) < 10)
                or all(len(group) == 4 for group in groups)
                or len(digits) < 7
            ):
                continue
            yield Span(match.start(), match.end(), ("+" if typed[0] == "+" else "") + digits)
