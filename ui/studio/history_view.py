"""Versions, what each changed, and going back, as safe HTML. Pure."""

from collections.abc import Sequence

from bot.publishing.values import Key, Rehearsal
from knowledge.versions.changes import Changes
from knowledge.versions.store import Version
from ui.markup import escape
from ui.studio.changes_view import render_changes
from ui.studio.elements import button, empty, key_data, pill
from ui.studio.publish_view import render_rehearsal


def render_versions(
    versions: Sequence[Version],
    *,
    chosen: str = "",
    live: str = "",
    key: Key | None = None,
    more: bool = False,
    first: bool = True,
) -> str:
    """Versions, newest first. Sends `choose`, `older`, `newest`, and `all` from one entry's.

    Args:
        versions: One page of them.
        chosen: The id of the one that is shown beside.
        live: The id of the one that shoppers get.
        key: The entry whose versions they are; None for all.
        more: Whether older ones follow.
        first: Whether this is the first page.
    """
    about = (f'<p class="line">Only changes to <code>{escape(" · ".join(key))}</code> '
             f'{button("Show all versions", "all")}</p>') if key else ""
    if not versions:
        return about + empty("Nothing here", "Each publish makes a version; older ones end here.")
    rows = "".join(_version(v, v.id == chosen, v.id == live) for v in versions)
    steps = ("" if first else button("Newest", "newest")) + (
        button("Older", "older", {"version": versions[-1].id}) if more else "")
    pages = f'<nav class="pager" aria-label="Pages">{steps}</nav>' if steps else ""
    return f'{about}<ul class="versions">{rows}</ul>{pages}'


def _version(version: Version, chosen: bool, live: bool) -> str:
    title = version.message.splitlines()[0] if version.message.strip() else "Published"
    mark = pill("live", "good") if live else ""
    return (
        f'<li class="{"chosen" if chosen else ""}" data-do="choose" data-version="{version.id}">'
        f'{button(title, "choose", {"version": version.id}, look="link")}{mark}'
        f'<p class="soft">{escape(version.author)}, {when(version)} '
        f"<code>{escape(version.id[:8])}</code></p></li>"
    )


def when(version: Version) -> str:
    """The moment in the server's own time."""
    return version.at.astimezone().strftime("%d %b %Y, %H:%M")


def render_version(version: Version, changes: Changes, *, lead: bool, live: bool) -> str:
    """One version: who, when, why, and what. Sends `back_to`; the zip is a plain link."""
    actions = [
        button("Roll back this entry", "back_to",
               {"version": version.id, **key_data(change.key)})
        for change in changes.entries
    ] if lead and not live else []
    back = button("Roll back everything to this", "back_to", {"version": version.id}) if (
        lead and not live) else ""
    zip_link = (f'<a class="quiet" href="export/{version.id}.zip" download>'
                "Export as zip</a>")
    said = "<br>".join(escape(line) for line in version.message.splitlines())
    return (
        f'<h3>{said or "Published"}</h3><p class="soft">{escape(version.author)}, '
        f"{when(version)}, version <code>{escape(version.id[:8])}</code>"
        f"{' (live now)' if live else ''}</p>"
        f'<div class="actions">{back}{zip_link}</div>'
        f"<h3>What it changed</h3>{render_changes(changes, actions)}"
    )


def render_return(rehearsal: Rehearsal, version: Version, key: Key | None) -> str:
    """What going back would do."""
    what = f"the entry {' · '.join(key)}" if key else "everything"
    return (f"<h3>Roll back {escape(what)} to {when(version)}</h3>"
            '<p class="soft">This makes a new version; the history keeps all of them.</p>'
            f"{render_rehearsal(rehearsal)}")
