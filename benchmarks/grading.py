"""Measure how long it takes to grade a class with poolgrader, with nbgrader and with otter-grader.

All three grade the same kind of submissions, which use torch, in one run.

Run: python benchmarks/grading.py [--submissions 20 200] [--peers 6] [--workers 2] [--otter PROGRAM]

- poolgrader: `python -m poolgrader grade`, from the start of the command to the last page: jails, gradebook,
  autograded notebooks, feedback pages and reports. The start-up time runs until the first result is saved.
  The time from then to the command's end is divided by the number of further submissions. The peak memory of
  the command's own process is printed as well.
- nbgrader: `nbgrader autograde` on some of the same submissions, from the first finished notebook to the
  last.
- otter-grader without a container: `otter run` on the torch question alone, see benchmarks/jail.py. It is
  measured only if the program `otter` is found.

With --parent N, the workers are replaced by a stand-in that answers at once. What is left is the parent
process's own work on N submissions: reading them, saving results, and writing gradebook and pages. Its time
for each submission and its memory are printed. Run it with 20, 500 and 5000 to see that neither grows with N.

poolgrader and the others take turns, so that other load on the machine slows all of them. Every submission
answers all six questions of exercise 3. Right and wrong submissions alternate; no two have the same bytes.

On 2 cores of a virtual machine with nothing else running, poolgrader took 63 ms for each of 20 submissions,
44 ms for each of 200, and in another run 49 ms for each of 5,000. (The end of a run takes a third of a
second, which is a large share of the time for 20.) nbgrader took 2,495 to 3,300 ms for each submission, and
otter-grader 7.0 took 4,000 ms for the torch question alone. poolgrader's own process used at most 300 MiB
with 20 submissions and 369 MiB with 5,000.
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
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.jail import RELEASED, ROOT, by_otter
from poolgrader import learner_notebooks
from poolgrader.classroom import sample
from poolgrader.classroom.bookkeeping import Bookkeeper
from poolgrader.classroom.gradebook import gradebook
from poolgrader.classroom.handed_in.submission import read_release, read_submission
from poolgrader.classroom.pages.write_pages import write_pages
from poolgrader.classroom.run import grade_class as run
from poolgrader.classroom.run.jobs import close_nurseries, grade_bytes, job_of
from poolgrader.classroom.run.plan import Class
from poolgrader.classroom.run.result import Results
from poolgrader.classroom.run.workers import Job, Replies
from poolgrader.classroom.secret import TEST_SECRET
from poolgrader.limits import Limits
from poolgrader.questions import questions_of
from poolgrader.questions.finding import current_course

SAMPLE = sample.sample_class()
QUESTIONS = questions_of(SAMPLE.assignment)
KINDS = [pupil for pupil in SAMPLE.pupils if pupil.name.startswith(("right", "wrong"))]
MEASURED = """import re, runpy
try:
    runpy.run_module("poolgrader", run_name="__main__", alter_sys=True)
finally:
    print("PEAK", re.search("VmHWM:[^0-9]*([0-9]+)", open("/proc/self/status").read())[1])
"""


def hand_in(folder: Path, count: int) -> list[Path]:
    """Write `count` notebooks under folder/submitted; returns their paths."""
    released = json.loads(RELEASED.read_text(encoding="utf-8"))
    paths = []
    for number in range(count):
        answers = {question.grade_id: KINDS[number % len(KINDS)].answer(question) for question in QUESTIONS}
        notebook = sample.fill(released, answers)
        notebook["metadata"]["number"] = number
        path = folder / "submitted" / f"learner-{number:05}" / SAMPLE.assignment / RELEASED.name
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
        paths.append(path)
    return paths


def by_us(folder: Path, workers: int) -> tuple[float, float, float]:
    """Grade the folder with poolgrader.

    Returns:
        The seconds until the first result, the seconds for each further result until the command's end, and
        the peak memory of the command's process in MiB.
    """
    command = [sys.executable, "-c", MEASURED, "grade", "--folder", str(folder), "--workers", str(workers)]
    started = time.time()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    ended = time.time()
    if done.returncode:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    peak = next(
        int(line.split()[1]) for line in reversed(done.stdout.splitlines()) if line.startswith("PEAK")
    )
    results = [path.stat().st_mtime for path in (folder / "results").rglob("*.json")]
    return min(results) - started, (ended - min(results)) / (len(results) - 1), peak / 1024


def checked(folder: Path, count: int, marks: bool = True) -> None:
    """Raise unless all submissions were graded, have pages and, if `marks`, full marks where right."""
    scores = gradebook.scores(folder, SAMPLE.assignment)
    full = sum(question.points for question in QUESTIONS)
    right = [
        scores[f"learner-{number:05}"] for number in range(count) if not KINDS[number % len(KINDS)].planted
    ]
    pages = (
        len(list((folder / "autograded").rglob("*.ipynb"))),
        len(list((folder / "feedback").rglob("*.html"))),
    )
    if len(scores) != count or (marks and set(right) - {full}) or pages != (count, count):
        raise RuntimeError(
            f"expected {count} right scores and as many pages, got {len(scores)} scores, {pages} pages"
        )


class Stock:
    """nbgrader, grading a copy of the course in its own folder."""

    def __init__(self, root: Path, count: int) -> None:
        self.root, self.count = root, count
        root.mkdir()
        shutil.copyfile(ROOT / "nbgrader_config.py", root / "nbgrader_config.py")
        self.paths = hand_in(root / "grading", count)
        learner_notebooks.write_source_notebooks(current_course(), root / "build" / "source")
        learner_notebooks.nbgrader(root, "generate_assignment", SAMPLE.assignment)

    def seconds(self) -> float:
        """Grade all submissions; returns the seconds for each submission after the first."""
        learner_notebooks.nbgrader(self.root, "autograde", SAMPLE.assignment, "--force")
        ends = [path.stat().st_mtime for path in (self.root / "grading" / "autograded").rglob("*.ipynb")]
        if len(ends) != self.count:
            raise RuntimeError(f"nbgrader graded {len(ends)} of {self.count}")
        return (max(ends) - min(ends)) / (self.count - 1)


class AtOnce:
    """A stand-in for the workers: it answers every job at once with the same reply.

    What is measured with it is the parent process's own time.
    """

    def __init__(self, reply: bytes) -> None:
        self.reply = reply

    def graded(self, jobs: Iterable[Job]) -> Replies:
        """Yield a reply for each job, as the workers do."""
        for job in jobs:
            yield job.name, self.reply


def parents_part(count: int) -> None:
    """Print the parent process's time for each submission of a class, and its memory."""
    first = next(iter(hand_in_one()))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        hand_in(folder, count)
        course = Class(folder, SAMPLE.assignment, RELEASED, TEST_SECRET)
        run._executor = lambda *_: AtOnce(first)
        books = Bookkeeper(course, ROOT)
        started = time.perf_counter()
        for outcome in run.grade_class(course):
            books.add(outcome)
        books.flush()
        books.close()
        graded, now = time.perf_counter() - started, resident()
        write_pages(folder, SAMPLE.assignment, Results(folder, SAMPLE.assignment))
        pages = time.perf_counter() - started - graded
        checked(folder, count, marks=False)
        print(
            f"{count:6} submissions: {1000 * graded / count:5.1f} ms each to read, keep and write down, "
            f"{now:4.0f} MiB; "
            f"reports {1000 * pages / count:4.1f} ms each, {resident():4.0f} MiB"
        )


def hand_in_one() -> Iterator[bytes]:
    """Yield a worker's reply to one right submission."""
    with tempfile.TemporaryDirectory() as name:
        (path,) = hand_in(Path(name), 1)
        submission = read_submission(path, "jo", SAMPLE.assignment, read_release(RELEASED))
        names = [question.id for question in QUESTIONS]
        yield grade_bytes(job_of(submission, names, TEST_SECRET, Limits(), "auto", 2**31))
        close_nurseries()


def resident() -> float:
    """How many MiB of memory this process uses now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    """Print a line for each class size and each peer, and the ratio of a peer's time to poolgrader's."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--submissions", type=int, nargs="+", default=[20, 200])
    parser.add_argument("--peers", type=int, default=6, help="submissions that the peers grade in a round")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--otter", default=shutil.which("otter"))
    parser.add_argument(
        "--parent", type=int, metavar="N", help="measure the parent process alone, on N submissions"
    )
    arguments = parser.parse_args()
    if arguments.parent:
        parents_part(arguments.parent)
        return
    machine = (
        f"{platform.machine()}, {os.cpu_count()} cores, {arguments.workers} workers, Python "
        f"{sys.version.split()[0]}"
    )
    print(machine, flush=True)
    ours: list[float] = []
    theirs: dict[str, list[float]] = {"nbgrader autograde": [], "otter run, no container": []}
    with tempfile.TemporaryDirectory() as name:
        stock = Stock(Path(name) / "stock", arguments.peers)
        for count in arguments.submissions:
            load = os.getloadavg()[0]
            folder = Path(name) / f"of-{count}"
            hand_in(folder, count)
            start, each, peak = by_us(folder, arguments.workers)
            checked(folder, count)
            shutil.rmtree(folder)
            ours.append(each)
            print(
                f"{count:6} submissions: {1000 * each:6.0f} ms each after a start of {start:4.1f} s; "
                f"{peak:5.0f} MiB at most; load {load:.1f}",
                flush=True,
            )
            theirs["nbgrader autograde"].append(stock.seconds())
            if arguments.otter:
                folder = Path(name) / f"otter-{count}"
                theirs["otter run, no container"] += by_otter(arguments.otter, folder, stock.paths[:3])
            ratio = theirs["nbgrader autograde"][-1] / ours[-1]
            print(
                f"       nbgrader in the same round: {1000 * theirs['nbgrader autograde'][-1]:6.0f} ms each, "
                f"{ratio:.0f} x",
                flush=True,
            )
    base = statistics.median(ours)
    for title, times in theirs.items():
        if times:
            median = statistics.median(times)
            print(f"{1000 * median:6.0f} ms  {median / base:6.1f} x  {title}")
    print(
        f"{1000 * base:6.0f} ms     1.0 x  ours, gradebook, autograded notebooks, feedback and reports "
        "included"
    )


if __name__ == "__main__":
    main()
