"""The draft, what publishing it would do, and the files on disk, as safe HTML. Pure."""

from collections.abc import Sequence

from bot.evaluation import Graded, Outcome
from bot.publishing.values import Comparison, DiskState, DraftChange, DraftView, Rehearsal
from knowledge.entries import Problem
from knowledge.versions.store import Version
from ui.markup import escape
from ui.studio.changes_view import render_changes
from ui.studio.elements import button, count, empty, key_data, notice, pill, problem_list
from ui.studio.form_view import render_conflict

_LOOKS = {"added": ("new", "good"), "changed": ("changed", "new"),
          "removed": ("removed", "bad"), "file": ("file", "new")}
_MOST = 100


def render_draft(draft: DraftView) -> str:
    """The user's unpublished changes. Sends `open`, `undo`, `discard`, `mine`, `theirs`."""
    if not draft.changes:
        return empty("Your draft is empty", "Changes that you save in an entry gather here.")
    rows = "".join(_change(change) for change in draft.changes)
    conflicts = "".join(render_conflict(c, inside_form=False) for c in draft.conflicts)
    changes = count(len(draft.changes), "change")
    discard = button("Discard all", "discard", look="danger", confirm=(
        f"Discard {changes}? They are gone then. What is live stays as it is."))
    return (f'<div class="line spread"><h3>{changes} in your draft</h3>{discard}</div>'
            f'{conflicts}<ul class="rows">{rows}</ul>')


def _change(change: DraftChange) -> str:
    word, look = _LOOKS[change.kind]
    data = key_data(change.key)
    name, language = change.key
    title = button(change.title or name, "open", data, look="link") if (
        change.kind != "file") else f"<strong>{escape(change.title or name)}</strong>"
    place = f"{name} · {language}" if language else name
    return (f'<li>{pill(word, look)}<span class="grow">{title} <code>{escape(place)}</code></span>'
            f'{button("Undo", "undo", data, confirm="Drop this change from your draft?")}</li>')


def render_rehearsal(rehearsal: Rehearsal) -> str:
    """What publishing would do: what stops it, what changes, and the test questions."""
    return "".join((
        _verdict(rehearsal),
        "".join(render_conflict(c, inside_form=False) for c in rehearsal.conflicts),
        problem_list(rehearsal.errors),
        render_comparison(rehearsal.comparison) if rehearsal.comparison else "",
        _changes(rehearsal),
        _warnings(rehearsal),
    ))


def _changes(rehearsal: Rehearsal) -> str:
    changes = rehearsal.changes
    if not (rehearsal.publishable or changes.entries or changes.products):
        return ""  # what is in error was left out: that nothing changes would be untrue
    return f"<h3>What changes</h3>{render_changes(changes)}"


def _warnings(rehearsal: Rehearsal) -> str:
    """Those about what was changed are shown, those that were there before are folded."""
    changed = [c.after for c in rehearsal.changes.entries if c.after is not None]
    places = {(entry.source.file, entry.source.line) for entry in changed}
    names = [f"'{entry.id}'" for entry in changed]
    own: list[Problem] = []
    others: list[Problem] = []
    for problem in rehearsal.problems:
        if problem.warning:
            named = (problem.file, problem.line) in places or any(
                name in problem.what for name in names)
            (own if named else others).append(problem)
    shown = f"<h3>Warnings about your changes</h3>{_cut(own)}" if own else ""
    if others:
        shown += (f"<details><summary>{count(len(others), 'warning')} about other entries"
                  f"</summary>{_cut(others)}</details>")
    return shown


def _cut(problems: Sequence[Problem]) -> str:
    more = len(problems) - _MOST
    rest = f'<p class="soft">and {more:,} more</p>' if more > 0 else ""
    return problem_list(problems[:_MOST]) + rest


def _verdict(rehearsal: Rehearsal) -> str:
    if rehearsal.conflicts:
        return notice("Somebody published other versions meanwhile. Choose below, then check "
                      "again.", "bad")
    if not rehearsal.publishable:
        return notice("This can't be published yet. Mend the errors, then check again.", "bad")
    if rehearsal.losses:
        return notice(f"{count(len(rehearsal.losses), 'test question')} would be lost. Look at "
                      "them before you decide.", "warn")
    return notice("Ready to publish.", "good")


def render_comparison(comparison: Comparison) -> str:
    """Test questions before and after."""
    lists = (
        ("Lost", "answered rightly before, not after it", comparison.lost, "bad"),
        ("Gained", "answered rightly from now on", comparison.gained, "good"),
        ("New ones not reached", "they ask for an entry and don't get it", comparison.missed,
         "warn"),
        ("Answered wrongly", "the bot gives another answer", comparison.wrong, "warn"),
    )
    return (
        f'<h3>Test questions</h3><p class="figures"><span><b>{comparison.right_before:,}</b> of '
        f"{comparison.total:,} right before</span><span><b>{comparison.right_after:,}</b> right "
        f"after</span>{''.join(_figure(t, g, look) for t, _, g, look in lists)}</p>"
        + "".join(_questions(*one) for one in lists)
    )


def _figure(title: str, graded: Sequence[Graded], look: str) -> str:
    return pill(f"{title}: {len(graded):,}", look if graded else "")


def _questions(title: str, what: str, graded: Sequence[Graded], look: str) -> str:
    if not graded:
        return ""
    rows = "".join(f"<li>{_graded(g)}</li>" for g in graded[:_MOST])
    more = len(graded) - _MOST
    rest = f'<p class="soft">and {more:,} more</p>' if more > 0 else ""
    shown = " open" if look == "bad" else ""
    return (f"<details{shown}><summary>{title} ({len(graded):,}): {what}</summary>"
            f'<ul class="questions {look}">{rows}</ul>{rest}</details>')


def _graded(graded: Graded) -> str:
    asked = graded.question
    wanted = " or ".join(sorted(asked.acceptable)) or "no answer"
    given = " and ".join(sorted(graded.topics))
    said = "" if graded.outcome is Outcome.RIGHT else (
        f", gets <code>{escape(given)}</code>" if given else ", but the bot asks back")
    return (f"“{escape(asked.question)}” {pill(asked.language.upper())} should reach "
            f'<code>{escape(wanted)}</code>{said} '
            f'<span class="soft">{escape(str(asked.source))}; {escape(graded.decision)}</span>')


def render_published(version: Version) -> str:
    """What is live now. Sends `history`."""
    when = version.at.astimezone().strftime("%d %B %Y, %H:%M")
    return notice(f"Published as version {version.id[:8]} on {when}. Shoppers get it now.", "good",
                  button("Show it in the history", "history", {"version": version.id}))


def render_disk(disk: DiskState, *, lead: bool) -> str:
    """How the files on disk stand. Sends `publish_disk`."""
    note = f'<p class="soft">{escape(disk.note)}</p>' if disk.note else ""
    if disk.status == "same":
        return f'<p class="fine">The files on disk are what shoppers get.</p>{note}'
    if disk.status == "off":
        return notice("No versions are kept here, so nothing can be published or rolled back.",
                      "warn", note)
    if disk.status == "changed":
        return notice("Files were changed on disk. They go live in a moment.", "", note)
    shown = render_rehearsal(disk.rehearsal) if disk.rehearsal else ""
    if disk.status == "problems":
        return notice("Files on disk are broken. Shoppers keep getting the last good version.",
                      "bad", note) + (problem_list(disk.rehearsal.errors) if disk.rehearsal else "")
    lost = count(len(disk.rehearsal.losses) if disk.rehearsal else 0, "test question")
    publish = button("Publish them", "publish_disk", look="solid", confirm=(
        f"Publish the files on disk although {lost} are lost?")) if lead else ""
    return notice(f"Files changed on disk wait: {lost} would be lost.", "warn", publish) + note \
        + shown
