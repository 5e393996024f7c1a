"""What the numbers were measured on, in general words, and with which versions."""

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
    """This machine: its kind and cores, what the processor can do, the day, which clock is read,
    and whether poolkit's kernel was compiled before."""
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
