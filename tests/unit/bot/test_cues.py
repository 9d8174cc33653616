import pytest

from bot.dialogue import cues
from bot.dialogue.cues import folded
from bot.dialogue.patterns import CANCEL, HUMAN_HANDOFF, REPEAT, RESTART, SKIP


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("Never mind!", CANCEL),
        ("ok, forget it please", CANCEL),
        ("ＳＴＯＰ", CANCEL),
        ("算了吧", CANCEL),
        ("還是算了", CANCEL),
        ("Skip this one, thanks", SKIP),
        ("I'd rather not say", SKIP),
        ("不想說", SKIP),
        ("跳过", SKIP),
        ("say that again please", REPEAT),
        ("再说一次", REPEAT),
        ("start over", RESTART),
        ("重新开始", RESTART),
        ("转人工，谢谢", HUMAN_HANDOFF),
        ("a real person please", HUMAN_HANDOFF),
        # whole messages only
        ("never mind the colour, is it warm", None),
        ("skip the line at the store", None),
        ("I forgot it", None),
        ("人工草皮有吗", None),
        ("跳过红色，要蓝色", None),
        # what may mean more than one thing
        ("cancel", None),
        ("I changed my mind", None),
        ("不", None),
        ("", None),
    ],
)
def test_set_phrases(text: str, pattern: str | None) -> None:
    assert cues.control(folded(text)) == pattern


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yep", True), ("Yesss!", True), ("OK then", True), ("sure, thanks", True), ("y", True),
        ("嗯嗯嗯", True), ("對", True), ("好的，谢谢", True), ("行吧", True), ("👍", True),
        ("nope", False), ("NOOOO", False), ("no, thanks!", False), ("please don't", False),
        ("不用了，谢谢", False), ("不是的", False), ("先不要", False), ("没有", False),
        ("yes?", None), ("好吗？", None), ("yes, but", None), ("no idea", None), ("not sure", None),
        ("okra", None), ("yesterday", None), ("行李", None), ("不知道", None), ("", None),
    ],
)  # fmt: skip
def test_plain_yes_and_no(text: str, said: bool | None) -> None:
    assert cues.polarity(folded(text)) is said


@pytest.mark.parametrize(
    ("text", "led"),
    [
        ("yes, cancel it", True), ("ok do that", True), ("是的，取消吧", True),
        ("嗯，就这个", True),
        ("no, keep it", False), ("don't cancel it", False), ("不用了，留着", False),
        ("不要取消", False), ("别取消", False),
        ("yes but not now", None), ("sure, wait a moment", None), ("好的，但是先等等", None),
        ("yesterday it came", None), ("notice the box", None), ("对了，还有个问题", None),
        ("好像坏了", None), ("可以退货吗", None), ("nobody came", None), ("yes", None),
    ],
)  # fmt: skip
def test_what_a_message_begins_with(text: str, led: bool | None) -> None:
    assert cues.leading(folded(text)) is led


@pytest.mark.parametrize(
    ("text", "takes_back"),
    [
        ("no, I meant 4417", True), ("No 4417", True), ("sorry, 4417", True), ("actually 2", True),
        ("make that blue", True), ("I mean the red one", True), ("change it to Rome", True),
        ("it should be 4417", True), ("not red but blue", True), ("that was wrong, 4417", True),
        ("不对，是4417", True), ("我是说4417", True), ("說錯了", True), ("应该是蓝色", True),
        ("改成4417", True), ("不是4471，是4417", True), ("不好意思，4417", True),
        ("不，4417", True), ("4417", False), ("no", False), ("it is 4417", False),
        ("nothing", False), ("是不是4417", False), ("是4417", False), ("factually 2", False),
        ("", False),
    ],
)  # fmt: skip
def test_corrections(text: str, takes_back: bool) -> None:
    assert cues.correcting(folded(text)) is takes_back


@pytest.mark.parametrize(
    ("text", "value", "denied"),
    [
        ("not 4471 but 4417", "4471", True), ("not 4471 but 4417", "4417", False),
        ("4417, not 4471", "4471", True), ("it isn't the order 4471", "4471", True),
        ("4417 instead of 4471", "4471", True), ("change it from Paris to Rome", "paris", True),
        ("change it from Paris to Rome", "rome", False), ("from Paris to Rome", "paris", False),
        ("不是4471，是4417", "4471", True), ("不是4471，是4417", "4417", False),
        ("把4471改成4417", "4471", True), ("把4471改成4417", "4417", False),
        ("不要红色，要蓝色", "红色", True), ("不要红色，要蓝色", "蓝色", False),
        ("是不是4471", "4471", False), ("不是4471吗", "4471", False),
        ("4471 has not come", "4471", False), ("not 44712", "4471", False),
        ("it has not arrived 4471", "4471", False), ("not 4471", "", False),
    ],
)  # fmt: skip
def test_values_set_aside(text: str, value: str, denied: bool) -> None:
    assert cues.denies(folded(text), value) is denied


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("4417?", True), ("how long does it take", True), ("and what about blue", True),
        ("can I send it back", True), ("What's the fee", True), ("is it warm", True),
        ("能退吗", True), ("多久到", True), ("运费是多少？", True), ("有没有大号", True),
        ("the lid is broken", False), ("can opener", False), ("do it", False), ("蓝色", False),
        ("however it came", False), ("什", False), ("", False),
    ],
)  # fmt: skip
def test_questions(text: str, asks: bool) -> None:
    assert cues.question_like(folded(text)) is asks


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("my order number is", 0), ("sorry, it's the", 0), ("yes, please", 0), ("我的订单是", 0),
        ("where is", 1), ("cancel", 1), ("how long does it take", 4), ("我要取消", 1), ("", 0),
    ],
)  # fmt: skip
def test_words_with_a_meaning_of_their_own(text: str, words: int) -> None:
    assert cues.leftover(folded(text)) == words


def test_offsets_keep_their_meaning_in_folded_text() -> None:
    text = "Ｏrder ﷺ ㎏ ４４１７ 說"
    assert len(folded(text)) == len(text)
    assert folded(text)[10:14] == "4417"
