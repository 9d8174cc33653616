"""The page with all versions: what each changed, and the way back."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from bot.publishing.values import CannotPublish, Key, User
from knowledge.versions.store import Version
from ui.studio.desk import Desk, after, given, given_key, on, refusal, sending, shown, told
from ui.studio.elements import notice
from ui.studio.history_view import render_return, render_version, render_versions
from ui.studio.publish_page import accept_losses
from ui.studio.publish_view import render_published, render_rehearsal

_PAGE = 30


@dataclass(frozen=True)
class Listed:
    """The versions in sight: `more` older ones follow, `first`: none newer come before."""

    versions: tuple[Version, ...]
    more: bool
    first: bool

    def find(self, version: str) -> Version:
        """Return one of them."""
        for one in self.versions:
            if one.id == version:
                return one
        raise refusal("This version is not in the list any more. Load the page again.")


class HistoryPage:
    """Versions on one side, the chosen one on the other."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.key = gr.State(None)  # the entry whose versions are shown; None: all
        self.listed = gr.State(())  # the versions of this page of the list
        self.way_back = gr.State(None)  # (version, key) of the rehearsed return
        with gr.Row(elem_classes="form-body"):
            with gr.Column(scale=2, min_width=280):
                self.list = sending(("choose", "all", "older", "newest"), "versions")
            with gr.Column(scale=3, min_width=300):
                with gr.Column(visible=False, elem_id="return") as self.panel:
                    self.rehearsal = shown()
                    self.accept = gr.Checkbox(label="", visible=False)
                    with gr.Row():
                        self.go = gr.Button("Roll back", variant="primary", elem_id="roll-back")
                        self.cancel = gr.Button("Cancel")
                self.version = sending(("back_to", "history"), "version")
        self.outputs = [self.key, self.listed, self.list, self.version, self.panel]
        self._wire()

    def _wire(self) -> None:
        on(self.list.choose, self.choose, [self.key, self.listed], self.outputs[2:])
        on(self.list.all, self.load, [], self.outputs)
        on(self.list.newest, self.newest, [self.key], self.outputs)
        on(self.list.older, self.older, [self.key], self.outputs)
        on(self.version.back_to, self.rehearse, [self.listed],
           [self.way_back, self.rehearsal, self.accept, self.panel], slow=True, alone=True)
        self.gone_back = on(self.go.click, self.go_back, [self.way_back, self.accept],
                            [self.rehearsal, self.accept, self.panel, self.version], slow=True,
                            alone=True)
        after(self.gone_back, self.relist, self.outputs[:3])
        on(self.cancel.click, lambda: gr.update(visible=False), [], [self.panel])

    def load(self, request: gr.Request) -> tuple[Any, ...]:
        """Show all versions."""
        return self.of(request, None)

    def newest(self, request: gr.Request, key: Key | None) -> tuple[Any, ...]:
        """Show the first page of the versions again."""
        return self.of(request, key)

    def older(self, data: gr.EventData, request: gr.Request, key: Key | None) -> tuple[Any, ...]:
        """Show the next page of the versions."""
        return self.of(request, key, str(given(data).get("version") or "") or None)

    def of(
        self, request: gr.Request, key: Key | None, before: str | None = None
    ) -> tuple[Any, ...]:
        """Show versions: all, or those that changed one entry; the first one is chosen."""
        user = self._desk.user(request)
        with told():
            found = self._desk.workbench.releases.versions(limit=_PAGE + 1, before=before, key=key)
        listed = Listed(found[:_PAGE], more=len(found) > _PAGE, first=before is None)
        chosen = listed.versions[0].id if listed.versions else ""
        return (key, listed, self._list(listed, key, chosen), self._version(user, listed, chosen),
                gr.update(visible=False))

    def relist(self, request: gr.Request) -> tuple[Any, ...]:
        """Draw the list anew; what is shown beside it stays."""
        return self.of(request, None)[:3]

    def choose(
        self, data: gr.EventData, request: gr.Request, key: Key | None, listed: Listed | None
    ) -> tuple[Any, ...]:
        """Show what one version changed."""
        user, chosen = self._desk.user(request), _version_id(data)
        listed = listed or _nothing()
        return (self._list(listed, key, chosen), self._version(user, listed, chosen),
                gr.update(visible=False))

    def rehearse(
        self, data: gr.EventData, request: gr.Request, listed: Listed | None
    ) -> tuple[Any, ...]:
        """Show what going back would do; nothing changes yet."""
        user, asked = self._desk.user(request), given_key(data)
        key = asked if asked[0] else None
        version = (listed or _nothing()).find(_version_id(data))
        with told():
            rehearsal = self._desk.workbench.releases.rehearse_roll_back(user, version.id, key)
        return ((version.id, key), render_return(rehearsal, version, key),
                accept_losses(rehearsal, "Roll back"), gr.update(visible=True))

    def go_back(
        self, way_back: tuple[str, Key | None] | None, accept: bool, request: gr.Request
    ) -> tuple[Any, ...]:
        """Publish the earlier version again."""
        user = self._desk.user(request)
        if way_back is None:
            raise refusal("Choose a version first.")
        version, key = way_back
        with told():
            try:
                made = self._desk.workbench.releases.roll_back(
                    user, version, key, accept_losses=accept is True)
            except CannotPublish as error:
                told_why = notice(f"Not rolled back: {error}", "bad")
                return (told_why + render_rehearsal(error.rehearsal),
                        accept_losses(error.rehearsal, "Roll back"), gr.skip(), gr.skip())
        return ("", gr.update(visible=False, value=False), gr.update(visible=False),
                render_published(made))

    def _list(self, listed: Listed, key: Key | None, chosen: str) -> str:
        head = self._desk.workbench.releases.head()
        return render_versions(
            listed.versions, chosen=chosen, live=head.id if head else "", key=key,
            more=listed.more, first=listed.first)

    def _version(self, user: User, listed: Listed, chosen: str) -> str:
        if not chosen:
            return ""
        found = listed.find(chosen)
        with told():
            changes = self._desk.workbench.releases.changes_of(found.id)
            head = self._desk.workbench.releases.head()
        return render_version(found, changes, lead=user.role == "lead",
                              live=head is not None and head.id == found.id)


def _version_id(data: gr.EventData) -> str:
    return str(given(data).get("version") or "")


def _nothing() -> Listed:
    raise refusal("This page has lost its place. Load it again.")
