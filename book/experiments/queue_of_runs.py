"""Run what is missing of the tables, on several processes of one thread each."""

from __future__ import annotations

import importlib
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from book.experiments import tables
from book.experiments.tables import Experiment, Value

NAMES = ("max_against_average", "shift_consistency")
Job = tuple[str, tuple[Value, ...]]


def experiment_of(name: str) -> Experiment:
    """The experiment that a module of this folder describes."""
    found: Experiment = importlib.import_module(f"book.experiments.{name}").EXPERIMENT
    return found


def run(job: Job) -> tuple[Job, tuple[float, ...]]:
    """One run, in a process of its own that keeps to one thread."""
    import torch

    torch.set_num_threads(1)
    name, key = job
    return job, tuple(experiment_of(name).measure(*key))


def make(names: list[str], folder: Path, processes: int) -> None:
    """Run what is missing of each table, seed by seed over all of them, and put the tables in order."""
    jobs: list[Job] = [(name, key) for name in names for key in tables.missing(experiment_of(name), folder)]
    seeds = [*tables.TUNED_ON, *tables.REPORTED]
    jobs.sort(key=lambda job: seeds.index(int(job[1][-1])))
    started = time.perf_counter()
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        for done, future in enumerate(as_completed([pool.submit(run, job) for job in jobs]), 1):
            (name, key), numbers = future.result()
            tables.append(experiment_of(name), folder, key, numbers)
            _show(done, len(jobs), time.perf_counter() - started)
    for name in names:
        tables.put_in_order(experiment_of(name), folder)


def _show(done: int, all_: int, seconds: float) -> None:
    """A bar on a terminal, a line now and then elsewhere."""
    left = seconds / done * (all_ - done) / 60
    bar = "#" * (30 * done // all_)
    text = f"[{bar:30}] {done} of {all_} runs, about {left:.0f} minutes left"
    if sys.stderr.isatty():
        print(f"\r{text}  ", end="\n" if done == all_ else "", file=sys.stderr, flush=True)
    elif done % 50 == 0 or done == all_:
        print(text, file=sys.stderr, flush=True)
