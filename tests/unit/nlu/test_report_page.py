import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from nlu.metrics import Bin, Metrics
from nlu.model_files import OUT_OF_SCOPE
from nlu.predictions import Predictions
from nlu.rasa_format import Example
from nlu.report.advice import MOST, advise
from nlu.report.building import build_report, write_report
from nlu.report.document import (
    Advice,
    Audit,
    ConfusedText,
    Confusion,
    Findings,
    IntentFigures,
    IntentReport,
    LanguageFigures,
    Mislabelled,
    Overlap,
    Pair,
    Quoted,
    Thin,
    TrainingFacts,
    TriedSetting,
)
from nlu.report.page import breakable, duration, percent, reliability_bars, to_html

NO_FIGURES = Metrics(0, 0, None, None, None, None, None, None, None, None)
FIGURES = Metrics(90, 10, 0.95, 0.93, 0.94, 0.02, 0.9, 0.98, 0.021, None)
EMPTY = Findings(NO_FIGURES, (), (), (), ())
CLEAN = Audit(100, (), (), (), ())
FACTS = TrainingFacts(185, 100, 3, 4, int8=True, encoder_bytes=22_900_000)
NAMES = ("pay", "track", OUT_OF_SCOPE)


def quoted(text: str, intent: str = "pay", line: int = 14) -> Quoted:
    return Quoted(text, intent, f"orders.yml:{line}")


WRONG = Mislabelled(quoted("where is it"), "track", 0.01, 0.97, quoted("where's it", "track", 3))
PAIR = Pair(quoted("我想退货"), quoted("我想换货", "track", 9), 0.95)
OVERLAP = Overlap("pay", "track", 12, 100, 0.8, (PAIR,))
FULL = IntentReport(
    (Advice("mislabelled", "1 example of pay reads like track", "Move it.", (WRONG.example,), 2),),
    Findings(
        FIGURES,
        (LanguageFigures("en", FIGURES), LanguageFigures("zh", NO_FIGURES)),
        (Bin(0.0, 0.1, 0, None, None), Bin(0.9, 1.0, 40, 0.95, 0.75)),
        (IntentFigures("pay", None, 0.0, 0.0, 4, 0),),
        (
            Confusion(
                "pay",
                "track",
                tuple(ConfusedText(f"text {n}", None, 0.5, WRONG.nearest) for n in range(5)),
            ),
        ),
    ),
    Audit(100, (WRONG,), (PAIR,), (OVERLAP,), (Thin("pay", "zh", 12, 4),)),
    replace(FACTS, tried=(TriedSetting("frozen", 0.9, chosen=True),), full_accuracy=0.95,
            int8_accuracy=0.949),
)  # fmt: skip


class Tags(HTMLParser):
    """Checks that every tag is closed in its turn, and collects the names and the text."""

    void = ("meta", "br", "line", "rect", "wbr")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.said = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.said += data


def said(page: str) -> str:
    return re.sub(r"\s+", " ", Tags(page).said)


def test_the_page_shows_every_part() -> None:
    words = said(to_html(FULL))
    for part in (
        "1 example of pay reads like track", "orders.yml:14", "95.0 %", "English", "Chinese",
        "taken for", "2 more", "reads like track", "我想换货", "12 of 100 examples (12.0 %)",
        "90% to 100% sure: 40 texts, 75.0 % right", "3 min 5 s", "22.9 MB", "chosen", "8-bit",
    ):  # fmt: skip
        assert part in words, part


def test_the_page_needs_nothing_else() -> None:
    page = to_html(FULL)
    tags = Tags(page)
    assert tags.open == []
    assert not tags.seen & {"script", "link", "img", "iframe"}
    assert "http" not in page
    assert "url(" not in page


def test_what_people_typed_is_text_and_never_markup() -> None:
    wrong = replace(WRONG, example=quoted("<script>alert(1)</script> & more"))
    page = to_html(replace(FULL, audit=replace(FULL.audit, mislabelled=(wrong,))))
    assert "<script>" not in page
    assert "<script>alert(1)</script> & more" in said(page)


def test_chinese_is_marked_as_chinese() -> None:
    assert '<q lang="zh-Hans">我想退货</q>' in to_html(FULL)


@pytest.mark.parametrize(
    "sentence",
    [
        "Nothing stands out", "no figures", "nothing can be confused", "Nothing looks mislabelled",
        "No two intents share a wording", "No two intents are taken for one another",
        "Every intent has ten or more",
    ],
)  # fmt: skip
def test_empty_parts_say_so_in_words(sentence: str) -> None:
    assert sentence in said(to_html(IntentReport((), EMPTY, CLEAN, FACTS)))


def test_a_long_list_is_cut_and_says_where_the_rest_is() -> None:
    report = replace(FULL, audit=replace(FULL.audit, mislabelled=(WRONG,) * 61))
    assert "The first 60 of 61; report.json has all." in said(to_html(report))


def test_a_model_of_characters_alone_says_so() -> None:
    report = replace(FULL, facts=replace(FACTS, encoder_bytes=0))
    assert "by characters alone" in said(to_html(report))


def test_bars_are_as_high_as_their_accuracy_and_empty_bins_have_none() -> None:
    (bar,) = reliability_bars(FULL.findings.reliability, side=100)
    assert (bar.left, bar.width) == pytest.approx((90, 10))
    assert (bar.top, bar.height, bar.rows) == (25, 75, 40)


@pytest.mark.parametrize(("share", "text"), [(None, "–"), (0.9344, "93.4 %"), (0.0, "0.0 %")])
def test_shares_are_per_cent_or_a_dash(share: float | None, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(("seconds", "text"), [(48.3, "48 s"), (60, "1 min 0 s")])
def test_durations_are_in_words(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_breakable_name_stays_escaped() -> None:
    assert str(breakable("a_<b>")) == "a_<wbr>&lt;b&gt;"


def test_json_has_the_same_fields_and_readable_chinese() -> None:
    text = FULL.to_json()
    fields = json.loads(text)
    assert "我想退货" in text
    assert fields["audit"]["mislabelled"][0]["example"]["place"] == "orders.yml:14"
    assert fields["findings"]["overall"]["accuracy"] == 0.95


def kinds(audit: Audit, findings: Findings, names: tuple[str, ...] = NAMES) -> list[str]:
    return [advice.kind for advice in advise(audit, findings, names)]


CONFUSED = Confusion("a", "b", (ConfusedText("t", None, 0.5, None),) * 2)


@pytest.mark.parametrize(
    ("audit", "findings", "expected"),
    [
        (CLEAN, EMPTY, []),
        (replace(CLEAN, mislabelled=(WRONG,)), EMPTY, ["mislabelled"]),
        (replace(CLEAN, duplicates=(PAIR,)), EMPTY, ["duplicates"]),
        (replace(CLEAN, overlapping=(OVERLAP,)), EMPTY, ["overlap"]),
        (replace(CLEAN, thin=(Thin("pay", "en", 3, 3),)), EMPTY, ["thin"]),
        (CLEAN, replace(EMPTY, overall=replace(FIGURES, out_of_scope_recall=0.5)), ["scope"]),
        (CLEAN, replace(EMPTY, overall=FIGURES), []),
        (CLEAN, replace(EMPTY, confusions=(CONFUSED,)), ["confusion"]),
        (CLEAN, replace(EMPTY, confusions=(replace(CONFUSED, taken_for=OUT_OF_SCOPE),)), []),
        (CLEAN, replace(EMPTY, intents=(IntentFigures("a", 1, 0.5, 0.6, 4, 2),)), ["weak intent"]),
        (CLEAN, replace(EMPTY, intents=(IntentFigures("a", 1, 1, 1, 4, 4),)), []),
    ],
)
def test_each_finding_gives_its_advice(
    audit: Audit, findings: Findings, expected: list[str]
) -> None:
    assert kinds(audit, findings) == expected


def test_a_shop_without_out_of_scope_examples_is_told() -> None:
    assert kinds(CLEAN, EMPTY, ("pay", "track")) == ["scope"]


def test_a_confusion_of_overlapping_intents_is_said_once() -> None:
    findings = replace(
        EMPTY, confusions=(Confusion("track", "pay", (ConfusedText("t", None, 0.5, None),) * 2),)
    )
    assert kinds(replace(CLEAN, overlapping=(OVERLAP,)), findings) == ["overlap"]


def test_advice_is_ranked_and_one_kind_does_not_hide_the_others() -> None:
    overlaps = tuple(replace(OVERLAP, first=f"i{n}", confused=10 + n) for n in range(20))
    thin = tuple(Thin(f"t{n}", "en", n, n) for n in range(1, 9))
    wrong = tuple(replace(WRONG, suggested=f"s{n}") for n in range(9))
    found = advise(Audit(100, wrong, (PAIR,), overlaps, thin), EMPTY, NAMES)
    weights = [advice.weight for advice in found]
    assert weights == sorted(weights, reverse=True)
    assert len(found) == MOST
    assert {advice.kind for advice in found} == {"mislabelled", "duplicates", "overlap", "thin"}


def test_the_surest_wrong_labels_come_before_many_doubtful_ones() -> None:
    sure = replace(WRONG, example=quoted("hello", line=50), own_probability=1e-6)
    found = advise(replace(CLEAN, mislabelled=(sure, WRONG)), EMPTY, NAMES)
    assert [advice.headline for advice in found] == [
        "1 example reads far more like another intent",
        "1 example of pay reads like track",
    ]
    assert [one.place for one in found[0].places] == ["orders.yml:50"]


def test_wrong_labels_of_one_kind_are_one_advice_with_their_places() -> None:
    second = replace(WRONG, example=quoted("and where is that", line=20))
    (advice,) = advise(replace(CLEAN, mislabelled=(WRONG, second)), EMPTY, NAMES)
    assert advice.headline == "2 examples of pay read like track"
    assert [one.place for one in advice.places] == ["orders.yml:14", "orders.yml:20"]


def test_a_report_is_built_from_examples_and_written(tmp_path: Path) -> None:
    texts = {
        "pay": [f"{ask} {what}" for ask in ("pay by", "do you take", "paying with")
                for what in ("card", "cash", "paypal", "visa")],
        "greet": ["你好", "您好", "你好啊", "你好呀", "早上好", "晚上好", "下午好", "大家好"],
    }  # fmt: skip
    examples = [
        Example(text, intent, (), "a.yml", line)
        for intent, own in texts.items()
        for line, text in enumerate(own, 3)
    ]
    examples += [examples[0], Example("  ", "pay", (), "a.yml", 99)]  # a repetition and nothing
    held_out = Predictions(
        ("greet", "pay"), ("pay by cash", "你好"), np.array([1, 0]),
        np.array([[0.8, 0.2], [0.9, 0.1]]), np.array([0.9, 0.9]), np.array([False, False]),
        np.array(["en", "zh"]),
    )  # fmt: skip
    stages: list[tuple[str, int, int]] = []
    report = build_report(
        examples=examples,
        vectors=np.zeros((len(examples), 4), dtype=np.float32),
        held_out=held_out,
        facts=FACTS,
        progress=lambda stage, done, total: stages.append((stage, done, total)),
    )
    assert report.audit.examples == 20
    confused = report.findings.confusions[0].texts[0]
    assert (confused.text, confused.place) == ("pay by cash", "a.yml:4")
    assert (stages[0][1:], stages[-1][1:]) == ((0, 5), (5, 5))
    write_report(report, tmp_path)
    assert (tmp_path / "report.json").read_text(encoding="utf-8") == report.to_json()
    assert "pay by cash" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_same_seed_gives_the_same_report() -> None:
    examples = [Example(f"text {n}", "ab"[n % 2], (), "a.yml", n) for n in range(12)]
    nothing = Predictions(
        ("a", "b"), (), np.array([], dtype=np.int64), np.zeros((0, 2)), np.zeros(0),
        np.zeros(0, dtype=bool), np.array([], dtype=np.str_),
    )  # fmt: skip
    reports = [
        build_report(
            examples=examples, vectors=np.zeros((12, 4), dtype=np.float32), held_out=nothing,
            facts=FACTS, progress=lambda stage, done, total: None,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert reports[0] == reports[1]
