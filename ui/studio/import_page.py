"""The page on which a document becomes a draft."""

from dataclasses import replace
from typing import Any

import gradio as gr

from bot.publishing.values import User
from knowledge.editing.documents import ImportedDocument
from knowledge.formats.folder import check_files
from ui.markup import escape
from ui.studio.desk import Desk, on, refusal, sending, told
from ui.studio.elements import button, count, notice, upload_box
from ui.studio.products_page import take
from ui.words import LANGUAGES

KINDS = (".pdf", ".docx", ".html", ".htm", ".xlsx")


class ImportPage:
    """Upload, and what became of it."""

    def __init__(self, desk: Desk, *, max_mb: float) -> None:
        self._desk = desk
        self._max_mb = max_mb
        self.document = gr.State(None)  # the one that was imported last
        self.language = gr.Dropdown([(code, code) for code in LANGUAGES], value=desk.language,
                                    label="Language of the document", elem_id="import-language")
        self.upload = sending(("uploaded",), "import-upload")
        self.report = sending(("draft", "entries"), "import")
        self.taken = on(self.upload.uploaded, self.take, [self.language],
                        [self.document, self.report], slow=True)
        self.split = on(self.report.entries, self.make_entries, [self.document],
                        [self.document, self.report], slow=True)

    def load(self, request: gr.Request) -> tuple[Any, str]:
        """Offer the upload to leads."""
        if self._desk.user(request).role != "lead":
            return gr.update(visible=False), notice("Only a lead can import documents.")
        return gr.update(visible=True), upload_box(
            "Upload a document", "PDF, Word, web page or Excel", KINDS, max_mb=self._max_mb)

    def take(
        self, data: gr.EventData, request: gr.Request, language: str
    ) -> tuple[ImportedDocument, str]:
        """Turn a document into a draft file."""
        user = self._desk.user(request)
        upload = take(data, KINDS)
        if language not in LANGUAGES:
            raise refusal("Choose the language of the document.")
        with told():
            document = self._desk.workbench.editing.import_document(
                user, upload.name, upload.data, language)
            live = self._desk.workbench.editing.facets().files
        notes = "".join(f"<li>{escape(note)}</li>" for note in document.notes)
        review = f'<h3>Please look at</h3><ul class="plain">{notes}</ul>' if notes else ""
        replaced = notice(
            f"{document.file} is live already: once you publish, the new text replaces all of it. "
            "To keep both, give the document another name and import it again.",
            "warn") if document.file in live else ""
        return document, (
            notice(f"{upload.name} became {document.file} in your draft. Nothing is live yet.",
                   "good", button("Review it in the draft", "draft"))
            + f"{replaced}<div class=\"notice\"><p>Published like this, it is a policy with a "
            "passage for each heading. You can also have an FAQ entry for each heading instead, "
            f'to edit before you publish.</p>{button("Make FAQ entries of it", "entries")}</div>'
            f'{review}<h3>The text</h3><pre class="document">{escape(document.text)}</pre>'
        )

    def make_entries(
        self, request: gr.Request, document: ImportedDocument | None
    ) -> tuple[None, str]:
        """Put an entry for each passage into the draft, in the place of the file."""
        user = self._desk.user(request)
        if document is None:
            raise refusal("Import the document again.")
        with told():
            made = self._save_passages(user, document)
            if made:
                self._desk.workbench.editing.undo(user, (document.file, ""))
        if not made:
            raise refusal("No passage with a text was found in it.")
        return None, notice(
            f"{count(made, 'entry')} made in your draft. Give each a question as shoppers ask it.",
            "good", button("Go to the draft", "draft"))

    def _save_passages(self, user: User, document: ImportedDocument) -> int:
        editing = self._desk.workbench.editing
        content = check_files({document.file: document.text.encode()}).content
        for passage in content.entries:
            fields = editing.new_fields(user, passage.question, passage.language)
            editing.save(user, replace(fields, answer=passage.answer), base=None)
        return len(content.entries)
