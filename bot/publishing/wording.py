"""What the publisher says of changes and of what stops them."""

from bot.publishing.values import DiskState, Lost, Rehearsal
from knowledge.versions.changes import Changes

_NAMED = 3


def message_for(changes: Changes) -> str:
    """Return a version's message from what it changes."""
    told = [f"{c.kind} {c.key[0]} ({c.key[1]})" for c in changes.entries[:_NAMED]]
    more = len(changes.entries) - _NAMED
    told += [f"{more} more"] if more > 0 else []
    told += ["products"] if changes.products else []
    return ", ".join(told).capitalize() or "Nothing that shoppers see"


def describe(state: DiskState) -> str:
    """Return what keeps the files on disk from going live, for the log."""
    rehearsal = state.rehearsal
    if rehearsal is None:
        return state.note
    if state.status == "losses":
        return (
            f"the changed knowledge files stay out of use: {lost_words(len(rehearsal.losses))}; "
            "`shopclerk knowledge publish` shows them"
        )
    lines = "\n".join(map(str, rehearsal.errors))
    return f"the knowledge files have errors; what was live stays so:\n{lines}"


def lost_words(count: int) -> str:
    """Return how many test questions would be lost."""
    return f"{count} test question{'s' if count > 1 else ''} would be lost"


def losses_stop(rehearsal: Rehearsal, accepted: Lost) -> str:
    """Return why losses keep a change from going live."""
    lost = lost_words(len(rehearsal.lost))
    if accepted:
        return f"{lost}, others than were shown; look at them and decide again"
    return f"{lost}; publish it with a deliberate yes"


def what_stops(rehearsal: Rehearsal) -> str:
    """Return what has to be mended before a publish."""
    if rehearsal.conflicts:
        return f"{len(rehearsal.conflicts)} change(s) conflict with what others published"
    return f"{len(rehearsal.errors)} error(s) must be mended first"
