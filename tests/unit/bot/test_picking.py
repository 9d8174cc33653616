import pytest

from bot.recommend.picking import picked

SHOWN = ("a", "b", "c")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("compare the first two", "ab"),
        ("the last two please", "bc"),
        ("tell me more about the first", "a"),
        ("The SECOND one", "b"),
        ("the first and the third one", "ac"),
        ("how about the last one", "c"),
        ("the fifth one", ""),  # there is none
        ("前两个比一下", "ab"),
        ("后两款", "bc"),
        ("第二个多少钱", "b"),
        ("第一件和最后一件", "ac"),
        ("is this your first time", ""),
        ("what is the first aid kit", ""),
        ("first steps kids' watch", ""),
        ("", ""),
    ],
)
def test_what_is_counted_out(text: str, expected: str) -> None:
    assert picked(text, SHOWN) == tuple(expected)


def test_nothing_shown() -> None:
    assert picked("the first one", ()) == ()
    assert picked("the last two", ()) == ()
