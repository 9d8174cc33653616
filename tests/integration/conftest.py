import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright
from served import READY_WITHIN_S, ROOT

from bot.app import Shopclerk, build

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Shopclerk:
    """The demo shop, trained once and kept beside it; the first time takes minutes."""
    return build(ROOT / "bot" / "demo")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one module: an open one holds an event loop, and async tests want theirs."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    with sync_playwright() as playwright:
        try:
            opened = playwright.chromium.launch(executable_path=found, args=[
                "--no-sandbox", "--disable-background-networking"])
        except Error as error:
            reason = f"no browser: install chromium, or `playwright install chromium` ({error})"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def prepared(browser: Browser) -> Path:
    """The demo shop's folder with everything trained, which is kept for the next time."""
    demo = ROOT / "bot" / "demo"
    subprocess.run([sys.executable, "-m", "ui", "train", "--shop", str(demo)], cwd=ROOT, check=True,
                   timeout=READY_WITHIN_S, env={**os.environ, "HF_HUB_OFFLINE": "1"})
    return demo
