"""Fixtures that build the book, serve it on the loopback interface and open its pages in a browser."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock

from tests.book.contents import ROOT
from tests.book.playing import ready
from tests.book.visits import PHONE, Visit, read

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def built() -> subprocess.CompletedProcess[str]:
    """Build the book with warnings as errors; if nothing changed since the last build, it takes seconds."""
    # jupyter_book has no __main__, so `python -m jupyter_book` does not work.
    start = "from jupyter_book.cli.main import main; main()"
    options = ["build", ".", "-W", "-n", "--keep-going", "--path-output", "build"]
    (ROOT / "build").mkdir(exist_ok=True)
    # Parallel test processes share the build folder, so one of them builds at a time.
    with FileLock(ROOT / "build" / ".book.lock"):
        return subprocess.run(
            [sys.executable, "-c", start, *options], cwd=ROOT, text=True, capture_output=True, check=False
        )


@pytest.fixture(scope="session")
def site(built: subprocess.CompletedProcess[str]) -> Path:
    """The folder of the built pages."""
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    return ROOT / "build" / "_build" / "html"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without logging the requests."""

    def log_message(self, *_: Any) -> None:
        """Log nothing."""


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Serve the site on a free port of the loopback interface, and give its URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def visit(browser: Browser, address: str) -> Callable[[str, str], Visit]:
    """A function that opens a page in a colour scheme and returns its findings as a Visit.

    It opens each page only once in each colour scheme; later calls return the same Visit.
    """
    return cache(partial(read, browser, address))


@pytest.fixture
def tab(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The playground at phone width in dark mode, opened anew for each test.

    The scripts of one explorer have run; the test module names it in its constant TAG.
    """
    with browser.new_context(viewport={"width": PHONE, "height": 800}, color_scheme="dark") as context:
        tab = context.new_page()
        tab.goto(f"{address}/book/playground.html")
        ready(tab, request.module.TAG)
        yield tab


@pytest.fixture(scope="module")
def playground(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The playground at desktop width with reduced motion, opened once for all tests of a module.

    The scripts of one explorer have run; the test module names it in its constant TAG.
    """
    with browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce") as context:
        tab = context.new_page()
        tab.goto(f"{address}/book/playground.html")
        ready(tab, request.module.TAG)
        yield tab


@pytest.fixture
def touched(browser: Browser, address: str) -> Iterator[Page]:
    """The playground on a phone with a touch screen."""
    with browser.new_context(
        viewport={"width": PHONE, "height": 800}, has_touch=True, is_mobile=True
    ) as context:
        tab = context.new_page()
        tab.goto(f"{address}/book/playground.html")
        yield tab
