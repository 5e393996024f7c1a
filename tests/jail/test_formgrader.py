"""Press formgrader's autograde button in a browser: the marks from the jail appear in the learner's row."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from poolgrader.classroom.gradebook import gradebook
from poolgrader.questions import questions_of
from tests.course import SAMPLE
from tests.jail.courses import course_in
from tests.patience import EVERY, HANGS_AFTER, LOOKS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FULL = sum(question.points for question in questions_of(SAMPLE.assignment))
PAGE = f"formgrader/manage_submissions/{SAMPLE.assignment}"
PATIENCE = 60_000  # milliseconds, for one step in the browser


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("formgraded")
    course_in(root, {"right-loops", "wrong-zero-padding"})
    return root


@pytest.fixture(scope="module")
def address(course: Path) -> Iterator[str]:
    """The address of a Jupyter server on loopback, with POOLGRADER=jail in its environment."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    settings = {
        "POOLGRADER": "jail",
        "PATH": programs,
        "HOME": str(course),
        "JUPYTER_RUNTIME_DIR": str(course / "run"),
    }
    options = [
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
    ]
    with (
        (course / "server.log").open("w") as log,
        subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", *options, "--IdentityProvider.token="],
            cwd=course,
            env=os.environ | settings,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        ) as server,
    ):
        where = f"http://127.0.0.1:{port}"
        try:
            answers(server, f"{where}/api", course / "server.log")
            yield where
        finally:
            server.terminate()


def answers(server: subprocess.Popen[bytes], where: str, log: Path) -> None:
    """Wait until the server answers; fail with its log if it ends or takes too long."""
    for _ in range(LOOKS):
        try:
            urllib.request.urlopen(where, timeout=HANGS_AFTER).close()
        except (urllib.error.URLError, OSError):
            assert server.poll() is None, log.read_text(encoding="utf-8")[-2000:]
            time.sleep(EVERY)
        else:
            return
    pytest.fail(log.read_text(encoding="utf-8")[-2000:])


@pytest.fixture(scope="module")
def page(address: str, browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        tab = context.new_page()
        tab.set_default_timeout(PATIENCE)
        tab.goto(f"{address}/{PAGE}", wait_until="networkidle")
        yield tab


def press(page: Page, learner: str) -> str:
    """Press the autograde button in a learner's row; returns the score that the row then shows."""
    row = page.locator("tr", has=page.locator(f'.student-id[data-order="{learner}"]'))
    row.get_by_text("needs autograding").wait_for()
    row.locator(".autograde a").click()
    page.locator("#success-modal, #error-modal").wait_for()
    shown = page.locator(".modal-content").inner_text()
    assert "Successfully autograded" in shown, shown[-3000:]
    page.locator(".modal-content .close, .modal-footer button").first.click()
    page.locator(".modal-backdrop").wait_for(state="hidden")
    row.locator(".status", has_text=re.compile("^graded$")).wait_for()
    return row.locator(".score").inner_text()


def test_the_button_gives_the_jails_marks(page: Page, course: Path) -> None:
    points, _, full = press(page, "wrong-zero-padding").partition(" / ")
    assert 0 < float(points) < float(full) == FULL
    kept = gradebook.scores(course / "grading", SAMPLE.assignment)
    assert kept == {"wrong-zero-padding": float(points)}


def test_the_graded_notebook_names_the_layers_of_the_sandbox(page: Page, address: str) -> None:
    page.goto(f"{address}/formgrader/gradebook/{SAMPLE.assignment}/max_pooling", wait_until="networkidle")
    page.get_by_role("link", name="Submission #").first.click()
    assert "seccomp" in page.get_by_text("Sandbox: ").first.inner_text()
