"""A worker that dies is replaced and its job repeated; no worker outlives its run or gets private data."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from poolgrader.classroom.handed_in.submission import Submission, read_release, read_submission
from poolgrader.classroom.run.jobs import OtherGrader, grade_bytes, job_of, read_reply
from poolgrader.classroom.run.workers import SCRATCH, Crew, Job, SetAside, cores, sweep_scratch
from poolgrader.classroom.secret import TEST_SECRET
from poolgrader.limits import Limits
from tests.classroom import work

SLOW = "import time\ntime.sleep(60)"


class Killer(threading.Thread):
    """Kills a worker whenever one is grading the submission `name`, up to `times` times."""

    def __init__(self, crew: Crew, name: str, times: int) -> None:
        super().__init__(daemon=True)
        self.crew, self.victim, self.left, self.done = crew, name, times, False

    def run(self) -> None:
        killed = set()
        while self.left and not self.done:
            for worker in list(self.crew._workers):
                pid = worker.process.pid if worker.job and worker.job.name == self.victim else None
                if pid and pid not in killed:
                    # Wait a moment, so that the worker is killed in the middle of its work.
                    time.sleep(0.05)
                    os.kill(pid, 9)
                    killed.add(pid)
                    self.left -= 1
            time.sleep(0.005)


def jobs(folder: Path) -> Iterator[Job]:
    class_ = work.course(folder, limits=Limits(cell=3.0, call=2.0, answer=6.0))
    release = read_release(work.RELEASED)
    for learner in class_.learners():
        submission = read_submission(class_.submitted(learner), learner, work.ASSIGNMENT, release)
        questions = [question.id for question in work.QUESTIONS]
        yield Job(learner, job_of(submission, questions, TEST_SECRET, class_.limits, "auto", class_.memory))


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_worker_that_dies_is_replaced_and_its_job_is_repeated(times: int, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        work.hand_in(tmp_path, name)
    work.hand_in(tmp_path, "victim", cells=["import time\ntime.sleep(1)"])
    crew = Crew(2)
    killer = Killer(crew, "victim", times)
    killer.start()
    replies = dict(crew.graded(jobs(tmp_path)))
    killer.done = True
    assert killer.left == 0
    assert sorted(replies) == ["a", "b", "c", "victim"]
    aside = {name: reply.reason for name, reply in replies.items() if isinstance(reply, SetAside)}
    if times < 3:
        assert not aside
    else:
        assert aside == {"victim": "3 processes died while they graded it (last: SIGKILL)"}
    for name, reply in replies.items():
        if isinstance(reply, bytes):
            assert sum(record["points"] for record in read_reply(reply)["questions"]) == work.FULL, name
    assert not crew.pids()


def test_no_worker_outlives_its_run(tmp_path: Path) -> None:
    work.hand_in(tmp_path, "slow", cells=[SLOW])
    work.hand_in(tmp_path, "a")
    crew = Crew(2, seconds=30)
    replies = crew.graded(jobs(tmp_path))
    assert next(replies)[0] == "a"
    pids = crew.pids()
    replies.close()
    assert pids
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_temporary_files_of_a_killed_run_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    names = [f"{SCRATCH}{gone.pid}-x", f"{SCRATCH}{os.getpid()}-x", f"{SCRATCH}of-others", "other"]
    for name in names:
        (tmp_path / name / "deep").mkdir(parents=True)
    sweep_scratch()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])


def test_temporary_files_written_late_by_a_killed_run_are_removed_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers of a killed run live a moment longer, and may create its temporary folder once more."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    work.hand_in(tmp_path, "a")
    for _ in Crew(1).graded(jobs(tmp_path)):
        (tmp_path / "tmp" / f"{SCRATCH}{gone.pid}-x" / "deep").mkdir(parents=True)
    assert list((tmp_path / "tmp").glob(f"{SCRATCH}*")) == []


def test_a_worker_with_another_grader_version_refuses(tmp_path: Path) -> None:
    work.hand_in(tmp_path, "a")
    (job,) = jobs(tmp_path)
    task = json.loads(job.task)
    assert b"known to everybody" not in job.task, "the job must not contain the secret"
    assert b'"a"' not in job.task, "the job must not contain the learner's name"
    with pytest.raises(RuntimeError, match="install the same course"):
        read_reply(grade_bytes(json.dumps(task | {"grader": "0" * 16}).encode()))


def test_a_worker_with_another_course_reports_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each job states the grader's version, which depends on the course as well."""
    submission = Submission("jo", work.ASSIGNMENT, "0", ())
    job = job_of(submission, ["0.1"], TEST_SECRET, Limits(), "none", 2**31)
    monkeypatch.setenv("POOLGRADER_COURSE", str(work.ROOT / "tests" / "second_course"))
    with pytest.raises(
        OtherGrader, match=f"a worker has no course with {work.ASSIGNMENT}: chapter: expected one of"
    ):
        read_reply(grade_bytes(job))


@pytest.mark.skipif(sys.platform != "linux", reason="needs CPU affinity as on Linux")
@pytest.mark.parametrize("more", [0, 1])
def test_with_as_many_workers_as_cores_each_worker_has_its_own_core(more: int, tmp_path: Path) -> None:
    """A worker that replaces a dead one gets a core of its own, too.

    With more workers than cores, none is tied to a core.
    """
    for name in "abcd":
        work.hand_in(tmp_path, name)
    crew = Crew(len(cores()) + more)
    replies, seen = crew.graded(jobs(tmp_path)), []
    for _ in replies:
        seen.append([sorted(os.sched_getaffinity(pid)) for pid in crew.pids()])
        if len(seen) == 1:
            os.kill(crew.pids()[0], 9)
    assert len(seen) == 4
    for places in seen[:2]:
        if more:
            assert all(place == cores() for place in places)
        else:
            assert len({tuple(place) for place in places}) == len(places)
