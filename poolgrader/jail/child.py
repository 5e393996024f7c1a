"""The learner's side of a jail: runs cells, calls answers, and sends back plain values. It decides no mark.

`prepare` runs once, in the template; `serve` runs in each confined child that the template forks.
"""

from __future__ import annotations

import ast
import asyncio
import importlib.abc
import inspect
import linecache
import signal
import sys
import types
from collections.abc import Sequence, Set
from dataclasses import asdict, replace
from typing import Any

from poolgrader.calls.banned import OPERATORS, ban_operators
from poolgrader.calls.magics import plain
from poolgrader.calls.observe import failure_of, observe
from poolgrader.calls.values import Call
from poolgrader.jail import standins, wire

TIMERS = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
# Kept under these names, so that they still work after a learner's code has replaced signal.setitimer etc.
_set_timer, _set_trace, _set_profile = signal.setitimer, sys.settrace, sys.setprofile


class _Absent(importlib.abc.MetaPathFinder):
    def __init__(self, names: Set[str]) -> None:
        self.names = names

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> None:
        """Refuse to import these names; leave every other name to the finders after this one."""
        if fullname.split(".")[0] in self.names:
            raise ModuleNotFoundError(f"no module named {fullname!r} where answers are graded", name=fullname)


def nothing(*args: Any, **keywords: Any) -> None:
    """Stand in for `check`, `hint`, `solution`, `progress` and `display`, which do nothing in a jail."""


def _stub_check() -> None:
    """Put a stub in the place of `poolgrader.check`: marks are not made in the learner's process."""
    package = types.ModuleType("poolgrader")
    package.__path__ = []
    stub = types.ModuleType("poolgrader.check")
    for name in ("check", "hint", "solution", "progress"):
        setattr(stub, name, nothing)
    package.check = stub  # type: ignore[attr-defined]
    for name in [name for name in sys.modules if name.split(".")[0] == "poolgrader"]:
        del sys.modules[name]
    sys.modules.update({"poolgrader": package, "poolgrader.check": stub})


class _Shell:
    """Stands in for IPython's shell: magics and shell commands are accepted and do nothing."""

    def __getattr__(self, name: str) -> Any:
        return nothing


def _compiled(source: str, name: str) -> list[Any]:
    """Compile each statement of a cell by itself.

    Magics are taken out only if the cell is not valid Python as it is.
    """
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        tree = compile(source, name, "exec", flags | ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError:
        source = plain(source)
        tree = compile(source, name, "exec", flags | ast.PyCF_ONLY_AST, dont_inherit=True)
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    future = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    rest = [node for node in tree.body if node not in future]
    return [compile(ast.Module([*future, node], []), name, "exec", flags, dont_inherit=True) for node in rest]


def run_cell(source: str, cell: str, namespace: dict[str, Any]) -> dict[str, Any]:
    """Run one cell, statement by statement; return what the first failing statement raised.

    A statement that fails is skipped, and the next one runs. In the learner's notebook it did not fail, and
    what it needs may only be missing here: a plotting library, a file, torch in a numpy question. An import
    of a module that is missing here is no failure: it matters only to code that uses the module.
    """
    first = None
    try:
        for code in _compiled(source, f"<{cell}>"):
            try:
                awaited = eval(code, namespace)
                if inspect.iscoroutine(awaited):
                    asyncio.run(awaited)
            except ModuleNotFoundError:
                continue
            except BaseException as error:  # noqa: BLE001 - also SystemExit: the next statement runs all the same
                first = first or asdict(failure_of(error))
    except BaseException as error:  # noqa: BLE001 - not Python, or too deep for the compiler
        first = first or asdict(failure_of(error))
    return {"failure": first}


def _stop_timers_and_tracers() -> None:
    """Stop what an earlier cell or call may have started, so that it cannot disturb the next one."""
    for timer in TIMERS:
        _set_timer(timer, 0.0)
    _set_trace(None)
    _set_profile(None)


def prepare(library: str, operators: Sequence[str]) -> None:
    """Load the libraries that a learner may use, and ban or replace what a learner may not use.

    After this `poolgrader.check` is a stub.

    Args:
        library: "numpy" or "torch".
        operators: words; each torch operator with one of them in its name raises from now on.
    """
    import numpy as np  # noqa: F401 - loaded once, for all children

    if library == "torch":
        import torch

        # Before the first parallel operation: a forked child would wait for threads that it does not have.
        torch.set_num_threads(1)
        if operators:
            ban_operators(operators)
        # At its first backward pass with given gradients torch imports more modules, which takes a second.
        # That pass is made here, once for all children.
        x = torch.ones(1, 1, 2, 2, requires_grad=True)
        torch.autograd.backward([x.unfold(2, 2, 2).amax(dim=-1)], [torch.ones(1, 1, 1, 2)])
    standins.install()
    _stub_check()


def _can_be_called(name: str, absent: Set[str]) -> bool:
    """Whether a forbidden function can be called here at all; watching for its calls is slow."""
    package = name.partition(".")[0]
    return (
        not name.startswith(OPERATORS) and package not in {*absent, "poolgrader"} and package in sys.modules
    )


def serve(incoming: int, outgoing: int) -> None:
    """Run cells and make calls, with one reply for each request, until the grader closes the pipe."""
    main = sys.modules["__main__"] = types.ModuleType("__main__")  # dataclasses look their names up there
    namespace = main.__dict__
    namespace.update(get_ipython=_Shell, display=nothing, exit=nothing, quit=nothing)
    absent: frozenset[str] = frozenset()
    while True:
        try:
            request = wire.receive(incoming)
        except wire.WireClosed:
            return
        _stop_timers_and_tracers()
        if request["do"] == "refuse":
            absent = frozenset(request["modules"])
            sys.meta_path.insert(0, _Absent(absent))
            reply: dict[str, Any] = {}
        elif request["do"] == "cell":
            reply = run_cell(request["source"], request["name"], namespace)
        elif request["do"] == "cells":
            reply = {"failures": []}
            for name, source in request["cells"]:
                reply["failures"].append(run_cell(source, name, namespace)["failure"])
                _stop_timers_and_tracers()
        else:
            call = Call(**request["call"])
            watched = tuple(name for name in call.forbidden if _can_be_called(name, absent))
            observation = observe(replace(call, forbidden=watched), namespace)
            reply = {name: getattr(observation, name) for name in observation.__dataclass_fields__}
            reply["failure"] = asdict(observation.failure) if observation.failure else None
        _stop_timers_and_tracers()  # nor may any of them run while this process waits for a request
        wire.send(outgoing, {"number": request["number"], "reply": reply})
