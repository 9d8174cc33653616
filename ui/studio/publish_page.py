"""The page on which a draft is checked and published."""

from typing import Any

import gradio as gr

from bot.publishing.values import CannotPublish, Rehearsal
from ui.studio.desk import Desk, given_key, on, sending, told
from ui.studio.elements import count, notice
from ui.studio.publish_view import (
    render_disk,
    render_draft,
    render_published,
    render_rehearsal,
)

PROGRESS = gr.Progress()


class PublishPage:
    """The draft, its rehearsal, the button, and the files on disk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        with gr.Row(elem_classes="form-body"):
            with gr.Column(scale=2, min_width=300):
                self.draft = sending(("open", "undo", "discard", "mine", "theirs"), "draft")
                with gr.Column(elem_id="publishing") as self.actions:
                    self.check_button = gr.Button("Check", elem_id="check")
                    self.message = gr.Textbox(label="What is this change about?", max_lines=3,
                                              placeholder="New delivery times for Christmas")
                    self.accept = gr.Checkbox(label="", visible=False, elem_id="accept")
                    self.publish_button = gr.Button("Publish", variant="primary", elem_id="publish")
                self.disk = sending(("publish_disk", "history"), "disk")
            with gr.Column(scale=3, min_width=300):
                self.result = sending(("open", "history", "mine", "theirs"), "rehearsal")
        self.outputs = [self.draft, self.actions, self.accept, self.disk, self.result]
        self._wire()

    def _wire(self) -> None:
        on(self.check_button.click, self.check, [], [self.result, self.accept], slow=True,
           alone=True)
        self.published = on(self.publish_button.click, self.publish, [self.message, self.accept],
                            [self.result, self.accept, self.message], slow=True, alone=True)
        self.disk_published = on(self.disk.publish_disk, self.publish_disk, [],
                                 [self.result, self.disk], slow=True, alone=True)
        changed = [on(self.draft.undo, self.undo, [], self.outputs),
                   on(self.draft.discard, self.discard, [], self.outputs)]
        for box in (self.draft, self.result):
            changed += [on(box.mine, self.keep_mine, [], self.outputs),
                        on(box.theirs, self.take_theirs, [], self.outputs)]
        self.changed = tuple(changed)

    def load(self, request: gr.Request) -> tuple[Any, ...]:
        """Draw the draft anew; a rehearsal of an earlier one counts no more."""
        user = self._desk.user(request)
        lead = user.role == "lead"
        with told():
            draft = self._desk.workbench.editing.draft(user)
            disk = self._desk.workbench.releases.disk()
        return (render_draft(draft), gr.update(visible=lead and bool(draft.changes)),
                _no_losses(), render_disk(disk, lead=lead), "")

    def refresh(self, request: gr.Request) -> tuple[Any, ...]:
        """Draw what a publish has changed, and leave what it said."""
        draft, actions, _, disk, _ = self.load(request)
        return draft, actions, disk

    def check(
        self, request: gr.Request, progress: gr.Progress = PROGRESS
    ) -> tuple[str, Any]:
        """Show what publishing would do."""
        user = self._desk.user(request)
        with told():
            rehearsal = self._desk.workbench.releases.rehearse(user, _telling(progress))
        return render_rehearsal(rehearsal), _losses(rehearsal)

    def publish(
        self, message: str, accept: bool, request: gr.Request, progress: gr.Progress = PROGRESS
    ) -> tuple[str, Any, Any]:
        """Let shoppers have the draft; what stops it is shown."""
        user = self._desk.user(request)
        with told():
            try:
                version = self._desk.workbench.releases.publish(
                    user, message.strip(), accept_losses=accept is True,
                    progress=_telling(progress))
            except CannotPublish as error:
                shown = notice(f"Not published: {error}", "bad") + render_rehearsal(error.rehearsal)
                return shown, _losses(error.rehearsal), gr.skip()
        return render_published(version), _no_losses(), ""

    def publish_disk(self, request: gr.Request) -> tuple[str, str]:
        """Let shoppers have the files on disk, with the losses that were shown."""
        user = self._desk.user(request)
        with told():
            version = self._desk.workbench.releases.publish_disk(
                user, "Files on disk", accept_losses=True)
        return render_published(version), render_disk(
            self._desk.workbench.releases.disk(), lead=user.role == "lead")

    def undo(self, data: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Drop one change."""
        with told():
            self._desk.workbench.editing.undo(self._desk.user(request), given_key(data))
        return self.load(request)

    def discard(self, request: gr.Request) -> tuple[Any, ...]:
        """Drop the whole draft."""
        with told():
            self._desk.workbench.editing.discard(self._desk.user(request))
        return self.load(request)

    def keep_mine(self, data: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Settle a conflict with the draft's text."""
        user = self._desk.user(request)
        with told():
            self._desk.workbench.editing.settle(user, given_key(data), keep="mine")
        return self.load(request)

    def take_theirs(self, data: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Settle a conflict with what is live."""
        user = self._desk.user(request)
        with told():
            self._desk.workbench.editing.settle(user, given_key(data), keep="theirs")
        return self.load(request)

    def badge(self, request: gr.Request) -> Any:
        """The tab's name with the number of changes."""
        with told():
            changes = len(self._desk.workbench.editing.draft(self._desk.user(request)).changes)
        return gr.update(label=f"Draft & publish ({changes})" if changes else "Draft & publish")


def accept_losses(rehearsal: Rehearsal, verb: str) -> Any:
    """The box that must be ticked before test questions are lost; hidden where none are."""
    if not rehearsal.losses:
        return gr.update(visible=False, value=False)
    lost = count(len(rehearsal.losses), "test question")
    are = "is" if len(rehearsal.losses) == 1 else "are"
    return gr.update(visible=True, value=False, label=f"{verb} although {lost} {are} lost")


def _losses(rehearsal: Rehearsal) -> Any:
    return accept_losses(rehearsal, "Publish")


def _no_losses() -> Any:
    return gr.update(visible=False, value=False)


def _telling(progress: gr.Progress) -> Any:
    def tell(stage: str, done: int, total: int) -> None:
        progress((done, max(total, 1)), desc=stage)

    return tell
