"""The grader's side of a jail: has a learner's process forked, and sends cells and calls to it.

Whatever comes back is checked; nothing is trusted.
"""

from __future__ import annotations

import atexit
import secrets
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Any

from poolgrader.calls.values import Call, Observation
from poolgrader.jail import wire
from poolgrader.jail.nursery import Child, Nursery
from poolgrader.jail.reply import read_observation
from poolgrader.jail.used import Usage
from poolgrader.limits import Limits

COMPILING = -1  # in place of a statement's number: the whole cell, before its first statement
MOST_STATEMENTS, MOST_LOST = 10_000, 200  # in a cell; in a notebook
AT_ONCE = 1.0  # seconds for all cells in one request; if they take longer, they are run one by one


@dataclass(frozen=True)
class CellProblem:
    """A cell of the submission that failed, and the reason; the cells after it ran nevertheless."""

    cell: str
    reason: str


def _text_of_line(source: str, number: int) -> str:
    """A line of a cell, for a message; "" if it has no such line."""
    lines = source.splitlines()
    return lines[number - 1].strip()[:100] if 0 < number <= len(lines) else ""


@cache
def shared() -> Nursery:
    """The nursery of this process, for callers that pass none."""
    nursery = Nursery()
    atexit.register(nursery.close)
    return nursery


class _Stray(wire.WireError):
    """A frame that does not answer the request that was sent."""


class Jail:
    """One submission in a process of its own, which is forked again when it dies.

    Args:
        cells: name and source of each cell, in order: the course's setup cells, then the submission's own.
            They run before the first call.
        library: "numpy" or "torch"; in a jail for "numpy", torch has only names (see `torch_names`).
        limits: see Limits.
        nursery: the templates to fork from.
        operators: words; each torch operator with one of them in its name raises in this process.
        absent: packages that cannot be imported in this process.

    Attributes:
        problems: the cells that failed.
        lost: what became of the names that a failed statement would have defined. The learner's process
            says so; it is shown, and used for nothing else.
        used: what the processes that have ended used; that is all of them, once the jail is closed.
    """

    def __init__(
        self,
        cells: Sequence[tuple[str, str]],
        library: str,
        limits: Limits | None = None,
        nursery: Nursery | None = None,
        operators: Sequence[str] = (),
        absent: Sequence[str] = (),
    ) -> None:
        self.cells = [(wire.readable(name), source) for name, source in cells]
        self.library = library
        self.limits = limits or Limits()
        self.problems: list[CellProblem] = []
        self.lost: dict[str, str] = {}
        self.used = Usage()
        self._nursery = nursery or shared()
        self._operators = tuple(operators) if library == "torch" else ()
        self._absent = sorted(absent)
        self._at_once = True
        self._skip: set[tuple[int, int]] = set()  # statements that are left out: cell, number in the cell
        self._served: set[str] = set()  # names of the answers called in the current process
        # names of the answers that replied in a process in which another answer had been called before
        self._beside: set[str] = set()
        self._spent: dict[str, float] = {}
        self._spent_on_cells = 0.0
        self._child: Child | None = None

    def __enter__(self) -> Jail:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ask(self, call: Call, again: bool = False) -> Observation:
        """Make one call of an answer; if no valid reply comes, the Observation says why in `lost`.

        If that happens in a process in which another answer was called before, the other answer may be the
        cause. The call is then made once more, in a process in which no other answer was called.

        Args:
            call: what to call.
            again: the call was made before, and got no valid reply.

        Raises:
            NoSandbox: if no sandbox here is enough to run learners' code in.
        """
        if self._spent.get(call.name, 0.0) > self.limits.answer:
            return Observation(lost=f"no time left: its calls took over {self.limits.answer:g} s together")
        if self._child is not None and self._child.gone(0.0):
            self.close()  # it ended between two requests, which is not this answer's fault
        if self._child is None:
            lost = self._start()
            if lost:
                return Observation(lost=lost)
        request = {"do": "call", "call": {name: getattr(call, name) for name in call.__dataclass_fields__}}
        started = time.monotonic()
        beside = bool(self._served - {call.name})
        self._served.add(call.name)
        try:
            observation = read_observation(self._exchange(request, self.limits.call))
            self._beside |= {call.name} if beside else set()
            return observation
        except _Stray:
            lost, beside = "replies that nobody asked for", True
        except wire.WireTimeout:
            lost = f"no answer within {self.limits.call:g} s"
        except wire.WireClosed:
            lost = self._how_it_died()
        except wire.WireError as error:
            lost = f"the answer could not be read: {error}"
        finally:
            self._spent[call.name] = self._spent.get(call.name, 0.0) + time.monotonic() - started
        self.close()
        return self.ask(call, again=True) if beside and not again else Observation(lost=lost)

    def afresh(self, name: str) -> bool:
        """End the process if another answer was called in it before this one; the next call forks a new one.

        What the other answer left behind (a changed numpy, a timer, deleted names) then costs no mark.

        Returns:
            whether the process was ended.
        """
        if name not in self._beside:
            return False
        self._beside.discard(name)
        self.close()
        return True

    def _exchange(self, request: dict[str, Any], seconds: float) -> Any:
        """Send a request with a random number, and read the reply, which must bear the same number."""
        if self._child is None:
            raise wire.WireClosed("there is no process")
        if self._child.said_something():
            raise _Stray("a reply that nobody asked for")
        number = secrets.token_hex(8)
        wire.send(self._child.to_child, request | {"number": number}, seconds)
        answer = wire.receive(self._child.from_child, seconds)
        if not isinstance(answer, dict) or answer.get("number") != number:
            raise _Stray("a reply to something else")
        return answer.get("reply")

    def _start(self) -> str:
        """Fork a process and run the cells in it; return why that failed, or "".

        A statement that ends the process is left out of the next try.
        """
        while len(self._skip) <= self.limits.deaths:
            if self._spent_on_cells > self.limits.cells:
                return self._no_time()
            lost = self._fork()
            if lost:
                return lost
            if self._run_all_cells() if self._at_once else self._run_cells():
                return ""
        return f"more than {self.limits.deaths} lines of the cells ended the process"

    def _fork(self) -> str:
        """Have a child forked and confined; return why that failed, or "".

        There are two tries, the second with a new template.
        """
        reason = ""
        for _ in range(2):
            template = self._nursery.template(self.library, self._operators)
            try:
                self._child = template.fork()
                reply = wire.receive(self._child.from_child, self.limits.start)
                stood = reply.get("stood") if isinstance(reply, dict) else None
                if stood == list(template.layers):
                    self._exchange({"do": "refuse", "modules": self._absent}, self.limits.start)
                    return ""
                reason = "a layer of the sandbox could not be put up"
            except (OSError, ValueError, wire.WireError) as error:
                reason = f"the process did not start: {error}"
            self.close()
            self._nursery.lost(template)
        return reason

    def _run_all_cells(self) -> bool:
        """Run all cells in one request; return False if they must be run one by one.

        Nearly always they take milliseconds together, and none of them ends the process.
        """
        started = time.monotonic()
        try:
            reply = self._exchange({"do": "cells", "cells": self.cells}, min(self.limits.cell, AT_ONCE))
            for (name, _), problem in zip(self.cells, reply["problems"], strict=True):
                self._note_problem(name, problem)
            self._keep_lost(reply["lost"])
            return True
        except (wire.WireError, TypeError, KeyError, ValueError, AttributeError):
            self._at_once = False  # the next try runs cell by cell, and finds the cell that failed
            self.close()
            return False
        finally:
            self._spent_on_cells += time.monotonic() - started

    def _run_cells(self) -> bool:
        """Run the cells statement by statement; return False if a statement ended the process."""
        for number, (name, source) in enumerate(self.cells):
            if self._spent_on_cells > self.limits.cells:
                self._note(name, self._no_time())
                break
            if not self._run_cell(number, name, source):
                return False
        return True

    def _run_cell(self, number: int, name: str, source: str) -> bool:
        """Run one cell; return False if one of its statements ended the process, or took too long.

        That statement is left out of the next try, and the others of the cell are not.
        """
        started, left, at, line = time.monotonic(), self.limits.cell, COMPILING, 0
        try:
            if (number, COMPILING) in self._skip:
                return True
            reply = self._exchange({"do": "statements", "source": source, "name": name}, left)
            self._note_problem(name, reply["problem"])
            for at, number_of_line in enumerate(map(int, reply["lines"][:MOST_STATEMENTS])):
                line = number_of_line
                if (number, at) not in self._skip:
                    left = max(0.0, self.limits.cell - (time.monotonic() - started))
                    done = self._exchange({"do": "statement", "index": at}, left)
                    self._note_problem(name, done["problem"])
                    self._keep_lost(done["lost"])
            return True
        except wire.WireTimeout:
            reason = f"not done within {self.limits.cell:g} s"
        except wire.WireClosed:
            reason = self._how_it_died()
        except (wire.WireError, KeyError, TypeError, ValueError, AttributeError, UnicodeEncodeError) as error:
            reason = f"its reply could not be read: {error}"
        finally:
            self._spent_on_cells += time.monotonic() - started
        self.close()
        text = _text_of_line(source, line)
        self._note(name, f"{reason}, at the line `{text}`" if text else reason)
        self._skip.add((number, at))
        return False

    def _no_time(self) -> str:
        return f"no time left: the cells took over {self.limits.cells:g} s together"

    def _note_problem(self, name: str, problem: Any) -> None:
        """Note a cell's failure, unless only something that is absent where answers are graded caused it."""
        if isinstance(problem, dict) and not problem["expected"]:
            failure = problem["failure"]
            line = f", in the line `{failure['line']}`" if failure["line"] else ""
            self._note(name, f"{failure['type_name']}: {failure['message']}{line}")

    def _keep_lost(self, lost: Any) -> None:
        pairs = list(dict(lost).items())[:MOST_LOST]
        self.lost = {
            wire.readable(str(name))[:100]: wire.readable(str(reason))[:300] for name, reason in pairs
        }

    def _note(self, name: str, reason: str) -> None:
        if all(problem.cell != name for problem in self.problems):
            self.problems.append(CellProblem(name, wire.readable(reason)[:300]))

    def _how_it_died(self) -> str:
        if self._child is None:
            return "the process is gone"
        hung = not self._child.gone(1.0)
        code = self.close()
        if hung:
            return "the process closed its pipe"
        if code < 0:
            return f"the process was ended by {signal.Signals(-code).name}"
        return f"the process ended itself (exit {code})"

    def close(self) -> int:
        """End the process and all that is in it; return its exit status (negative: the signal)."""
        if self._child is None:
            return 0
        code, used = self._child.end()
        self._child = None
        self._served = set()
        self.used += used
        return code
