"""The page with what the bot could not answer."""

import gradio as gr

from bot.publishing.values import User
from ui.studio.desk import Desk, given, on, sending, told
from ui.studio.gaps_view import render_gaps

_STATUSES = (("Open", "open"), ("Still open after publishing", "still open after publish"),
             ("In a draft", "drafted"), ("Solved", "solved"), ("Dismissed", "dismissed"))


class GapsPage:
    """Groups of questions; a group becomes an entry in one step."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.status = gr.Radio(list(_STATUSES), value="open", label="Show", elem_id="gap-status")
        self.list = sending(("make", "dismiss", "reopen", "open", "ask"), "gaps")
        on(self.status.input, self.show, [self.status], [self.list], latest=True)
        on(self.list.dismiss, self.dismiss, [self.status], [self.list])
        on(self.list.reopen, self.reopen, [self.status], [self.list])

    def show(self, request: gr.Request, status: str) -> str:
        """Draw the groups of one status."""
        user = self._desk.user(request)
        with told():
            views = self._desk.workbench.gaps.views()
        gaps = [view for view in views if view.status == (status or "open")]
        return render_gaps(gaps, lead=user.role == "lead")

    def make(self, user: User, data: gr.EventData) -> tuple[str, str]:
        """Make a draft entry of a group; returns its key."""
        with told():
            return self._desk.workbench.gaps.draft(user, _gap(data)).key

    def dismiss(self, data: gr.EventData, request: gr.Request, status: str) -> str:
        """Note that a group needs no entry."""
        with told():
            self._desk.workbench.gaps.dismiss(self._desk.user(request), _gap(data))
        return self.show(request, status)

    def reopen(self, data: gr.EventData, request: gr.Request, status: str) -> str:
        """Bring a dismissed group back."""
        with told():
            self._desk.workbench.gaps.reopen(self._desk.user(request), _gap(data))
        return self.show(request, status)


def _gap(data: gr.EventData) -> str:
    return str(given(data).get("gap") or "")
