"""A yes or no in plain words: a yes only where all that is said is one."""

import pytest

from bot.dialogue.cues import folded
from bot.dialogue.yes_no import (
    Deeds,
    after_yes,
    hesitates,
    negated,
    polarity,
    unclear,
    withholds,
    yes_or_no,
)

CANCEL = Deeds.of(
    ["yes, cancel it", "是的,取消"], ["no, keep it", "不,保留"],
    about=["cancel an order", "取消订单"], task=["cancel", "取消"],
)  # fmt: skip
PASS_ON = Deeds.of(
    ["yes, pass it on", "是的,转交"], ["no, leave it", "不,算了"],
    about=["make a complaint", "投诉"], task=["complaint", "投诉"],
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yep", True), ("Yesss!", True), ("OK then", True), ("sure, thanks", True), ("y", True),
        ("嗯嗯嗯", True), ("對", True), ("好的，谢谢", True), ("行吧", True), ("👍", True),
        ("👍🏽", True), ("yes yes", True), ("对对", True), ("好吧", True), ("確認", True),
        ("nope", False), ("NOOOO", False), ("no, thanks!", False), ("please don't", False),
        ("不用了，谢谢", False), ("不是的", False), ("先不要", False), ("没有", False),
        ("当然不", False), ("I SAID NO", False),
        ("yes?", None), ("好吗？", None), ("yes, but", None), ("no idea", None), ("not sure", None),
        ("okra", None), ("yesterday", None), ("行李", None), ("不知道", None), ("", None),
        ("嗯？", None), ("没问题吧", None), ("对吧", None), ("do", None),
    ],
)  # fmt: skip
def test_plain_yes_and_no(text: str, said: bool | None) -> None:
    assert polarity(folded(text)) is said


@pytest.mark.parametrize(
    "text",
    [
        "cancel it", "please cancel", "cancel", "yes cancel it but hurry", "pls do", "👌🏻",
        "yes, cancel my order please", "confirm cancellation", "go ahead and cancel it",
        "sorry was on the phone. yes", "yes, sorry, was on the phone", "back. yes please",
        "Yes, I want to cancel it", "fine, cancel it then", "hell yes", "yes do that",
        "取消", "取消吧", "那取消吧", "确定要取消", "好的取消", "可以取消", "在的在的 取消",
        "確認取消", "好，取消吧，谢谢", "是的，我要取消订单", "嗯，取消掉",
    ],
)  # fmt: skip
def test_all_that_is_said_is_a_yes(text: str) -> None:
    assert yes_or_no(folded(text), CANCEL) is True


@pytest.mark.parametrize(
    "text",
    [
        "不取消", "嗯嗯不取消了", "好吧 那就不取消了", "行 别取消了", "可以了 不用取消", "保留",
        "可以 不过先别取消", "嗯…不了吧", "别取消", "不用了，留着",
        "keep", "i want to keep it", "ah ok. no, keep the order", "no. where is it?", "ok no",
        "don't cancel it", "i don't want to cancel", "nevermind keep it", "no, leave that as it is",
    ],
)  # fmt: skip
def test_a_no_in_many_words(text: str) -> None:
    assert yes_or_no(folded(text), CANCEL) is False


@pytest.mark.parametrize(
    "text",
    [
        # hedges, feelings, questions
        "hm", "eh", "oh", "maybe", "probably", "ok?", "i'm not sure", "why not", "no problem",
        "嗯...等等", "嗯？", "嗯嗯？", "嗯？好", "没问题吧？", "没问题吧", "好气", "好贵啊",
        "好烦啊", "好无语", "好家伙", "好快", "好麻烦", "好像可以", "同意个鬼", "行了行了别问了",
        "对了", "yeah right",
        "好好好 你们就这么做生意", "能不能取消", "why don't you cancel it", "要不取消吧",
        # it speaks of something else, or takes itself back
        "yes but wait", "yes, tomorrow", "ok but why", "yes you idiots", "if it's free then yes",
        "no yeah", "no, cancel it", "don't keep it", "不保留", "好 我知道了",
        # the request itself once more: a double click
        "cancel my order", "i want to cancel", "取消订单", "我要取消", "帮我取消",
        # a correction, or something else altogether
        "不对 是服务问题", "no it's about service", "no wait i want a refund instead",
        "别跟我扯 转人工", "",
    ],
)  # fmt: skip
def test_neither(text: str) -> None:
    assert yes_or_no(folded(text), CANCEL) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pass it on", True), ("转吧转吧", True), ("转交", True), ("on", None), ("leave it", False),
        ("算了不投诉了", False), ("说错了 不投诉了", False), ("不用转交了", False),
        ("cancel it", None), ("取消吧", None),
    ],
)  # fmt: skip
def test_what_a_question_calls_its_answers(text: str, said: bool | None) -> None:
    assert yes_or_no(folded(text), PASS_ON) is said


def test_only_what_one_answer_alone_is_called_tells_them_apart() -> None:
    deeds = Deeds.of(["yes, send it"], ["no, don't send it"])
    assert (deeds.yes, deeds.no) == (frozenset(), frozenset())
    assert Deeds.of(["yes"], ["no, thanks"]) == Deeds(spelled=frozenset({"yes"}))


@pytest.mark.parametrize(
    ("text", "against"),
    [
        ("别取消9199", True), ("我没有要取消订单啊", True), ("先别取消", True), ("不想取消", True),
        ("我不是来取消的", True), ("i don't want to cancel", True), ("never cancel it", True),
        ("please do not cancel", True), ("not cancelling", True),
        ("能不能取消", False), ("是不是取消了", False), ("要不要取消", False), ("取消不了", False),
        ("不能取消", False), ("没取消成功", False), ("can not cancel", False),
        ("you did not cancel it", False), ("don't know, cancel it", False), ("cancel it", False),
    ],
)  # fmt: skip
def test_told_not_to(text: str, against: bool) -> None:
    assert negated(folded(text), ["cancel", "取消"]) is against


@pytest.mark.parametrize(
    ("text", "is_unclear"),
    [
        ("no, sorry, yes", True), ("no wait", True), ("no problem", True), ("really?", True),
        ("no, actually do", True), ("leave it be", False), ("I changed my mind", False),
    ],
)
def test_what_no_model_may_take_for_a_no(text: str, is_unclear: bool) -> None:
    assert unclear(folded(text)) is is_unclear


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("no email", True), ("no mail pls", True), ("i don't have one", True), ("没有邮箱", True),
        ("我不想留邮箱", True), ("先不留", True), ("not sure", False), ("no problem", False),
        ("my mail is private", False), ("no one told me that the parcel was lost", False),
    ],
)
def test_what_is_asked_for_is_not_given(text: str, does: bool) -> None:
    assert withholds(folded(text)) is does


def test_a_yes_and_what_follows_it() -> None:
    assert after_yes("yes, it's about payment") == ", it's about payment"
    assert after_yes("yes, what about payment?") is None
    assert after_yes("payment") is None


@pytest.mark.parametrize(
    ("text", "puts_off"),
    [("i'm not sure", True), ("再想想", True), ("wait", True), ("the red one", False),
     ("maybe the blue coat that i saw last week", False)],
)  # fmt: skip
def test_hesitation(text: str, puts_off: bool) -> None:
    assert hesitates(folded(text)) is puts_off
