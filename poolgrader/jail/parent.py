"""Our side of the wire: starts a learner's process, feeds it cells and calls, believes nothing that comes back."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from poolgrader.jail import wire
from poolgrader.jail.values import Array, Call, Failure, Observation

WALL = "no wall"  # what the report says until confinement stands: a separate process, and no more


@dataclass(frozen=True)
class Limits:
    """Seconds: for a process to start, for one cell, for one call of an answer."""

    start: float = 60.0
    cell: float = 10.0
    call: float = 5.0
    restarts: int = 8


@dataclass(frozen=True)
class CellProblem:
    """A cell of the submission that failed, and how; the cells after it ran all the same."""

    cell: str
    reason: str


class Jail:
    """One submission in a process of its own, started again when it dies, for as often as the limits say.

    Args:
        cells: name and source of each to run first, in order: our setup cells and the submission's own.
        library: "numpy" or "torch": what is importable there.
    """

    def __init__(self, cells: Sequence[tuple[str, str]], library: str, limits: Limits | None = None) -> None:
        self.cells = list(cells)
        self.library = library
        self.limits = limits or Limits()
        self.problems: list[CellProblem] = []
        self._skip: set[int] = set()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._to_child = self._from_child = -1
        self._starts = 0

    def __enter__(self) -> Jail:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ask(self, call: Call) -> Observation:
        """Make one call of an answer. Fails closed: no answer is an Observation that says why."""
        if self._process is None:
            lost = self._start()
            if lost:
                return Observation(lost=lost)
        request = {"do": "call", "call": {name: getattr(call, name) for name in call.__dataclass_fields__}}
        try:
            return _read_observation(self._exchange(request, self.limits.call))
        except wire.WireTimeout:
            lost = f"no answer within {self.limits.call:g} s"
        except wire.WireClosed:
            lost = self._how_it_died()
        except wire.WireError as error:
            lost = f"the answer could not be read: {error}"
        self.close()
        return Observation(lost=lost)

    def _exchange(self, request: dict[str, Any], seconds: float) -> Any:
        wire.send(self._to_child, request)
        return wire.receive(self._from_child, seconds)

    def _start(self) -> str:
        """Start a process and run the cells; a cell that kills it is left out of the next try."""
        while self._starts < self.limits.restarts:
            self._starts += 1
            self._spawn()
            try:
                self._exchange({"do": "hello"}, self.limits.start)
            except wire.WireError as error:
                self.close()
                return f"the process did not start: {error}"
            if self._run_cells():
                return ""
        return "the process died too often"

    def _run_cells(self) -> bool:
        for number, (name, source) in enumerate(self.cells):
            if number in self._skip:
                continue
            try:
                reply = self._exchange({"do": "cell", "source": source, "name": name}, self.limits.cell)
                failure = reply["failure"] if isinstance(reply, dict) else None
                if isinstance(failure, dict):
                    self._note(name, f"{failure.get('type_name')}: {failure.get('message')}")
                continue
            except wire.WireTimeout:
                reason = f"not done within {self.limits.cell:g} s"
            except wire.WireClosed:
                reason = self._how_it_died()
            except (wire.WireError, KeyError) as error:
                reason = f"its reply could not be read: {error}"
            self.close()
            self._note(name, reason)
            self._skip.add(number)
            return False
        return True

    def _note(self, name: str, reason: str) -> None:
        if all(problem.cell != name for problem in self.problems):
            self.problems.append(CellProblem(name, reason[:300]))

    def _spawn(self) -> None:
        child_in, self._to_child = os.pipe()
        self._from_child, child_out = os.pipe()
        self._folder = tempfile.TemporaryDirectory(prefix="poolgrader-", ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-I",
                "-m",
                "poolgrader.jail.child",
                str(child_in),
                str(child_out),
                self.library,
            ],
            cwd=self._folder.name,
            env={"PATH": os.defpath, "HOME": self._folder.name, "OMP_NUM_THREADS": "1", "LANG": "C.UTF-8"},
            pass_fds=(child_in, child_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(child_in)
        os.close(child_out)

    def _how_it_died(self) -> str:
        if self._process is None:
            return "the process is gone"
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        code = self._process.returncode
        if code is None:
            return "the process hung up"
        if code < 0:
            return f"the process was ended by {signal.Signals(-code).name}"
        return f"the process ended itself (exit {code})"

    def close(self) -> None:
        """End the process with all that it started, and remove its folder."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
        for descriptor in (self._to_child, self._from_child):
            if descriptor >= 0:
                os.close(descriptor)
        self._to_child = self._from_child = -1
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def _read_observation(reply: Any) -> Observation:
    """Take a reply apart; whatever is not of the expected form is a WireError."""
    if not isinstance(reply, dict):
        raise wire.WireError("a reply of another form")
    try:
        failure = reply["failure"]
        gradients = tuple(one if isinstance(one, Array) else None for one in reply["gradients"])
        mutated = tuple(int(position) for position in reply["mutated"])
        return Observation(
            value=reply["value"],
            failure=None if failure is None else _read_failure(failure),
            gradients=gradients,
            mutated=mutated,
            aliases=bool(reply["aliases"]),
            repeatable=bool(reply["repeatable"]),
            forbidden=str(reply["forbidden"])[:200],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise wire.WireError(f"a reply of another form: {type(error).__name__}") from None


def _read_failure(failure: Any) -> Failure:
    return Failure(
        str(failure["type_name"])[:100],
        str(failure["message"])[:300],
        str(failure["line"])[:300],
        int(failure["line_number"]),
    )
