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
        ("can I skip that?", SKIP),
        ("can we skip that one", SKIP),
        # a clause of its own beside few words
        ("no idea, skip", SKIP),
        ("别跟我扯 转人工", HUMAN_HANDOFF),
        ("forget it, I don't need a person", CANCEL),
        ("they lost my parcel and the box was torn, never mind", None),
        ("the parcel came two weeks late and wet, skip", None),
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
        ("不是delivery是service", "delivery", True), ("不是delivery是service", "service", False),
        ("not about delivery but service", "delivery", True),
        ("delivery is wrong its service", "delivery", True),
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


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("go back", True), ("ah sorry, I picked the wrong one", True), ("undo", True),
        ("let me change the topic", True), ("wrong number", True), ("选错了", True),
        ("不好意思 点错了", True), ("go back to Rome", False), ("I went back", False),
        ("the wrong one came", False), ("选错了 应该是服务", False), ("", False),
    ],
)  # fmt: skip
def test_what_takes_back_and_gives_nothing(text: str, back: bool) -> None:
    assert cues.goes_back(folded(text)) is back


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("no", True), ("No idea.", True), ("n/a", True), ("i don't know", True), ("没有", True),
        ("无", True), ("没啥", True), ("nothing works", False), ("no refund came", False),
        ("没有收到", False), ("", False),
    ],
)  # fmt: skip
def test_nothing_to_say(text: str, nothing: bool) -> None:
    assert cues.nothing(folded(text)) is nothing


@pytest.mark.parametrize(
    ("text", "only_looks_so"),
    [
        ("这鞋穿了两次就开胶，你们就这质量？", True),
        ("有人吗？我说了半天快递一直没送到，你们管不管啊？", True),
        ("is this a joke?", True), ("I have waited two weeks, where is it?", True),
        ("how long do I have?", False), ("多久之内可以退", False), ("你们是机器人吗", False),
    ],
)  # fmt: skip
def test_rhetorical_questions(text: str, only_looks_so: bool) -> None:
    assert cues.rhetorical(folded(text)) is only_looks_so


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        ("能不能退钱？", True), ("can I get a refund?", True), ("could you send a new one", True),
        ("可以换一个吗", True), ("能退多少", False), ("can I wash it?", False),
        ("what can you offer?", False), ("怎么退", False),
    ],
)  # fmt: skip
def test_wishes_put_as_questions(text: str, requests: bool) -> None:
    assert cues.requests(folded(text)) is requests


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("change my wish to a Refund", "complaint_wish", "a Refund"),
        ("no, please change the wish from x to y", "complaint_wish", "y"),
        ("change my mind to that", "complaint_wish", None), ("my wish is", "wish", None),
    ],
)  # fmt: skip
def test_a_slot_called_by_its_name(text: str, slot: str, value: str | None) -> None:
    at = cues.renamed(folded(text), slot)
    assert (text[slice(*at)] if at else None) == value


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", True), ("and ?", True), ("oh right it's", True), ("tell me about", True),
        ("what about", True), ("那 呢", True), ("cancel", False), ("thank you for", False),
    ],
)  # fmt: skip
def test_what_asks_for_no_more_than_a_value(text: str, after: bool) -> None:
    assert cues.asks_after(folded(text)) is after


def test_a_task_dropped_by_its_name() -> None:
    assert cues.drops("please forget the complaint", {"complaint"})
    assert cues.drops(folded("算了投诉"), {"投诉"})
    assert not cues.drops("do not forget it", {"complaint"})
    assert not cues.drops("forget it", ())
