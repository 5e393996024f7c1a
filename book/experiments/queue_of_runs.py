"""Make the runs that are missing in the tables, in several processes with one thread each."""

from __future__ import annotations

import importlib
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from book.experiments import tables
from book.experiments.tables import Experiment, Key

NAMES = ("max_against_average", "shift_consistency")
Job = tuple[str, Key]


def experiment_of(name: str) -> Experiment:
    """Import the module of this folder with the given name, and return its experiment."""
    found: Experiment = importlib.import_module(f"book.experiments.{name}").EXPERIMENT
    return found


def run(job: Job) -> tuple[Job, tuple[float, ...]]:
    """Make one run with one thread; the worker processes call this function."""
    import torch

    torch.set_num_threads(1)
    name, key = job
    return job, tuple(experiment_of(name).measure(*key))


def make(names: list[str], folder: Path, processes: int) -> None:
    """Make the missing runs that choose the learning rates, then the missing reported runs; sort the tables.

    Both kinds of runs are made seed by seed, for all tables together.
    """
    experiments = {name: experiment_of(name) for name in names}
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        for wanted in (_tuning, _reported):
            jobs: list[Job] = []
            for name, one in experiments.items():
                jobs += [(name, key) for key in tables.missing(one, folder, wanted(one, folder))]
            jobs.sort(key=lambda job: int(job[1][-1]))
            started = time.perf_counter()
            for done, future in enumerate(as_completed([pool.submit(run, job) for job in jobs]), 1):
                (name, key), numbers = future.result()
                tables.append(experiments[name], folder, key, numbers)
                _show(done, len(jobs), time.perf_counter() - started)
    for one in experiments.values():
        tables.put_in_order(one, folder)


def _tuning(experiment: Experiment, folder: Path) -> list[Key]:
    return tables.tuning(experiment)


def _reported(experiment: Experiment, folder: Path) -> list[Key]:
    return tables.reported(experiment, tables.read(experiment.path(folder)))


def _show(done: int, all_: int, seconds: float) -> None:
    """Print the progress: a bar on a terminal, otherwise a line after every 20 runs."""
    left = seconds / done * (all_ - done) / 60
    bar = "#" * (30 * done // all_)
    text = f"[{bar:30}] {done} of {all_} runs, about {left:.0f} minutes left"
    if sys.stderr.isatty():
        print(f"\r{text}  ", end="\n" if done == all_ else "", file=sys.stderr, flush=True)
    elif done % 20 == 0 or done == all_:
        print(text, file=sys.stderr, flush=True)
