"""The notebook that calls a check: its namespace, its cells and its output streams."""

from __future__ import annotations

import contextlib
import dis
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

MOST_CELLS = 500  # at most so many cells are read to explain a wrong answer


def in_notebook() -> bool:
    """Whether a Jupyter kernel shows what a cell returns."""
    shell = sys.modules.get("IPython")
    return bool(shell and shell.get_ipython() and hasattr(shell.get_ipython(), "kernel"))


def namespace_of_caller() -> dict[str, Any]:
    """The names that the learner has defined: globals of the nearest frame outside this package."""
    return _caller().f_globals


def cells_run() -> tuple[str, ...]:
    """The code that was run: a notebook's cells in the order in which they ran, or a script's text.

    It is empty if the code cannot be read.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        return tuple(str(cell) for cell in shell.history_manager.input_hist_raw[-MOST_CELLS:])
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return (Path(_caller().f_code.co_filename).read_text(encoding="utf-8"),)
    return ()


def result_is_dropped() -> bool:
    """Whether the caller does not use the returned value, as a script with the line `check("3.3")`."""
    frame = _caller()
    after = (one.opname for one in dis.get_instructions(frame.f_code) if one.offset > frame.f_lasti)
    return next(after, "") == "POP_TOP"


def _caller() -> FrameType:
    """The nearest frame outside this package."""
    frame = sys._getframe(1)
    while frame.f_globals.get("__name__", "").startswith("poolgrader.") and frame.f_back is not None:
        frame = frame.f_back
    return frame


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Discard all output and warnings: nbgrader gives 0 points to a check cell that writes to stderr.

    File descriptors are redirected too, for output that comes from C code.
    """
    kept: list[tuple[int, int]] = []
    nowhere = os.open(os.devnull, os.O_WRONLY)
    sink = io.StringIO()
    try:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        for descriptor in (1, 2):
            with contextlib.suppress(OSError):  # a closed descriptor stays closed
                kept.append((descriptor, os.dup(descriptor)))
                os.dup2(nowhere, descriptor)
        with contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
            yield
    finally:
        for descriptor, was in kept:
            os.dup2(was, descriptor)
            os.close(was)
        os.close(nowhere)
