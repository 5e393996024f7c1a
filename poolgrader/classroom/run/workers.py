"""Grades on this machine, with a few worker processes that each grade one submission at a time.

A worker that dies is replaced, and its submission is given out again. A submission is set aside if its
workers died three times, or if it takes too long.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Protocol

from poolgrader.limits import SUBMISSION_SECONDS

DEATHS = 3  # how often its worker may die until a submission is set aside
READY = b"ready"
SCRATCH = "poolgrader-run-"  # followed by the id of the process that the folder belongs to


@dataclass(frozen=True)
class SetAside:
    """A submission that could not be graded, and why; no mark is made of it."""

    reason: str


@dataclass(frozen=True)
class Job:
    """What a worker is to grade; the worker gets the task, but not the name."""

    name: str
    task: bytes = field(repr=False)


Replies = Generator[tuple[str, bytes | SetAside], None, None]


class Executor(Protocol):
    """Has jobs done: by workers on this machine, or by those of a scheduler."""

    def graded(self, jobs: Iterable[Job]) -> Replies:
        """Yield name and reply of each job, as replies come."""


class WorkersFail(RuntimeError):
    """Workers cannot be started, or cannot be reached; the message says why."""


def cores() -> list[int]:
    """Numbers of the cores that this process may use; of all cores, if the system does not tell."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def stay_on(core: int | None) -> None:
    """Keep this process, and those that it starts, on one core.

    A worker and its jail take turns. On one core, neither of them is woken on another core with a cold cache.
    """
    if core is not None and hasattr(os, "sched_setaffinity"):
        with contextlib.suppress(OSError):  # not allowed: grading is then a tenth slower
            os.sched_setaffinity(0, {core})


def serve(pipe: Connection, scratch: str, core: int | None = None) -> None:
    """Run a worker: grade jobs and send replies until the process that gives out the work closes the pipe.

    Args:
        pipe: to that process.
        scratch: folder for the sandbox's temporary files; that process removes it.
        core: the core to stay on; None for any.
    """
    stay_on(core)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that gives out the work
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    from poolgrader.classroom.run.jobs import close_nurseries, grade_bytes

    tempfile.tempdir = scratch
    try:
        pipe.send_bytes(READY)
        while True:
            pipe.send_bytes(grade_bytes(pipe.recv_bytes()))
    except (EOFError, ConnectionError):
        pass
    finally:
        close_nurseries()


def sweep_scratch() -> None:
    """Remove the scratch folders of killed runs; those of processes that still run stay."""
    for path in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"):
        number = path.name.removeprefix(SCRATCH).partition("-")[0]
        if not number.isdecimal():
            continue
        try:
            os.kill(int(number), 0)
        except ProcessLookupError:
            shutil.rmtree(path, ignore_errors=True)
        except OSError:
            continue  # another user's process, which still runs


class _Worker:
    """A worker process, its pipe, and the job that it is grading."""

    def __init__(self, context: Any, scratch: str, core: int | None) -> None:
        self.core = core
        self.pipe, worker_end = context.Pipe()
        self.process = context.Process(
            target=serve, args=(worker_end, scratch, core), name="poolgrader-worker", daemon=True
        )
        self.process.start()
        worker_end.close()
        self.ready = False
        self.job: Job | None = None
        self.deadline = float("inf")

    def take(self, job: Job, seconds: float) -> None:
        """Send the worker a job; if it has died meanwhile, that is noticed when its reply is read."""
        self.job, self.deadline = job, time.monotonic() + seconds
        with contextlib.suppress(OSError):
            self.pipe.send_bytes(job.task)

    def end(self) -> str:
        """End the process if it still runs, and return how it ended."""
        self.pipe.close()
        self.process.join(3.0)
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()
        code = self.process.exitcode
        self.process.close()
        return signal.Signals(-code).name if code < 0 else f"exit {code}"


def _context() -> Any:
    """How workers are started: where possible, forked from a process that has imported the grader once."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["poolgrader.classroom.run.preload"])
    return context


class Crew:
    """The workers of one run.

    Args:
        count: how many.
        seconds: for one submission, before it is set aside.
    """

    def __init__(self, count: int | None = None, seconds: float = SUBMISSION_SECONDS) -> None:
        self.count, self.seconds = count or len(cores()), seconds
        self._workers: list[_Worker] = []
        self._again: deque[Job] = deque()
        self._deaths: Counter[str] = Counter()
        self._failed_starts = 0

    def graded(self, jobs: Iterable[Job]) -> Replies:
        """Yield name and reply of each job, as replies come; a job is made only when a worker gets free.

        Raises:
            WorkersFail: if workers do not start.
        """
        context, waiting = _context(), iter(jobs)
        sweep_scratch()
        scratch = tempfile.mkdtemp(prefix=f"{SCRATCH}{os.getpid()}-")
        upcoming = next(waiting, None)
        try:
            while upcoming or self._again or any(worker.job for worker in self._workers):
                wanted = self._wanted(upcoming is not None)
                while len(self._workers) < wanted:
                    self._workers.append(_Worker(context, scratch, self._free_core()))
                done = list(self._heard())
                # jobs are given out before the replies are yielded: no worker waits while those are written
                for worker in self._workers:
                    if worker.ready and worker.job is None and (self._again or upcoming):
                        if self._again:
                            worker.take(self._again.popleft(), self.seconds)
                        elif upcoming:
                            worker.take(upcoming, self.seconds)
                            upcoming = next(waiting, None)
                yield from done
        finally:
            self.end()
            shutil.rmtree(scratch, ignore_errors=True)
            sweep_scratch()  # again: a killed run's workers may have written there for a moment longer

    def _wanted(self, more: bool) -> int:
        """How many workers there should be: one for each job, but at most `count`.

        If more jobs are still to be made, nobody knows how many, so it is `count`.
        """
        at_hand = len(self._again) + sum(worker.job is not None for worker in self._workers)
        return self.count if more else min(self.count, at_hand)

    def _free_core(self) -> int | None:
        """A core that no worker stays on, if there are as many cores as workers; otherwise None.

        With fewer workers than cores the system chooses better.
        """
        free = set(cores()) - {worker.core for worker in self._workers}
        return min(free) if free and len(cores()) == self.count else None

    def _heard(self) -> Iterator[tuple[str, bytes | SetAside]]:
        """Wait until a worker replies, dies or runs out of time; yield replies and what is set aside."""
        nearest = min((worker.deadline for worker in self._workers), default=0.0) - time.monotonic()
        pipes = {worker.pipe: worker for worker in self._workers if worker.job or not worker.ready}
        wait(list(pipes), None if nearest == float("inf") else max(0.0, nearest))
        for worker in list(self._workers):
            if worker.job is None and worker.ready:
                continue
            try:
                if worker.pipe.poll():
                    yield from self._reply(worker, worker.pipe.recv_bytes())
                elif time.monotonic() > worker.deadline and worker.job:
                    worker.process.kill()
                    self._remove(worker)
                    yield worker.job.name, SetAside(f"not graded within {self.seconds:g} s")
            except (EOFError, OSError):
                yield from self._died(worker)

    def _reply(self, worker: _Worker, reply: bytes) -> Iterator[tuple[str, bytes]]:
        if not worker.ready:
            worker.ready, self._failed_starts = True, 0
        elif worker.job:
            name, worker.job, worker.deadline = worker.job.name, None, float("inf")
            yield name, reply

    def _died(self, worker: _Worker) -> Iterator[tuple[str, SetAside]]:
        how = self._remove(worker)
        if worker.job is None:
            self._failed_starts += 1
            if self._failed_starts > DEATHS:
                raise WorkersFail(f"the processes that grade do not start ({how})")
            return
        self._deaths[worker.job.name] += 1
        if self._deaths[worker.job.name] < DEATHS:
            self._again.append(worker.job)
        else:
            yield worker.job.name, SetAside(f"{DEATHS} processes died while they graded it (last: {how})")

    def _remove(self, worker: _Worker) -> str:
        self._workers.remove(worker)
        return worker.end()

    def pids(self) -> list[int]:
        """The ids of the workers' processes."""
        return [worker.process.pid for worker in self._workers]

    def end(self) -> None:
        """End all workers, also those that are grading."""
        for worker in self._workers:  # all are told to end before the first is waited for
            worker.pipe.close()
            if worker.job:
                worker.process.terminate()
        for worker in self._workers:
            worker.end()
        self._workers.clear()
