"""Workers: replaced when they die, given their work again, never left behind;
nothing private is sent to them.
"""

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
from poolgrader.jail.parent import Limits
from tests.classroom import work

SLOW = "import time\ntime.sleep(60)"


class Killer(threading.Thread):
    """Kills the worker that has the submission, as long as there is one."""

    def __init__(self, crew: Crew, name: str, times: int) -> None:
        super().__init__(daemon=True)
        self.crew, self.victim, self.left, self.done = crew, name, times, False

    def run(self) -> None:
        killed = set()
        while self.left and not self.done:
            for worker in list(self.crew._workers):
                pid = worker.process.pid if worker.job and worker.job.name == self.victim else None
                if pid and pid not in killed:
                    time.sleep(0.05)  # into the middle of its work
                    os.kill(pid, 9)
                    killed.add(pid)
                    self.left -= 1
            time.sleep(0.005)


def jobs(folder: Path) -> Iterator[Job]:
    of = work.course(folder, limits=Limits(cell=3.0, call=2.0, answer=6.0))
    release = read_release(work.RELEASED)
    for learner in of.learners():
        submission = read_submission(of.submitted(learner), learner, work.ASSIGNMENT, release)
        questions = [question.id for question in work.QUESTIONS]
        yield Job(learner, job_of(submission, questions, TEST_SECRET, of.limits, "auto", of.memory))


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_worker_that_dies_is_replaced_and_its_work_given_out_again(times: int, tmp_path: Path) -> None:
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
            assert sum(one["points"] for one in read_reply(reply)["questions"]) == work.FULL, name
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


def test_what_a_killed_run_left_among_temporary_files_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    names = [f"{SCRATCH}{gone.pid}-x", f"{SCRATCH}{os.getpid()}-x", f"{SCRATCH}of-others", "other"]
    for name in names:
        (tmp_path / name / "deep").mkdir(parents=True)
    sweep_scratch()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])


def test_what_a_killed_run_leaves_late_is_removed_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its workers live a moment longer than it, and write into the folder that was just removed."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    work.hand_in(tmp_path, "a")
    for _ in Crew(1).graded(jobs(tmp_path)):
        (tmp_path / "tmp" / f"{SCRATCH}{gone.pid}-x" / "deep").mkdir(parents=True)
    assert list((tmp_path / "tmp").glob(f"{SCRATCH}*")) == []


def test_a_worker_with_another_grader_refuses(tmp_path: Path) -> None:
    work.hand_in(tmp_path, "a")
    (job,) = jobs(tmp_path)
    task = json.loads(job.task)
    assert b"known to everybody" not in job.task, "no secret leaves"
    assert b'"a"' not in job.task, "no name leaves"
    with pytest.raises(RuntimeError, match="install the same course"):
        read_reply(grade_bytes(json.dumps(task | {"grader": "0" * 16}).encode()))


def test_a_worker_with_another_course_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The version of the grader, which each job carries, is made of the course as well."""
    submission = Submission("jo", work.ASSIGNMENT, "0", ())
    job = job_of(submission, ["0.1"], TEST_SECRET, Limits(), "none", 2**31)
    monkeypatch.setenv("POOLGRADER_COURSE", str(work.ROOT / "tests" / "second_course"))
    with pytest.raises(
        OtherGrader, match=f"a worker has no course with {work.ASSIGNMENT}: chapter: expected one of"
    ):
        read_reply(grade_bytes(job))


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not say where a process may run")
@pytest.mark.parametrize("more", [0, 1])
def test_as_many_workers_as_cores_have_a_core_each(more: int, tmp_path: Path) -> None:
    """So has one that takes a dead one's place; other numbers of workers are left to the system."""
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
