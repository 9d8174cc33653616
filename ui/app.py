"""The web application: the service, the chat page at `/`, the widget and an example shop page."""

import json
import re
from html import escape, unescape
from pathlib import Path
from string import Template

import gradio as gr
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles

from bot.app import Shopclerk
from bot.server.app import create_api
from ui.brand import brand_css
from ui.chat import build_chat
from ui.page import ASSETS, complete_shop_page
from ui.policies import add_policy_pages
from ui.studio.app import mount_studio
from ui.words import LANGUAGES, shop_name, tagline, words_of


def create_app(clerk: Shopclerk) -> FastAPI:
    """Everything that `shopclerk run` serves."""
    api = create_api(clerk)
    api.mount("/ui", StaticFiles(directory=ASSETS), name="ui")
    add_widget(api, clerk)
    add_policy_pages(api, clerk, clerk.workbench.editing.content)
    mount_studio(api, clerk)
    complete_shop_page(api, clerk)
    app: FastAPI = gr.mount_gradio_app(
        api, build_chat(clerk), path="/", footer_links=[], run_history=False, show_error=False,
        ssr_mode=False, pwa=False, enable_monitoring=False, theme=_plain_theme(),
        max_file_size=int(clerk.settings.server.max_upload_mb * 1_000_000),
    )
    return app


def _plain_theme() -> gr.themes.Base:
    """Fonts that every system has: the page asks no other server for anything."""
    return gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])


def add_widget(api: FastAPI, clerk: Shopclerk) -> None:
    """Serve the script that puts the chat on a shop's pages, and an example of such a page."""
    shop = clerk.settings.shop
    told = {"color": shop.color, "css": brand_css(shop.color), "language": shop.language, "words": {
        code: {"open": words_of(code).open_chat.format(shop=shop_name(shop, code)),
               "news": words_of(code).news.format(shop=shop_name(shop, code)),
               "close": words_of(code).close,
               "title": words_of(code).chat.format(shop=shop_name(shop, code))}
        for code in LANGUAGES}}
    script = (ASSETS / "widget.js").read_text(encoding="utf-8").replace(
        '"__SHOP__"', json.dumps(told, ensure_ascii=False))
    example = _example_page(clerk)

    @api.get("/widget.js", include_in_schema=False)
    async def widget() -> Response:
        """The one script tag that puts the chat on a shop's page."""
        return Response(script, media_type="text/javascript; charset=utf-8",
                        headers={"cache-control": "public, max-age=300"})

    @api.get("/example", include_in_schema=False)
    async def example_page() -> HTMLResponse:
        """A shop page with the widget on it."""
        return HTMLResponse(example)


def _example_page(clerk: Shopclerk) -> str:
    shop = clerk.settings.shop
    pictures = sorted((clerk.shop_dir / "pictures").glob("*.svg"))
    tiles = "".join(
        f'<li><img src="/pictures/{escape(p.name)}" alt="" width="320" height="320">'
        f"<p>{escape(_title(p))}</p></li>"
        for p in pictures[:: max(1, len(pictures) // 8)][:8]
    )
    page = Template((ASSETS / "example.html").read_text(encoding="utf-8"))
    return page.substitute(
        name=escape(shop.name), tagline=escape(tagline(shop, "en")), language="en",
        brand=brand_css(shop.color), tiles=tiles,
    )


def _title(picture: Path) -> str:
    """A drawing's own title, else its file's name."""
    found = re.search("<title>([^<]*)</title>", picture.read_text(encoding="utf-8"))
    return unescape(found[1]) if found else picture.stem
