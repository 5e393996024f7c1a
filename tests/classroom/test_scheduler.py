"""Grading a class on a Dask cluster gives the same gradebook as without it, even if a worker dies."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

from poolgrader.classroom.run import scheduler
from poolgrader.classroom.run.jobs import OtherGrader
from poolgrader.classroom.run.workers import WorkersFail
from tests.classroom import work

COUNT = 10


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A cluster over TCP with two worker processes, each with one job at a time.

    A Dask nanny replaces a worker that dies.
    """
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        protocol="tcp://",
        dashboard_address=None,
        memory_limit=0,
    ) as made:
        yield made


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, ...]]:
    """The gradebook rows of the class when it is graded without a cluster."""
    folder = tmp_path_factory.mktemp("here")
    work.a_class(folder, COUNT)
    work.grade(work.course(folder))
    return work.gradebook_rows(folder)


def test_the_same_class_has_the_same_gradebook(cluster: Any, here: list[Any], tmp_path: Path) -> None:
    assert cluster.scheduler_address.startswith("tcp://")
    work.a_class(tmp_path, COUNT)
    outcomes = work.grade(work.course(tmp_path), scheduler=cluster.scheduler_address)
    assert {one.how for one in outcomes.values()} == {"graded"}
    assert work.gradebook_rows(tmp_path) == here


def test_a_worker_killed_in_the_middle_loses_nothing(cluster: Any, here: list[Any], tmp_path: Path) -> None:
    work.a_class(tmp_path, COUNT)
    class_, killed = work.course(tmp_path), []

    def kill() -> None:
        while not list((tmp_path / "results").rglob("*.json")):
            time.sleep(0.01)
        process = next(iter(cluster.workers.values())).process
        killed.append(process.pid)
        os.kill(process.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    outcomes = work.grade(class_, scheduler=cluster.scheduler_address)
    killer.join(10)
    assert killed
    assert {one.how for one in outcomes.values()} == {"graded"}
    assert work.gradebook_rows(tmp_path) == here


def test_a_worker_with_another_grader_version_is_refused(
    cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "grader_version", lambda assignment: "0" * 16)
    with pytest.raises(OtherGrader, match=r"worker tcp://127\.0\.0\.1:\d+ has grader"):
        scheduler.Cluster(cluster.scheduler_address, work.ASSIGNMENT)


def test_an_address_without_a_scheduler_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "CONNECTS_WITHIN", 0.5)
    with pytest.raises(WorkersFail, match="no Dask workers at tcp://127"):
        scheduler.Cluster("tcp://127.0.0.1:9", work.ASSIGNMENT)
