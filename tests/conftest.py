"""One browser for all tests of a process, because Playwright refuses to start a second one."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@cache
def chromium(own: str) -> str | None:
    """The path of the first Chromium that runs, or None; `own` is Playwright's own, which is tried first."""
    for path in (own, MAC, *filter(None, map(shutil.which, NAMES))):
        if Path(path).exists():
            done = subprocess.run(
                [path, "--version"], capture_output=True, text=True, check=False, timeout=60
            )
            if done.returncode == 0:
                return path
    return None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Open a headless Chromium with a fresh profile; if there is none, skip the test, or fail it in CI."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = chromium(playwright.chromium.executable_path)
        if path is None:
            message = "no Chromium that runs: install it (Debian: apt-get install chromium)"
            (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()
