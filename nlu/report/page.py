"""The report as one HTML page that needs nothing else: no scripts, fonts, files or network."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from nlu.language import detect_language
from nlu.metrics import Bin
from nlu.report.document import IntentReport

LONGEST = 60
"""Rows of a list on the page; report.json holds all."""
_LANGUAGES = {"en": "English", "zh": "Chinese"}
_PLOT = 300  # side of the plot, in SVG units


def to_html(report: IntentReport) -> str:
    """Return the page."""
    template = _environment().get_template("page.html")
    return template.render(
        report=report, findings=report.findings, audit=report.audit, facts=report.facts,
        bars=reliability_bars(report.findings.reliability), side=_PLOT, longest=LONGEST,
    )  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """One bar of the plot in SVG units from the top left; `note` says it in words."""

    left: float
    width: float
    top: float
    height: float
    rows: int
    note: str


def reliability_bars(bins: Sequence[Bin], *, side: float = _PLOT) -> tuple[Bar, ...]:
    """Return a bar for each bin that has rows: as high as its accuracy."""
    return tuple(
        Bar(
            left=one.low * side,
            width=(one.high - one.low) * side,
            top=(1 - one.accuracy) * side,
            height=one.accuracy * side,
            rows=one.rows,
            note=f"{one.low:.0%} to {one.high:.0%} sure: {one.rows} texts, "
            f"{percent(one.accuracy)} right",
        )
        for one in bins
        if one.accuracy is not None
    )


def percent(share: float | None) -> str:
    """Return `93.4 %`; a dash where there is no figure."""
    return "–" if share is None else f"{100 * share:.1f} %"


def duration(seconds: float) -> str:
    """Return `48 s` or `3 min 5 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _tongue(text: str) -> str:
    """For `lang`, so that a browser picks Chinese shapes for Chinese characters."""
    return "zh-Hans" if detect_language(text) == "zh" else "en"


def breakable(name: str) -> Markup:
    """Let a line break after an underscore of an intent's name."""
    return Markup("_<wbr>").join(name.split("_"))


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        percent=percent, duration=duration, tongue=_tongue,
        breakable=breakable, language=lambda code: _LANGUAGES.get(code, code),
    )  # fmt: skip
    return environment
