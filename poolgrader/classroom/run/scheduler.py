"""Grades on many machines, through a Dask scheduler that is running already; needs the extra `dask`."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

from distributed import Client, wait
from distributed.scheduler import KilledWorker

from poolgrader.classroom.run.jobs import OtherGrader, grade_bytes
from poolgrader.classroom.run.version import grader_version
from poolgrader.classroom.run.workers import Job, Replies, SetAside, WorkersFail
from poolgrader.limits import SUBMISSION_SECONDS

AHEAD = 2  # jobs that are sent out at a time for each of a worker's threads
CONNECTS_WITHIN = 30.0


class Cluster:
    """The workers of a Dask scheduler.

    Args:
        address: such as "tcp://10.0.0.5:8786".
        assignment: such as "03_sorting".
        seconds: for one submission, before it is set aside.

    Raises:
        WorkersFail: if no scheduler answers at the address, or it has no worker.
        OtherGrader: if a worker has another version of the grader; the message names the worker.
    """

    def __init__(self, address: str, assignment: str, seconds: float = SUBMISSION_SECONDS) -> None:
        self.seconds = seconds
        try:
            self._client = Client(address, timeout=CONNECTS_WITHIN, set_as_default=False)
            self._client.wait_for_workers(1, timeout=CONNECTS_WITHIN)
        except (OSError, TimeoutError, ValueError) as error:
            raise WorkersFail(f"no Dask workers at {address}: {error}") from None
        self._same_grader(assignment)

    def _same_grader(self, assignment: str) -> None:
        here = grader_version(assignment)
        versions = self._client.run(_version_there, assignment, on_error="return")
        for worker, there in versions.items():
            if there != here:
                self._client.close()
                raise OtherGrader(
                    f"worker {worker} has grader {there}, this is {here}: install the same course on all"
                )

    def graded(self, jobs: Iterable[Job]) -> Replies:
        """Yield name and reply of each job, as replies come; a job is made only when a worker gets free."""
        flying: dict[Any, tuple[str, float]] = {}
        waiting, more = iter(jobs), True
        try:
            while more or flying:
                while more and len(flying) < AHEAD * max(1, sum(self._client.nthreads().values())):
                    job = next(waiting, None)
                    if job is None:
                        more = False
                        break
                    future = self._client.submit(grade_bytes, job.task, pure=False)
                    flying[future] = job.name, time.monotonic() + (AHEAD + 1) * self.seconds
                yield from self._landed(flying)
        finally:
            self._client.cancel(list(flying))
            self._client.close()

    def _landed(self, flying: dict[Any, tuple[str, float]]) -> Iterator[tuple[str, bytes | SetAside]]:
        if not flying:
            return
        try:
            with self._client.as_current():  # `wait` uses the current client
                done = wait(list(flying), timeout=5.0, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            done = set()
        for future in done:
            name, _ = flying.pop(future)
            yield name, _reply(future)
        for future in [future for future, (_, deadline) in flying.items() if deadline < time.monotonic()]:
            name, _ = flying.pop(future)
            self._client.cancel([future])
            yield name, SetAside(f"not graded within {self.seconds:g} s")


def _version_there(assignment: str) -> str:
    """The version of a worker's grader; each worker runs this function."""
    return grader_version(assignment)


def _reply(future: Any) -> bytes | SetAside:
    try:
        reply: bytes = future.result()
    except KilledWorker:
        return SetAside("the scheduler gave it up: its workers died one after another")
    except Exception as error:  # noqa: BLE001 - whatever failed on the worker, the others are graded
        return SetAside(f"the worker failed: {type(error).__name__}: {error}"[:300])
    return reply
