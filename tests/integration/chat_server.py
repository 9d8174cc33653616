"""The chat page in front of an assistant that says what a test needs: no shop, no models."""

import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import uvicorn
from fastapi.staticfiles import StaticFiles
from served import ROOT

from bot.server.app import create_api
from ui.app import add_widget
from ui.chat import build_chat
from ui.page import ASSETS, complete_shop_page

sys.path += [str(ROOT / "tests" / "unit" / "bot" / part) for part in ("", "server")]

from chat_stand_ins import Service


class ChatServer:
    """A service and its page on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.service = Service(folder)
        clerk = self.service.clerk
        clerk.customers = SimpleNamespace(customer=lambda number: None)
        clerk.demo_customers = ()
        self._clerk = clerk
        self._server: Any = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        api = create_api(self._clerk)
        api.mount("/ui", StaticFiles(directory=ASSETS), name="ui")
        add_widget(api, self._clerk)
        complete_shop_page(api, self._clerk)
        app = gr.mount_gradio_app(api, build_chat(self._clerk), path="/", ssr_mode=False)
        config = uvicorn.Config(app, port=self.port, log_level="warning",
                                timeout_graceful_shutdown=2)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.05)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(20)
