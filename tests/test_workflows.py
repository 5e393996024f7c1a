"""GitHub workflows: their steps are compared with README and Makefile, and run here where possible."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from tests import first_verdict

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# A program that imports the grader while modules that Windows lacks are hidden.
AS_ON_WINDOWS = """
import asyncio, ctypes, multiprocessing, subprocess, sys
import IPython, numpy, rich.progress, sysconfig, torch
sysconfig.get_config_vars()
for name in ("fcntl", "resource", "pwd", "grp", "termios", "pyseccomp"):
    sys.modules[name] = None
sys.platform = "win32"
loaded = ctypes.CDLL
def load(name, *rest, **options):
    if name is None:
        raise TypeError("bad argument type for built-in operation")
    return loaded(name, *rest, **options)
ctypes.CDLL = load
import poolgrader.__main__, poolgrader.check
poolgrader.__main__.main(["learn", "--help"])
"""


def steps(name: str) -> list[dict[str, Any]]:
    """All steps of all jobs of a workflow."""
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


def commands(name: str) -> list[str]:
    """Each line that a workflow runs."""
    return [line.strip() for step in steps(name) for line in step.get("run", "").splitlines() if line.strip()]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_has_read_permission_only_and_its_jobs_have_timeouts(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


def test_the_windows_workflow_runs_the_commands_of_the_readme() -> None:
    shown = README.split("```powershell\n")[1].split("```")[0].strip().splitlines()
    run = commands("windows.yml")
    assert run[: len(shown) - 1] == shown[:-1]
    assert shown[-1].endswith("-m poolgrader learn"), "tests/first_verdict.py starts this command"
    assert run[-1] == r".venv\Scripts\python -m tests.first_verdict"


def test_pages_are_built_strictly_and_uploaded() -> None:
    made = [line.removeprefix("make ") for line in commands("pages.yml") if line.startswith("make ")]
    assert made == ["archive"]
    assert re.search(r"^archive: \$\(BOOK\)", MAKEFILE, re.MULTILINE)
    assert re.search(r"^\$\(BOOK\):.*\n\tjupyter-book build \. -W -n", MAKEFILE, re.MULTILINE)
    upload = next(step for step in steps("pages.yml") if "upload-pages-artifact" in step.get("uses", ""))
    html = re.search(r"^HTML +:= (\S+)", MAKEFILE, re.MULTILINE)
    assert html
    assert upload["with"]["path"] == html[1]


@pytest.mark.slow
def test_notebook_3_opens_and_gets_a_verdict() -> None:
    assert first_verdict.main() == 0


def test_full_marks_for_every_answer_are_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_verdict, "opened", lambda work: nbformat.v4.new_notebook())
    # full marks for every answer
    monkeypatch.setattr(first_verdict, "verdicts", lambda *_: {"q3-2": "4.0"})
    assert first_verdict.main() == 1


def test_the_learners_commands_need_nothing_that_windows_lacks() -> None:
    """Import the grader with Unix-only modules hidden.

    Other packages are imported first, because on Windows they have files of their own instead.
    """
    done = subprocess.run(
        [sys.executable, "-c", AS_ON_WINDOWS], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
