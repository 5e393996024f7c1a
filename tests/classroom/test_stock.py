"""nbgrader's commands, and formgrader in a browser, work on a class that poolgrader graded."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI

from poolgrader import learner_notebooks
from poolgrader.classroom.bookkeeping import Bookkeeper
from poolgrader.classroom.gradebook import gradebook
from poolgrader.classroom.gradebook.gradebook import database
from poolgrader.classroom.gradebook.late_penalties import course_settings
from poolgrader.classroom.run.grade_class import Options, Outcome, grade_class
from tests.classroom import work
from tests.course import COURSE
from tests.jail.test_formgrader import answers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

STAMP = "2026-02-01 15:00:00 UTC"


SCRIPT = (
    "<script>document.title = 'owned'</script><img src=x onerror=\"document.title = 'owned'\"> "
    "[a](javascript:b)"
)


def with_a_script(path: Path) -> None:
    """Add a text cell and a raw cell with a script that must not run when an instructor opens formgrader."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"] += [
        {"cell_type": kind, "id": kind, "metadata": {}, "source": SCRIPT} for kind in ("markdown", "raw")
    ]
    path.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course graded by poolgrader.

    It has a right submission, a wrong one with a timestamp, a broken one, and one that was set aside.
    """
    root = tmp_path_factory.mktemp("stock")
    (root / "nbgrader_config.py").write_text(
        (work.ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
        + f"\nc.Exchange.root = {str(root / 'exchange')!r}\n",
        encoding="utf-8",
    )
    (root / "exchange").mkdir(mode=0o777)
    (root / "exchange").chmod(0o777)
    folder = root / "grading"
    work.hand_in(folder, "right")
    with_a_script(work.hand_in(folder, "wrong", work.wrong("0.2"), timestamp=STAMP))
    work.hand_in(folder, "broken").write_text("{", encoding="utf-8")
    work.hand_in(folder, "aside")
    class_ = work.course(folder)
    books = Bookkeeper(class_, root)
    for outcome in grade_class(class_, Options(workers=1)):
        books.add(
            outcome if outcome.learner != "aside" else Outcome("aside", "set aside", "not graded within 4 s")
        )
    books.flush()
    books.close()
    return root


def test_generate_feedback(course: Path) -> None:
    page = course / "grading" / "feedback" / "wrong" / work.ASSIGNMENT / "setup.html"
    assert "why wrong has this mark" in page.read_text(encoding="utf-8")
    learner_notebooks.nbgrader(course, "generate_feedback", work.ASSIGNMENT, "--force")
    text = page.read_text(encoding="utf-8")
    assert "poolgrader-verdict" in text
    score = gradebook.scores(course / "grading", work.ASSIGNMENT)["wrong"]
    assert f"(Score: {score:g} / {work.FULL:.1f})" in text or f"{score:.1f} / {work.FULL:.1f}" in text


def test_export(course: Path) -> None:
    learner_notebooks.nbgrader(course, "export", f"--to={course / 'grades.csv'}")
    with (course / "grades.csv").open(encoding="utf-8") as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert rows == pytest.approx(gradebook.scores(course / "grading", work.ASSIGNMENT))
    assert "aside" not in rows, "a submission that was set aside has no mark"


def test_list(course: Path) -> None:
    learner_notebooks.nbgrader(course, "generate_assignment", work.ASSIGNMENT, "--force")
    learner_notebooks.nbgrader(course, "release_assignment", work.ASSIGNMENT)
    assert work.ASSIGNMENT in learner_notebooks.nbgrader(course, "list")


def test_what_was_set_aside_needs_autograding(course: Path) -> None:
    settings = course_settings(course)
    settings.CourseDirectory.root = str(course)
    # The settings give the gradebook's path relative to the folder of the course.
    with contextlib.chdir(course):
        api = NbGraderAPI(config=settings)
        assert api.get_submitted_students(work.ASSIGNMENT) == {"right", "wrong", "broken", "aside"}
        assert api.get_autograded_students(work.ASSIGNMENT) == {"right", "wrong", "broken"}


@pytest.fixture(scope="module")
def address(course: Path) -> Iterator[str]:
    """The address of nbgrader's formgrader on a Jupyter server on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    settings = {"PATH": programs, "HOME": str(course), "JUPYTER_RUNTIME_DIR": str(course / "run")}
    options = [
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
    ]
    log = course / "server.log"
    with (
        log.open("w") as output,
        subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", *options, "--IdentityProvider.token="],
            cwd=course,
            env=os.environ | settings,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        ) as server,
    ):
        try:
            answers(server, f"http://127.0.0.1:{port}/api", log)
            yield f"http://127.0.0.1:{port}/formgrader"
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        tab = context.new_page()
        tab.set_default_timeout(60_000)
        yield tab


def shot(page: Page, name: str) -> None:
    """Save a screenshot in the folder given by the environment variable SCREENSHOTS, if this is set."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.browser
def test_formgrader_lists_graded_submissions_and_those_that_need_grading(page: Page, address: str) -> None:
    page.goto(f"{address}/manage_submissions/{work.ASSIGNMENT}", wait_until="networkidle")
    rows = {
        row.locator(".student-id").inner_text().strip(): row.inner_text()
        for row in page.locator("tbody tr").all()
    }
    shot(page, "submissions")
    assert "needs autograding" in rows["aside"]
    assert all("needs autograding" not in rows[name] for name in ("right", "wrong", "broken"))
    assert f"{work.FULL:g} / {work.FULL:g}" in rows["right"]


@pytest.mark.browser
def test_formgraders_gradebook_shows_the_scores(page: Page, address: str, course: Path) -> None:
    page.goto(f"{address}/gradebook/{work.ASSIGNMENT}", wait_until="networkidle")
    shot(page, "gradebook")
    page.goto(f"{address}/gradebook/{work.ASSIGNMENT}/setup", wait_until="networkidle")
    shot(page, "notebooks")
    shown = page.locator("tbody").inner_text()
    for score in gradebook.scores(course / "grading", work.ASSIGNMENT).values():
        assert f"{score:g} / {work.FULL:g}" in shown


@pytest.mark.browser
def test_a_mark_given_by_hand_in_the_page_stays(page: Page, address: str, course: Path) -> None:
    with Gradebook(database(course / "grading"), COURSE.id) as book:
        submission = book.find_submission_notebook("setup", work.ASSIGNMENT, "wrong")
        number = submission.id
    page.goto(f"{address}/submissions/{number}/?index=0", wait_until="networkidle")
    shot(page, "submission")
    text = page.locator("body").inner_text()
    assert "def cut_window" in text
    assert text.count("document.title") == 4, "the script must be shown as text"
    assert "owned" not in page.title(), "the script must not run"
    assert not page.locator("a[href^=javascript]", has_text="a").filter(has_text=re.compile("^a$")).count()
    assert "Sandbox: " in text
    box = page.locator("input.score").nth(1)
    box.fill("0.5")
    box.press("Tab")
    page.wait_for_load_state("networkidle")
    books = Bookkeeper(work.course(course / "grading"), course)
    for outcome in grade_class(
        work.course(course / "grading"), Options(workers=1, regrade=True, learners=("wrong",))
    ):
        books.add(outcome)
    books.flush()
    books.close()
    with Gradebook(database(course / "grading"), COURSE.id) as book:
        by_hand = [
            grade.manual_score
            for grade in book.find_submission_notebook("setup", work.ASSIGNMENT, "wrong").grades
        ]
    assert by_hand.count(0.5) == 1
