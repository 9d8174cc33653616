"""Asking the bot: a page of its own, and a box beside the form."""

import gradio as gr

from ui.studio.ask_view import render_asked
from ui.studio.desk import Desk, on, refusal, sending, told
from ui.words import LANGUAGES

_WHERE = (("what is live", "live"), ("my draft", "draft"))


class AskBox:
    """A question, whom to ask, and what comes of it."""

    def __init__(self, desk: Desk, elem_id: str) -> None:
        self._desk = desk
        with gr.Row(elem_classes="bar ask"):
            self.question = gr.Textbox(
                label="Ask as a shopper", placeholder="where is my parcel", scale=3, max_lines=1,
                min_width=200, elem_id=f"{elem_id}-question")
            self.language = gr.Dropdown(
                [("as typed", ""), *((code, code) for code in LANGUAGES)], value="",
                label="Language", min_width=110, scale=1)
            self.where = gr.Dropdown(
                list(_WHERE), value="live", label="Ask of", min_width=130, scale=1)
            self.button = gr.Button("Ask", variant="primary", scale=0, min_width=80)
        self.result = sending(("open",), elem_id)
        asked = [self.question, self.language, self.where]
        for trigger in (self.button.click, self.question.submit):
            on(trigger, self.ask, asked, [self.result], slow=True)

    def ask(self, question: str, language: str, where: str, request: gr.Request) -> str:
        """Put the question to the bot."""
        user = self._desk.user(request)
        if not question.strip():
            raise refusal("Type a question first.")
        with told():
            return render_asked(self._desk.workbench.releases.ask(
                user, question.strip(), language or "", of_draft=where == "draft"))
