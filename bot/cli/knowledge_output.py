"""How the knowledge commands show things in a terminal."""

from collections.abc import Iterable, Sequence

from rich.markup import escape
from rich.table import Table

from bot.cli.base import out
from bot.evaluation import Graded
from bot.gaps.store import GapView
from bot.publishing.values import Asked, Rehearsal
from knowledge.entries import Problem
from knowledge.versions.changes import Changes
from knowledge.versions.store import Version

_SHOWN = 40
_EXAMPLES = 3


def print_problems(problems: Iterable[Problem]) -> None:
    """Errors and warnings, one a line."""
    for problem in problems:
        kind = "[yellow]warning[/]" if problem.warning else "[bold red]error[/]"
        out.print(f"{kind} {escape(str(problem))}", soft_wrap=True)


def print_count(rehearsal: Rehearsal) -> None:
    """How many errors and warnings there are."""
    errors = len(rehearsal.errors)
    warnings = len(rehearsal.problems) - errors
    out.print(f"{_count(errors, 'error')}, {_count(warnings, 'warning')}")


def print_changes(changes: Changes) -> None:
    """What differs, in words."""
    for change in changes.entries[:_SHOWN]:
        name, language = change.key
        out.print(f"{change.kind} [bold]{escape(name)}[/] ({language}) {escape(change.title)}")
        for words in change.words:
            out.print(f"    {escape(words)}", style="dim")
    if len(changes.entries) > _SHOWN:
        out.print(f"and {len(changes.entries) - _SHOWN} more entries")
    for line in changes.products:
        out.print(escape(line))
    if not (changes.entries or changes.products):
        out.print("no entry and no product changes")


def print_rehearsal(rehearsal: Rehearsal) -> None:
    """What publishing would do."""
    print_problems(rehearsal.problems)
    for conflict in rehearsal.conflicts:
        out.print(f"[bold red]conflict[/] {escape(conflict.key[0])} ({conflict.key[1]})")
    print_changes(rehearsal.changes)
    asked = rehearsal.comparison
    if asked is None:
        return
    _questions("lost", "red", asked.lost)
    _questions("gained", "green", asked.gained)
    _questions("new, not answered rightly", "yellow", asked.missed)
    out.print(
        f"{_count(asked.total, 'test question')}: {asked.right_before} answered rightly before, "
        f"{asked.right_after} after, {len(asked.wrong)} answered wrongly after",
        soft_wrap=True,
    )


def print_versions(versions: Sequence[Version]) -> None:
    """One line a version."""
    if not versions:
        out.print("nothing was published yet")
    for version in versions:
        when = f"{version.at.astimezone():%Y-%m-%d %H:%M}"
        out.print(
            f"[bold]{version.id[:8]}[/]  {when}  {escape(version.author)}  "
            f"{escape(next(iter(version.message.splitlines()), ''))}",
            soft_wrap=True,
        )


def print_asked(asked: Asked) -> None:
    """What was found and decided."""
    table = Table("probability", "entry", "matched", "where", box=None)
    for hit in asked.hits:
        style = "bold" if hit.key == asked.answered_by else ""
        where = f"{hit.file}:{hit.line}"
        row = (f"{hit.probability:.2f}", escape(hit.key[0]), escape(hit.matched[:60]), where)
        table.add_row(*row, style=style)
    out.print(table)
    scope = ", out of scope" if asked.out_of_scope else ""
    out.print(f"intent {asked.intent} {asked.intent_probability:.2f}{scope} ({asked.language})")
    out.print(f"threshold of an answer {asked.threshold:.2f}")
    flow = f" ({asked.flow})" if asked.flow else ""
    out.print(f"[bold]{asked.outcome}[/]{flow}: {escape(asked.reason)}")
    if asked.answer:
        out.print(escape(asked.answer))


def print_gaps(views: Sequence[GapView]) -> None:
    """One block a group."""
    if not views:
        out.print("nothing: every question of these days was answered")
    for view in views:
        gap = view.gap
        out.print(
            f"[bold]{gap.count:>4}[/]  {escape(gap.title)}  ({gap.language}, {view.status}, "
            f"last {gap.last_at:%Y-%m-%d})"
        )
        for text, count in gap.questions[:_EXAMPLES]:
            out.print(f"        {count} × {escape(text)}", style="dim")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _questions(label: str, color: str, graded: Sequence[Graded]) -> None:
    for item in graded:
        question = item.question
        out.print(
            f"[{color}]{label}[/] {escape(question.question)} ({escape(str(question.source))}): "
            f"{escape(', '.join(sorted(item.topics)) or 'asks back')}",
            soft_wrap=True,
        )
