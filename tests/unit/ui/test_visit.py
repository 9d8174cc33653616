from typing import Any

import pytest

from bot.messages import Shopper
from ui.visit import new_id, read_visit


def test_a_kept_conversation_goes_on() -> None:
    kept = new_id()
    assert read_visit({"conversation": kept}, Shopper(), ["en"]).conversation_id == kept


@pytest.mark.parametrize("kept", [None, "text", [], {}, {"conversation": None},
                                  {"conversation": "short"}, {"conversation": "x" * 65},
                                  {"conversation": "a b c d e f g h i j"},
                                  {"conversation": "../../../../etc/passwd"},
                                  {"conversation": ["a" * 20]}])
def test_whatever_else_the_browser_keeps_begins_a_new_one(kept: Any) -> None:
    visit = read_visit(kept, Shopper(), ["en"])
    assert len(visit.conversation_id) == 24
    assert visit.conversation_id != read_visit(kept, Shopper(), ["en"]).conversation_id


@pytest.mark.parametrize(("languages", "expected"), [
    ([None, "zh", "en"], "zh"), (["fr", None, "zh"], "zh"), ([{"a": 1}, "fr"], "en"), ([], "en"),
])
def test_the_first_language_that_the_page_speaks_is_used(
    languages: list[Any], expected: str
) -> None:
    assert read_visit(None, Shopper(), languages).language == expected
