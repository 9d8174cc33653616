"""The page with the products, and the upload of a feed."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import gradio as gr

from ui.studio.desk import Desk, given, given_page, on, refusal, sending, told
from ui.studio.elements import upload_box
from ui.studio.products_view import render_feed, render_products
from ui.uploads import take_upload

KINDS = (".csv", ".tsv", ".jsonl")


@dataclass(frozen=True)
class Upload:
    """A file as it was uploaded."""

    name: str
    data: bytes


class ProductsPage:
    """A searchable table, and above it the way to a new feed."""

    def __init__(self, desk: Desk, *, max_mb: float) -> None:
        self._desk = desk
        self._max_mb = max_mb
        self.feed = gr.State(None)  # the upload that is looked at
        self.upload = sending(("uploaded",), "feed-upload")
        self.report = sending(("use", "drop", "draft"), "feed")
        self.text = gr.Textbox(
            label="Search in products", show_label=False,
            placeholder="Search in products", max_lines=1,
            elem_id="product-search",
            html_attributes=gr.InputHTMLAttributes(spellcheck=False, enterkeyhint="search"))
        self.table = sending(("turn", "search"), "products")
        self.outputs = [self.upload, self.table]
        on(self.table.search, self.show, [self.text], [self.table], latest=True)
        on(self.table.turn, self.turn, [self.text], [self.table])
        on(self.upload.uploaded, self.look, [], [self.feed, self.report])
        self.used = on(self.report.use, self.use, [self.feed], [self.feed, self.report])
        on(self.report.drop, lambda: (None, ""), [], [self.feed, self.report])

    def load(self, request: gr.Request, text: str) -> tuple[str, str]:
        """Fill the table; the upload is for leads."""
        lead = self._desk.user(request).role == "lead"
        box = upload_box("Upload a product feed", "CSV, TSV or JSON Lines in Google Merchant "
                         "columns", KINDS, max_mb=self._max_mb) if lead else ""
        return box, self.show(request, text)

    def show(self, request: gr.Request, text: str) -> str:
        """The first page."""
        self._desk.user(request)
        return render_products(self._desk.workbench.editing.products(text or ""))

    def turn(self, data: gr.EventData, request: gr.Request, text: str) -> str:
        """Another page."""
        self._desk.user(request)
        found = self._desk.workbench.editing.products(text or "", page=given_page(data))
        return render_products(found)

    def look(self, data: gr.EventData, request: gr.Request) -> tuple[Any, str]:
        """Check an uploaded feed; nothing is kept yet."""
        user = self._desk.user(request)
        upload = take(data, KINDS)
        if user.role != "lead":
            raise refusal("Only a lead can upload a feed.")
        with told():
            report = self._desk.workbench.editing.check_feed(upload.name, upload.data)
        usable = not any(not p.warning for p in report.problems)
        return upload if usable else None, render_feed(report, kept=False)

    def use(self, request: gr.Request, feed: Upload | None) -> tuple[Any, str]:
        """Put the feed into the draft."""
        user = self._desk.user(request)
        if feed is None:
            raise refusal("Upload the feed again.")
        with told():
            report = self._desk.workbench.editing.use_feed(user, feed.name, feed.data)
        return None, render_feed(report, kept=True)


def take(data: gr.EventData, kinds: tuple[str, ...]) -> Upload:
    """Read an upload that an event names, and delete it; its name is the last part alone."""
    told_ = given(data)
    content = take_upload(str(told_.get("path") or ""))
    name = PurePosixPath(str(told_.get("name") or "").replace("\\", "/")).name
    if content is None:
        raise refusal("The upload did not arrive. Please try again.")
    if not name.lower().endswith(kinds):
        raise refusal(f"This kind of file is not read here; upload {', '.join(kinds)}.")
    return Upload(name, content)
