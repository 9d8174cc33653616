"""The page on which a document becomes a draft."""

from typing import Any

import gradio as gr

from ui.markup import escape
from ui.studio.desk import Desk, on, refusal, sending, told
from ui.studio.elements import button, notice, upload_box
from ui.studio.products_page import take
from ui.words import LANGUAGES

KINDS = (".pdf", ".docx", ".html", ".htm", ".xlsx")


class ImportPage:
    """Upload, and what became of it."""

    def __init__(self, desk: Desk, *, max_mb: float) -> None:
        self._desk = desk
        self._max_mb = max_mb
        self.language = gr.Dropdown([(code, code) for code in LANGUAGES], value=desk.language,
                                    label="Language of the document", elem_id="import-language")
        self.upload = sending(("uploaded",), "import-upload")
        self.report = sending(("draft",), "import")
        self.taken = on(self.upload.uploaded, self.take, [self.language], [self.report], slow=True)

    def load(self, request: gr.Request) -> tuple[Any, str]:
        """Offer the upload to leads."""
        if self._desk.user(request).role != "lead":
            return gr.update(visible=False), notice("Only a lead can import documents.")
        return gr.update(visible=True), upload_box(
            "Upload a document", "PDF, Word, web page or Excel", KINDS, max_mb=self._max_mb)

    def take(self, data: gr.EventData, request: gr.Request, language: str) -> str:
        """Turn a document into a draft file."""
        user = self._desk.user(request)
        upload = take(data, KINDS)
        if language not in LANGUAGES:
            raise refusal("Choose the language of the document.")
        with told():
            document = self._desk.workbench.editing.import_document(
                user, upload.name, upload.data, language)
        notes = "".join(f"<li>{escape(note)}</li>" for note in document.notes)
        review = f'<h3>Please look at</h3><ul class="plain">{notes}</ul>' if notes else ""
        return (
            notice(f"{upload.name} became {document.file} in your draft. Nothing is live yet.",
                   "good", button("Review it in the draft", "draft"))
            + f'{review}<h3>The text</h3><pre class="document">{escape(document.text)}</pre>'
        )
