"""The studio at `/studio`: where support leads look after what the bot answers."""

import hashlib

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

from bot.app import Shopclerk
from knowledge.versions.errors import VersionError
from ui.brand import brand_css
from ui.document import CompletedDocument
from ui.markup import escape
from ui.page import ASSETS
from ui.studio.board import Board
from ui.studio.desk import Access, Desk
from ui.studio.sign_in import add_studio_access, open_access
from ui.uploads import refuse_foreign_files


def mount_studio(api: FastAPI, clerk: Shopclerk) -> None:
    """Add the studio to the service; to be called before the chat takes the rest of `/`."""
    access = open_access(clerk)
    add_studio_access(api, clerk, access)
    mount_pages(api, clerk, access)


def mount_pages(api: FastAPI, clerk: Shopclerk, access: Access) -> None:
    """Mount the pages for those who are signed in."""
    add_export(api, clerk, access)
    head = _head(clerk.settings.shop.color).encode()
    api.add_middleware(CompletedDocument, path="/studio/",
                       replacements=((b"</head>", head + b"</head>"),))
    gr.mount_gradio_app(
        api, build_studio(clerk, access), path="/studio", footer_links=[], run_history=False,
        show_error=False, ssr_mode=False, pwa=False, enable_monitoring=False,
        theme=gr.themes.Base(font=["system-ui", "sans-serif"],
                             font_mono=["ui-monospace", "monospace"]),
        max_file_size=int(clerk.settings.studio.max_upload_mb * 1_000_000),
        auth_dependency=lambda request: getattr(access.user(request), "name", None),
    )


def build_studio(clerk: Shopclerk, access: Access) -> gr.Blocks:
    """The pages as Gradio blocks; their looks come with `ui/assets/studio.css`."""
    shop = clerk.settings.shop
    desk = Desk(clerk.workbench, access, shop.language)
    blocks: gr.Blocks
    with gr.Blocks(analytics_enabled=False, title=f"Studio · {shop.name}", fill_width=True,
                   delete_cache=(600, 600)) as blocks:
        Board(desk, shop.name, max_mb=clerk.settings.studio.max_upload_mb).begin(blocks)
    # No input of the studio holds files: uploads are named in events and read by `take_upload`.
    refuse_foreign_files(*(block for block in blocks.blocks.values()
                           if isinstance(block, gr.components.Component)))
    return blocks


def add_export(api: FastAPI, clerk: Shopclerk, access: Access) -> None:
    """Serve a version's files as a zip to those who are signed in."""

    @api.get("/studio/export/{version}.zip", include_in_schema=False)
    def export(version: str, request: Request) -> Response:
        """One version of the knowledge folder."""
        if access.user(request) is None:
            return PlainTextResponse("sign in to the studio first", 401)
        try:
            files = clerk.workbench.releases.export(version)
        except VersionError as error:
            return PlainTextResponse(str(error), 404)
        name = f"knowledge-{version[:8]}.zip" if version.isalnum() and version.isascii() else \
            "knowledge.zip"
        return Response(files, media_type="application/zip", headers={
            "content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"})


def _head(color: str) -> str:
    """Looks and script; addresses are those of a page one folder below the chat."""
    return (
        f'<meta name="theme-color" content="{escape(color)}"><style>{brand_css(color)}</style>'
        f'<link rel="stylesheet" href="../ui/studio.css?{_digest("studio.css")}">'
        f'<script src="../ui/studio.js?{_digest("studio.js")}"></script>'
    )


def _digest(name: str) -> str:
    return hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()[:12]
