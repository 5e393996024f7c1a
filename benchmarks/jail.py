"""Measure how long one submission that uses torch takes to grade: in the jail, by nbgrader, by otter-grader.

Run: python benchmarks/jail.py [--submissions 10]. All three grade the same notebooks in the same run, one at
a time: a notebook that imports torch and has one torch question, judged on values and gradients. The jail's
template process is warm: it was started before the clock, as it is for all submissions of a class but the
first. otter-grader runs without a container, and is measured only if its program is found (pip install
otter-grader in an environment of its own, and pass its path with --otter).

Medians for a submission, from one run on 2 cores of a virtual machine with nothing else running: the jail
took 19 ms, nbgrader 2,577 ms, otter-grader 7.0 4,018 ms. While three other processes ran: 29, 4,271 and 7,063
ms.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from poolgrader import learner_notebooks
from poolgrader.classroom import sample
from poolgrader.classroom.handed_in.submission import read_release, read_submission
from poolgrader.classroom.run.grading import grade_submission
from poolgrader.classroom.secret import TEST_SECRET
from poolgrader.jail.nursery import Nursery
from poolgrader.limits import Limits
from poolgrader.questions import questions_of
from poolgrader.questions.finding import current_course

SAMPLE = sample.sample_class()
ROOT = Path(__file__).resolve().parents[1]
RELEASED = ROOT / "exercises" / SAMPLE.assignment / "max_pooling.ipynb"
QUESTIONS = questions_of(SAMPLE.assignment)
(TORCH,) = [question for question in QUESTIONS if question.library == "torch"]
OTTER_TEST = """OK_FORMAT = True
test = {"name": "q3_6", "points": 2, "suites": [{
  "type": "doctest", "scored": True, "setup": "", "teardown": "",
  "cases": [{"code": ">>> import torch\\n>>> x = torch.arange(36.).reshape(1, 1, 6, 6)\\n"
  ">>> bool((max_pool2d_torch(x, 2, 2) == torch.nn.functional.max_pool2d(x, 2, 2)).all())\\nTrue",
  "hidden": False, "locked": False}]}]}
"""


def hand_in(folder: Path, count: int) -> list[Path]:
    """Write `count` notebooks, each with a right answer to the torch question alone; returns their paths."""
    released = json.loads(RELEASED.read_text(encoding="utf-8"))
    paths = []
    for number in range(count):
        path = folder / "submitted" / f"learner-{number:03}" / SAMPLE.assignment / RELEASED.name
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(sample.fill(released, {TORCH.grade_id: TORCH.answer})), encoding="utf-8")
        paths.append(path)
    return paths


def by_jail(paths: list[Path]) -> tuple[str, list[float]]:
    """Read each submission, fork a process for it and judge it: everything but writing the gradebook.

    Returns:
        The name of the sandbox, and the seconds for each submission.
    """
    release, spent = read_release(RELEASED), []
    with Nursery() as nursery:
        grade_submission(
            read_submission(paths[0], "warm", SAMPLE.assignment, release),
            [TORCH],
            TEST_SECRET,
            Limits(),
            nursery,
        )
        for path in paths:
            started = time.perf_counter()
            submission = read_submission(path, path.parts[-3], SAMPLE.assignment, release)
            result = grade_submission(submission, [TORCH], TEST_SECRET, Limits(), nursery)
            spent.append(time.perf_counter() - started)
            if result["questions"][0]["points"] != TORCH.points:
                raise RuntimeError(f"a right answer lost marks: {result['questions'][0]['reason']}")
        return nursery.layers, spent


def by_nbgrader(folder: Path, paths: list[Path]) -> list[float]:
    """Time `nbgrader autograde` once for one learner and once for all.

    The seconds for each submission come from the difference, so that nbgrader's start is not counted.
    """
    shutil.copyfile(ROOT / "nbgrader_config.py", folder / "nbgrader_config.py")
    (folder / "grading").mkdir()
    shutil.copytree(folder / "submitted", folder / "grading" / "submitted")
    learner_notebooks.write_source_notebooks(current_course(), folder / "build" / "source")
    learner_notebooks.nbgrader(folder, "generate_assignment", SAMPLE.assignment)
    started = time.perf_counter()
    learner_notebooks.nbgrader(folder, "autograde", SAMPLE.assignment, "--student", paths[0].parts[-3])
    one = time.perf_counter() - started
    started = time.perf_counter()
    learner_notebooks.nbgrader(folder, "autograde", SAMPLE.assignment, "--force")
    every = time.perf_counter() - started
    return [(every - one) / (len(paths) - 1)]


def by_otter(program: str, folder: Path, paths: list[Path]) -> list[float]:
    """Time `otter run` for each of at most five notebooks, with one doctest that compares one array."""
    folder.mkdir()
    with zipfile.ZipFile(folder / "autograder.zip", "w") as archive:
        archive.writestr("otter_config.json", json.dumps({"pdf": False, "show_hidden": False}))
        archive.writestr("tests/q3_6.py", OTTER_TEST)
        archive.writestr("requirements.txt", "")
        archive.writestr("run_otter.py", "")
        archive.writestr("setup.sh", "")
    spent = []
    for path in paths[:5]:
        # otter grades without the course: its notebook holds the imports and the answer alone.
        notebook = json.loads(path.read_text(encoding="utf-8"))
        kept = [
            c
            for c in notebook["cells"]
            if c["metadata"].get("nbgrader", {}).get("grade_id") == TORCH.grade_id
        ]
        imports = dict(kept[0], id="imports", source="import numpy as np\nimport torch", metadata={})
        plain = folder / "plain.ipynb"
        plain.write_text(json.dumps(notebook | {"cells": [imports, *kept]}), encoding="utf-8")
        started = time.perf_counter()
        subprocess.run(
            [program, "run", "-a", str(folder / "autograder.zip"), "-o", str(folder), str(plain)],
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        spent.append(time.perf_counter() - started)
        (folder / "results.json").read_text(encoding="utf-8")
    return spent


def main() -> None:
    """Print a line for each grader: its median time, and the ratio to the jail's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=10)
    parser.add_argument("--otter", default=shutil.which("otter"))
    arguments = parser.parse_args()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python "
        f"{sys.version.split()[0]}"
    )
    with tempfile.TemporaryDirectory() as name:
        paths = hand_in(Path(name), arguments.submissions)
        sandbox, jailed = by_jail(paths * 3)
        rows = {f"the jail ({sandbox})": jailed, "nbgrader autograde": by_nbgrader(Path(name), paths)}
        if arguments.otter:
            rows["otter run, no container"] = by_otter(arguments.otter, Path(name) / "otter", paths)
    base = statistics.median(jailed)
    for title, spent in rows.items():
        print(f"{1000 * statistics.median(spent):8.0f} ms  {statistics.median(spent) / base:6.1f} x  {title}")


if __name__ == "__main__":
    main()
