"""Progress of long work: told as (stage, done, total), shown as bars in a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

ProgressCallback = Callable[[str, int, int], None]
"""Called with the stage's name, units done and units in all."""


def silent(stage: str, done: int, total: int) -> None:
    """Show nothing."""


@contextmanager
def progress_bars(console: Console) -> Iterator[ProgressCallback]:
    """Show one bar a stage; where there is no terminal, print one line a finished stage."""
    if not console.is_terminal:
        finished: set[str] = set()

        def lines(stage: str, done: int, total: int) -> None:
            if done >= total and stage not in finished:
                finished.add(stage)
                console.print(f"{stage}: done")

        yield lines
        return
    columns = (
        TextColumn("{task.description:<36}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
    )
    with Progress(*columns, console=console) as bars:
        tasks: dict[str, TaskID] = {}

        def update(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage)
            bars.update(tasks[stage], completed=done, total=max(total, 1))

        yield update
