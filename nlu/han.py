"""Traditional Chinese characters read as simplified ones, for the models and rules only.

The character expert would otherwise have to learn every phrase twice. OpenCC's characters, one to
one, and not its phrases: offsets must keep their meaning, and simplified text must stay as it is
(OpenCC reads 徵調 as 徵调, and that as 征调).
"""

from functools import cache

from opencc import OpenCC

_CHARACTERS = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]

_VARIANTS = {
    "账": "帐",  # 帳 is 账 in 帳戶 and 帐 in 帳篷: so 账户, 帐户 and 帳戶 are read alike
    "著": "着",  # 等著 and 急著用; 著名 is rarer in a shop
    "妳": "你", "牠": "它", "劵": "券", "甦": "苏", "喫": "吃",
}  # fmt: skip
"""Spellings that OpenCC leaves or that a table by characters can't tell apart."""


def simplify(text: str) -> str:
    """Return the text with traditional characters replaced, character for character."""
    return text if text.isascii() else text.translate(_table())


@cache
def _table() -> dict[int, str]:
    """Return the replacement by code point; made in about 20 ms, and no replacement is replaced."""
    converter = OpenCC("t2s", include_tofu_risk_dictionaries=False)
    simplified = converter.convert("\n".join(_CHARACTERS)).split("\n")
    first = dict(zip(_CHARACTERS, simplified, strict=True)) | _VARIANTS
    table = {}
    for character in first:
        target = first[character]
        while first.get(target, target) != target:
            target = first[target]
        # Simplified forms beyond the first plane are in no model's vocabulary and in few fonts.
        if target != character and target <= "\uffff":
            table[ord(character)] = target
    return table
