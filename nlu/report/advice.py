"""The few things that are most worth mending, in plain words."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from nlu.metrics import Metrics
from nlu.model_files import OUT_OF_SCOPE
from nlu.report.audit import FEW
from nlu.report.document import Advice, Audit, Confusion, Findings, Mislabelled, Pair, Quoted

MOST = 10
_MOST_OF_A_KIND = 3
_MOST_PLACES = 4
_LEAST = 3
_MOST_SURE = 6
_SURE_RATIO = 1000
_LANGUAGE = {"en": "English", "zh": "Chinese"}
_WANTED_OUTSIDE = 0.75
"""Of out-of-scope texts; what the project asks of itself on CLINC150."""


def advise(audit: Audit, findings: Findings, names: tuple[str, ...]) -> tuple[Advice, ...]:
    """Return at most ten, the most useful first, and at least three where anything is misread.

    No more than three of a kind, so that one kind doesn't hide the others.
    """
    kinds: tuple[Callable[[], Iterator[Advice]], ...] = (
        lambda: _wrong_labels(audit.mislabelled),
        lambda: _same_wording(audit.duplicates),
        lambda: _overlaps(audit),
        lambda: _thin_intents(audit, findings),
        lambda: _scope(findings.overall, names),
        lambda: _confusions(findings, audit),
    )
    chosen: list[Advice] = []
    for kind in kinds:
        chosen += sorted(kind(), key=lambda advice: -advice.weight)[:_MOST_OF_A_KIND]
    chosen.sort(key=lambda advice: -advice.weight)
    if len(chosen) < _LEAST:
        chosen += _weak_intents(findings, _LEAST - len(chosen))
    return tuple(chosen[:MOST])


def _wrong_labels(found: tuple[Mislabelled, ...]) -> Iterator[Advice]:
    surest = [
        one
        for one in found
        if one.example.intent != OUT_OF_SCOPE
        and one.suggested_probability >= _SURE_RATIO * one.own_probability
    ][:_MOST_SURE]
    if surest:
        yield Advice(
            "mislabelled",
            f"{_count(len(surest), 'example')} {_verb(surest, 'reads', 'read')} far more like "
            "another intent",
            "Move each to the intent named under Wrong labels, or add more like it where it is.",
            tuple(one.example for one in surest),
            2.0 * len(surest),
        )
    groups: dict[tuple[str, str], list[Mislabelled]] = defaultdict(list)
    for one in found:
        if one not in surest:
            groups[one.example.intent, one.suggested].append(one)
    for (intent, suggested), ones in groups.items():
        yield Advice(
            "mislabelled",
            f"{_count(len(ones), 'example')} of {intent} {_verb(ones, 'reads', 'read')} "
            f"like {suggested}",
            f"Move what is in the wrong place to {suggested}; reword or delete what fits both.",
            tuple(one.example for one in ones[:_MOST_PLACES]),
            # A wrong label costs its own intent an example and misleads the other one; but what
            # is out of scope is often meant to be near an intent, so that the border is learnt.
            (0.5 if intent == OUT_OF_SCOPE else 2.0)
            * sum(one.suggested_probability for one in ones),
        )


def _same_wording(found: tuple[Pair, ...]) -> Iterator[Advice]:
    groups: dict[tuple[str, ...], list[Pair]] = defaultdict(list)
    for pair in found:
        groups[tuple(sorted((pair.first.intent, pair.second.intent)))].append(pair)
    for (first, second), pairs in groups.items():
        yield Advice(
            "duplicates",
            f"{first} and {second} teach nearly the same text "
            f"{'once' if len(pairs) == 1 else f'{len(pairs)} times'}",
            "Keep each text in one of the two, or word it so that a reader sees the difference.",
            _both(pairs),
            1.5 * len(pairs),
        )


def _overlaps(audit: Audit) -> Iterator[Advice]:
    for overlap in audit.overlapping:
        outside = OUT_OF_SCOPE in (overlap.first, overlap.second)
        yield Advice(
            "overlap",
            f"{overlap.first} and {overlap.second} are taken for one another: "
            f"{overlap.confused} of {overlap.examples} examples",
            f"Take out of {OUT_OF_SCOPE} what the shop does answer."
            if outside
            else "Merge the two and let the flow ask, or let their examples name what differs.",
            _both(list(overlap.closest)),
            0.5 * overlap.confused,
        )


def _thin_intents(audit: Audit, findings: Findings) -> Iterator[Advice]:
    missed = {one.intent: one.support - _right(one.recall, one.support) for one in findings.intents}
    for one in audit.thin:
        language = _LANGUAGE.get(one.language, one.language)
        differ = "" if one.distinct == one.examples else f", of which {one.distinct} really differ"
        yield Advice(
            "thin",
            f"{one.intent} has {_count(one.examples, f'{language} example')}{differ}",
            f"Write about {FEW - one.distinct} more, each worded another way, "
            "best from what shoppers really asked.",
            (),
            0.5 * (FEW - one.distinct) + missed.get(one.intent, 0),
        )


def _scope(overall: Metrics, names: tuple[str, ...]) -> Iterator[Advice]:
    if OUT_OF_SCOPE not in names:
        yield Advice(
            "scope",
            "Nothing teaches what the shop can't help with",
            f"Add an intent {OUT_OF_SCOPE} with questions that shoppers ask and the bot should "
            "not try to answer.",
            (),
            5.0,
        )
    elif overall.out_of_scope_recall is not None and overall.out_of_scope_recall < _WANTED_OUTSIDE:
        missed = overall.outside_rows - _right(overall.out_of_scope_recall, overall.outside_rows)
        yield Advice(
            "scope",
            f"{missed} of {_count(overall.outside_rows, 'question')} that the shop can't help "
            "with got an answer",
            f"Add more questions of that kind to {OUT_OF_SCOPE}; the confusions below show which.",
            (),
            float(missed),
        )


def _confusions(findings: Findings, audit: Audit) -> Iterator[Advice]:
    known = {frozenset((one.first, one.second)) for one in audit.overlapping}
    for one in findings.confusions:
        pair = frozenset((one.intent, one.taken_for))
        # What is taken for out of scope is the threshold's doing, not two intents' likeness.
        if len(one.texts) > 1 and pair not in known and OUT_OF_SCOPE not in pair:
            yield Advice(
                "confusion",
                f"{len(one.texts)} held-out texts of {one.intent} were taken for {one.taken_for}",
                f"Teach {one.intent} more texts of this kind, and look at the examples of "
                f"{one.taken_for} that draw them.",
                _causes(one),
                float(len(one.texts)),
            )


def _weak_intents(findings: Findings, wanted: int) -> list[Advice]:
    weak = [one for one in findings.intents if one.support and one.f1 < 1][:wanted]
    return [
        Advice(
            "weak intent",
            f"{one.intent} is understood least well: {_right(one.recall, one.support)} of "
            f"{_count(one.support, 'held-out text')} found",
            "Give it more examples, worded as the missed texts among the confusions are.",
            (),
            float(one.support - _right(one.recall, one.support)),
        )
        for one in weak
    ]


def _causes(confusion: Confusion) -> tuple[Quoted, ...]:
    causes = [one.nearest for one in confusion.texts if one.nearest is not None]
    return tuple(dict.fromkeys(causes))[:_MOST_PLACES]


def _both(pairs: list[Pair]) -> tuple[Quoted, ...]:
    places = [quoted for pair in pairs for quoted in (pair.first, pair.second)]
    return tuple(dict.fromkeys(places))[:_MOST_PLACES]


def _right(share: float | None, whole: int) -> int:
    return round((share or 0.0) * whole)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _verb(ones: list[Mislabelled], one: str, several: str) -> str:
    return one if len(ones) == 1 else several
