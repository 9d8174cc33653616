import asyncio
from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from studio_stand_in import LEAD, StandIn, stand_in_clerk

from bot.publishing.values import User
from ui.studio.app import build_studio, mount_pages

NEVER = "/etc/passwd"


class ByCookie:
    def user(self, request: Any) -> User | None:
        return LEAD if dict(request.cookies).get("who") == "lead" else None


async def _app() -> FastAPI:
    api = FastAPI()
    mount_pages(api, stand_in_clerk(StandIn(5)), ByCookie())
    with gr.Blocks(analytics_enabled=False) as chat:
        gr.Textbox("the chat")
    return gr.mount_gradio_app(api, chat, path="/", ssr_mode=False)


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return asyncio.run(_app())  # Gradio's blocks want a running loop


@pytest.fixture
def browser(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


def signed_in(browser: TestClient) -> TestClient:
    browser.cookies.set("who", "lead")
    return browser


@pytest.mark.parametrize("path", [
    "/studio/", "/studio/config", "/studio/gradio_api/info", "/studio/export/" + "0" * 40 + ".zip",
    f"/studio/gradio_api/file={NEVER}"])
def test_nothing_is_served_to_those_who_are_not_signed_in(browser: TestClient, path: str) -> None:
    assert browser.get(path).status_code == 401


def test_the_page_has_looks_and_script_before_gradio_runs(browser: TestClient) -> None:
    page = signed_in(browser).get("/studio/").text
    head = page[:page.index("</head>")]
    assert "../ui/studio.css?" in head
    assert '<script src="../ui/studio.js?' in head


def test_the_chat_lives_beside_it(browser: TestClient) -> None:
    chat = browser.get("/config").json()
    studio = signed_in(browser).get("/studio/config").json()
    assert len(chat["components"]) < len(studio["components"])
    assert studio["root"].endswith("/studio")


def test_a_version_is_exported(browser: TestClient) -> None:
    answer = signed_in(browser).get("/studio/export/" + "0" * 40 + ".zip")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="knowledge-00000000.zip"'


def test_no_input_fetches_files_of_the_server() -> None:
    async def build() -> gr.Blocks:
        return build_studio(stand_in_clerk(StandIn(5)), ByCookie())

    studio = asyncio.run(build())
    inputs = {block for fn in studio.fns.values() for block in fn.inputs}
    assert len(inputs) > 20
    for block in inputs:
        with pytest.raises(gr.Error, match="takes no files"):
            asyncio.run(block.async_move_resource_to_block_cache(NEVER))


def test_a_crafted_file_in_an_event_is_not_copied(browser: TestClient) -> None:
    config = signed_in(browser).get("/studio/config").json()
    listing = next(d for d in config["dependencies"]
                   if len(d["inputs"]) == 6 and len(d["outputs"]) == 1 and not d["queue"])
    foreign = {"path": NEVER, "meta": {"_type": "gradio.FileData"}}
    answer = browser.post("/studio/gradio_api/run/predict", json={
        "fn_index": listing["id"], "session_hash": "x", "data": [foreign, "", "", "", "", ""]})
    assert answer.status_code == 500
    assert answer.json()["error"] == "this page takes no files"


def test_nothing_else_is_pressed_while_a_draft_is_checked_or_goes_live(browser: TestClient) -> None:
    dependencies = signed_in(browser).get("/studio/config").json()["dependencies"]
    scripts = [str(d["js"]) for d in dependencies]
    begins = sum("studio.busy(true)" in script for script in scripts)
    ends = sum("studio.busy(false)" in script for script in scripts)
    assert begins == ends == 5  # check, publish, publish the disk, rehearse a return, go back
