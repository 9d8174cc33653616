"""Several messages in a row: which are one, which stand alone, and whether more seems to come."""

from dataclasses import replace

import pytest
from interpret_shop import SCRIPT, at
from stand_ins import heard

from bot.bursts import readings
from bot.dialogue.tracker import State
from bot.messages import Shopper
from bot.storage.held import Inbound

IDLE = State()


def inbound(place: int, text: str) -> Inbound:
    return Inbound(place, f"m{place}", text, Shopper("s"), "rest", None, {}, attempt=1)


HEARD = {
    "hi": heard(intent="greet"),
    "你好": heard(intent="greet", language="zh"),
    "where is my parcel": heard(intent="track_order"),
    "我的包裹到哪了": heard(intent="track_order", language="zh"),
    "where is": heard(intent="track_order", probability=0.3),
    "my parcel": heard(intent="track_order", probability=0.4),
    "在": heard(intent="", language="zh", out_of_scope=True),
    "吗": heard(intent="", language="zh", out_of_scope=True),
    "cancel it": heard(intent="cancel_order"),
    "取消订单": heard(intent="cancel_order", language="zh"),
    "so,": heard(intent="track_order"),
    "那个…": heard(intent="track_order", language="zh"),
    "a long message that nobody can make any sense of": heard(out_of_scope=True),
    "这句话很长但没有人懂": heard(out_of_scope=True, language="zh"),
    "/affirm": heard(intent="affirm"),
    "4417": heard(intent="", out_of_scope=True),
}


def read(state: State, *texts: str) -> tuple[list[tuple[list[str], str | None]], bool]:
    """The texts of each utterance and what they are read as, and whether more seems to come."""
    understood = [replace(HEARD[text], text=text) for text in texts]
    messages = [inbound(i, text) for i, text in enumerate(texts)]
    found_readings = readings(messages, understood, state, SCRIPT)
    utterances = [([m.text for m in u.messages], u.text) for u in found_readings.utterances]
    return utterances, found_readings.unfinished


@pytest.mark.parametrize(
    ("texts", "expected", "unfinished"),
    [
        # one message
        (["where is my parcel"], [(["where is my parcel"], None)], False),
        (["hi"], [(["hi"], None)], True),
        (["你好"], [(["你好"], None)], True),
        (["where is"], [(["where is"], None)], True),
        (["在"], [(["在"], None)], True),
        (["so,"], [(["so,"], None)], True),
        (["那个…"], [(["那个…"], None)], True),
        (["a long message that nobody can make any sense of"],
         [(["a long message that nobody can make any sense of"], None)], False),
        (["这句话很长但没有人懂"], [(["这句话很长但没有人懂"], None)], False),
        (["/affirm"], [(["/affirm"], None)], False),
        # pieces of one
        (["where is", "my parcel"], [(["where is", "my parcel"], "where is my parcel")], True),
        (["在", "吗"], [(["在", "吗"], "在 吗")], True),
        (["my parcel", "cancel it"], [(["my parcel", "cancel it"], "my parcel cancel it")], False),
        (["cancel it", "4417"], [(["cancel it", "4417"], "cancel it 4417")], False),
        (["hi", "/affirm"], [(["hi"], None), (["/affirm"], None)], False),
        (["取消订单", "4417"], [(["取消订单", "4417"], "取消订单 4417")], False),
        # a courtesy needs no reply beside what is asked
        (["hi", "where is my parcel"], [(["hi", "where is my parcel"], None)], False),
        (["你好", "我的包裹到哪了"], [(["你好", "我的包裹到哪了"], None)], False),
        (["where is my parcel", "hi"], [(["where is my parcel", "hi"], None)], False),
        (["hi", "where is", "my parcel"],
         [(["hi", "where is", "my parcel"], "where is my parcel")], True),
        (["hi", "hi"], [(["hi"], None), (["hi"], None)], True),
        # two that make sense are answered one after the other, pieces go with the one behind
        (["where is my parcel", "cancel it"],
         [(["where is my parcel"], None), (["cancel it"], None)], False),
        (["我的包裹到哪了", "取消订单"],
         [(["我的包裹到哪了"], None), (["取消订单"], None)], False),
        (["my parcel", "where is my parcel", "cancel it", "4417"],
         [(["my parcel", "where is my parcel"], "my parcel where is my parcel"),
          (["cancel it", "4417"], "cancel it 4417")], False),
    ],
)  # fmt: skip
def test_messages_in_a_row_are_read_as_they_were_meant(
    texts: list[str], expected: list[tuple[list[str], str | None]], unfinished: bool
) -> None:
    assert read(IDLE, *texts) == (expected, unfinished)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["4417", "hi"], [(["4417", "hi"], "4417 hi")]),
        (["my parcel", "where is my parcel"],
         [(["my parcel", "where is my parcel"], "my parcel where is my parcel")]),
        (["你好", "取消订单"], [(["你好", "取消订单"], "你好 取消订单")]),
        (["4417", "4417"], [(["4417", "4417"], None)]),  # said twice
        (["/affirm", "4417"], [(["/affirm"], None), (["4417"], None)]),
    ],
)  # fmt: skip
def test_messages_to_an_open_question_answer_it_together(
    texts: list[str], expected: list[tuple[list[str], str | None]]
) -> None:
    assert read(at("cancel_order", "order_number"), *texts) == (expected, False)


def test_the_understanding_is_that_of_the_message_and_not_of_the_courtesy_before_it() -> None:
    messages = [inbound(0, "hi"), inbound(1, "where is my parcel")]
    understood = [heard("hi", "greet"), heard("where is my parcel", "track_order")]
    [utterance] = readings(messages, understood, IDLE, SCRIPT).utterances
    assert utterance.understanding.top.name == "track_order"
