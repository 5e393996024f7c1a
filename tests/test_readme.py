"""The README: a test runs each of its commands, and its table is the one that `make course` prints."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from poolgrader.classroom import sample
from poolgrader.questions import questions_of
from tests.course import SAMPLE
from tests.patience import EVERY, HANGS_AFTER, LOOKS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMAND = re.compile(r"^(?:make [a-z]+|nbgrader \S+|[^`\s]*python -m poolgrader \w+)", re.MULTILINE)
INLINE = re.compile(r"`(make [a-z]+|python -m poolgrader \w+)")
# Maps each command of the README to the test that runs it.
RUN_BY = {
    "make course": "tests/test_readme.py::test_make_course",
    "make test": ".ci/run",
    "make book": "tests/test_readme.py::test_make_book_serves_on_loopback",
    "make archive": "tests/test_readme.py::test_make_archive",
    "make learn": "tests/test_readme.py::test_make_learn_opens_a_working_copy",
    "make exercises": "tests/test_readme.py::test_make_exercises",
    "make grade": "tests/test_readme.py::test_make_grade",
    "make mutation": "tests/test_readme.py::test_make_mutation",
    "python -m poolgrader grade": "tests/test_readme.py::test_make_grade",
    "python -m poolgrader collect": "tests/classroom/test_guide.py::test_the_page_on_the_lms",
    "python -m poolgrader export": "tests/classroom/test_guide.py::test_the_page_on_the_lms",
    "python -m poolgrader report": "tests/classroom/test_guide.py::test_the_page_on_grading",
    r".venv\Scripts\python -m poolgrader learn": (
        "tests/test_readme.py::test_make_learn_opens_a_working_copy"
    ),
    "nbgrader generate_assignment": "tests/poolgrader/test_nbgrader.py::course",
    "nbgrader validate": "tests/poolgrader/test_nbgrader.py::test_validate",
    "nbgrader autograde": "tests/poolgrader/test_nbgrader.py::course",
    "nbgrader generate_feedback": "tests/poolgrader/test_nbgrader.py::course",
    "nbgrader export": "tests/poolgrader/test_nbgrader.py::course",
}


def test_each_command_is_run_by_a_test() -> None:
    found = set(COMMAND.findall(README)) | set(INLINE.findall(README))
    assert found == set(RUN_BY)
    for test in RUN_BY.values():
        path, _, name = test.partition("::")
        assert (ROOT / path).is_file()
        assert not name or f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


def run(*command: str, **fields: object) -> str:
    """Run a command in the course's folder; returns what it prints on stdout."""
    done = subprocess.run(
        command, cwd=ROOT, text=True, capture_output=True, check=False, timeout=HANGS_AFTER, **fields
    )  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return str(done.stdout)


@pytest.fixture(scope="session")
def course() -> str:
    """What `make course` prints."""
    environment = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "MAKEFLAGS")}
    return run("make", "course", env=environment)


def test_make_course(course: str) -> None:
    assert "build/_build/html/index.html" in course
    assert "build/sample/reports/03_max_pooling/index.html" in course
    assert (ROOT / "build/_build/html/index.html").is_file()
    assert (ROOT / "build/sample/gradebook.db").is_file()
    assert (ROOT / "build/released/03_max_pooling/max_pooling.ipynb").is_file()


def test_the_readme_shows_the_printed_table(course: str) -> None:
    shown = README.split("```text\n")[1].split("```")[0]
    start = course.index("03_max_pooling: marks")
    printed = course[start : course.index("The sandbox around")]
    assert [line.rstrip() for line in printed.strip().splitlines()] == [
        line.rstrip() for line in shown.strip().splitlines()
    ]


@contextmanager
def started(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command; at the end, stop it and all processes that it started."""
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def fetched(address: str, process: subprocess.Popen[bytes]) -> str:
    """The page at an address, as soon as the server answers."""
    for _ in range(LOOKS):
        assert process.poll() is None, "the server ended by itself"
        try:
            with urllib.request.urlopen(address, timeout=HANGS_AFTER) as page:
                return str(page.read().decode())
        except OSError:
            time.sleep(EVERY)
    raise AssertionError(f"no answer at {address}")


def test_make_book_serves_on_loopback(course: str) -> None:
    port = free_port()
    with started("make", "book", f"PORT={port}") as process:
        assert "Poolkit Course" in fetched(f"http://127.0.0.1:{port}/book/index.html", process)


def test_make_archive(course: str) -> None:
    assert "build/_build/html/poolkit-course.zip" in run("make", "archive")


def test_make_learn_opens_a_working_copy(tmp_path: Path) -> None:
    work = tmp_path / "work"
    mine = work / "03_max_pooling" / "max_pooling.ipynb"
    mine.parent.mkdir(parents=True)
    mine.write_text("my work", encoding="utf-8")
    run(sys.executable, "-m", "poolgrader", "learn", "--folder", str(work), "--copy-only")
    assert mine.read_text(encoding="utf-8") == "my work", "a learner's work must never be overwritten"
    mine.unlink()
    port = free_port()
    options = [
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ServerApp.token=",
        "--ServerApp.password=",
    ]
    with started(
        sys.executable, "-m", "poolgrader", "learn", "--folder", str(work), "--", *options
    ) as process:
        listed = json.loads(fetched(f"http://127.0.0.1:{port}/api/contents/03_max_pooling", process))
    assert [entry["name"] for entry in listed["content"]] == ["max_pooling.ipynb"]
    tracked = ROOT / "exercises" / "03_max_pooling" / "max_pooling.ipynb"
    assert mine.read_bytes() == tracked.read_bytes()


def test_make_exercises(tmp_path: Path) -> None:
    """Write the exercises elsewhere: overwriting the tracked ones would hide that they are outdated."""
    run(sys.executable, "-m", "poolgrader", "exercises", "--into", str(tmp_path))
    assert (tmp_path / "03_max_pooling" / "max_pooling.ipynb").is_file()


def test_make_grade(tmp_path: Path) -> None:
    folder = tmp_path / "grading"
    released = ROOT / "exercises" / SAMPLE.assignment / "max_pooling.ipynb"
    sample.write(released, folder)
    for learner in (folder / "submitted").iterdir():
        if learner.name not in ("right-shifts", "blank"):
            shutil.rmtree(learner)
    printed = run(sys.executable, "-m", "poolgrader", "grade", "--folder", str(folder), "--sandbox", "none")
    full = sum(question.points for question in questions_of(SAMPLE.assignment))
    assert re.search(rf"right-shifts .* {full:g} *$", printed, re.MULTILINE)
    assert re.search(r"blank .* 0 +not started", printed)
    secret = tmp_path / ".poolgrader" / "secret"
    assert secret.stat().st_mode & 0o777 == 0o600
    again = run(sys.executable, "-m", "poolgrader", "grade", "--folder", str(folder), "--sandbox", "none")
    assert "2 kept" in again, "a graded submission must not be graded again"
    # progress lines appear only if grading takes long, as on a busy machine
    progress = re.compile(r"^.* of 2 graded, .* left\n", re.MULTILINE)
    assert again.replace("Submissions: 2 kept.\n", "") == progress.sub("", printed)


def test_make_grade_without_submissions_says_what_it_expected(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "poolgrader", "grade", "--folder", str(tmp_path)],
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0
    assert "expected submissions under" in done.stderr
    assert "Traceback" not in done.stderr


def test_make_mutation() -> None:
    printed = run(
        sys.executable, "-m", "poolgrader", "mutation", "--chapter", "03_max_pooling", "--seeds", "1"
    )
    assert "all as they must be" in printed


def test_make_prints_help_on_every_target_by_default() -> None:
    printed = run("make")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):", makefile, re.MULTILINE)
    assert targets
    for target in targets:
        assert re.search(rf"^make {target} +\S", printed, re.MULTILINE), f"`make` prints no help on {target}"
