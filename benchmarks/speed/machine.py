"""The kind of machine that the results were measured on, and the versions of the libraries."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from datetime import date

import torch

from benchmarks.speed.paths import Path
from poolkit import compiled

Facts = dict[str, str]


def here(clock: str = "wall") -> Facts:
    """Describe this machine and this run.

    Returns:
        The date, the system, the processor and its cores, its vector instructions, Python's version, the
        clock, and whether poolkit's kernel is already compiled.
    """
    return {
        "date": date.today().isoformat(),
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": str(os.cpu_count()),
        "instructions": torch.backends.cpu.get_cpu_capability(),
        "python": platform.python_version(),
        "clock": clock,
        "kernel": "compiled" if compiled.available() else "not compiled",
    }


def versions(paths: Iterable[Path]) -> Facts:
    """The version of each path's package, by the path's title; "absent" where it is not installed."""
    return {path.title: path.version if path.installed else "absent" for path in paths}
