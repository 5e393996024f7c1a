"""Stands in for IPython's shell. Magics that run Python code run it; all others do nothing."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import types
from collections.abc import Callable, Sequence
from typing import Any

# The text after these magics is Python code that runs in the notebook. Others use their text otherwise.
RUNS_CELL = {"time", "timeit", "capture", "prun", "memit", "mprun", "lprun", "debug", "python", "python3"}
RUNS_LINE = {"time", "prun"}  # not %timeit: its code defines no names in the notebook
WRITES = {"writefile", "file"}


class Shell:
    """What `get_ipython()` returns.

    Args:
        run: runs Python code in the notebook's namespace.
    """

    def __init__(self, run: Callable[[str], None]) -> None:
        self._run = run

    def run_line_magic(self, name: str, line: str, *args: Any, **keywords: Any) -> None:
        """Run the code of `%time` and `%prun`."""
        if name in RUNS_LINE:
            self._run(line.strip())

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        """Run the code of `%%time` and the like; keep what `%%writefile` writes, for a later import."""
        if name in RUNS_CELL:
            self._run(cell)
        elif name in WRITES and line.split():
            Written.files[line.split()[-1]] = cell

    def magic(self, line: str) -> None:
        """The older form of `run_line_magic`."""
        name, _, rest = line.partition(" ")
        self.run_line_magic(name, rest)

    def getoutput(self, command: str, *args: Any, **keywords: Any) -> list[str]:
        """Run no command: no lines."""
        return []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return nothing


def nothing(*args: Any, **keywords: Any) -> None:
    """Stand in for `check`, `hint`, `solution`, `progress` and `display`, which do nothing in a jail."""


class Written(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules that the notebook's `%%writefile` cells wrote."""

    files: dict[str, str] = {}  # noqa: RUF012 - one process runs one notebook

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A module that `%%writefile` wrote; None for any other."""
        if f"{fullname}.py" not in self.files:
            return None
        return importlib.machinery.ModuleSpec(fullname, self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """The usual module."""

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the text that was written."""
        name = f"{module.__name__}.py"
        exec(compile(self.files[name], f"<{name}>", "exec", dont_inherit=True), module.__dict__)
