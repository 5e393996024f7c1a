"""The learner's side of a jail: runs cells, calls answers, and sends back plain values. It decides no mark.

`prepare` runs once, in the template; `serve` runs in each confined child that the template forks.
"""

from __future__ import annotations

import importlib.abc
import signal
import sys
import types
from collections.abc import Sequence, Set
from dataclasses import asdict, replace
from typing import Any

from poolgrader.calls.banned import OPERATORS, ban_operators
from poolgrader.calls.observe import failure_of, observe
from poolgrader.calls.values import Call, Observation
from poolgrader.jail import memory_files, notebook_syntax, standins, torch_names, wire
from poolgrader.jail.cells import Cells, Problem, Statement
from poolgrader.jail.shell import Shell, Written, nothing

TIMERS = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
# Kept under these names, so that they still work after a learner's code has replaced signal.setitimer etc.
_set_timer, _set_trace, _set_profile = signal.setitimer, sys.settrace, sys.setprofile


class _Absent(importlib.abc.MetaPathFinder):
    """Stands in for all finders of modules; it finds no module of certain packages.

    Nothing is raised: code that asks `importlib.util.find_spec("scipy")` first must get the answer None.
    """

    def __init__(self, names: Set[str], finders: Sequence[Any]) -> None:
        self.names, self.finders = names, list(finders)

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        """The first finder's answer; None for the absent packages."""
        if fullname.split(".")[0] in self.names:
            return None
        found = (finder.find_spec(fullname, path, target) for finder in self.finders)
        return next((spec for spec in found if spec is not None), None)


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


def _stop_timers_and_tracers() -> None:
    """Stop what an earlier cell or call may have started, so that it cannot disturb the next one."""
    for timer in TIMERS:
        _set_timer(timer, 0.0)
    _set_trace(None)
    _set_profile(None)


def prepare(library: str, operators: Sequence[str], syntax: str) -> None:
    """Load the libraries that a learner may use, and ban or replace what a learner may not use.

    After this `poolgrader.check` is a stub.

    Args:
        library: "numpy" or "torch".
        operators: words; each torch operator with one of them in its name raises from now on.
        syntax: the folder with the files that `notebook_syntax` loads.
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
    notebook_syntax.load(syntax)
    standins.install()
    if library == "numpy":
        torch_names.install()
    _stub_check()


def _can_be_called(name: str, absent: Set[str]) -> bool:
    """Whether a forbidden function can be called here at all; watching for its calls is slow."""
    package = name.partition(".")[0]
    module = sys.modules.get(package)
    can_be = module is not None and not isinstance(module, torch_names.Names)
    return can_be and not name.startswith(OPERATORS) and package not in {*absent, "poolgrader"}


def serve(incoming: int, outgoing: int) -> None:
    """Run cells and make calls, with one reply for each request, until the grader closes the pipe."""
    main = sys.modules["__main__"] = types.ModuleType("__main__")  # dataclasses look their names up there
    learner = _Learner(main.__dict__)
    memory_files.install_if_needed()
    while True:
        try:
            request = wire.receive(incoming)
        except wire.WireClosed:
            return
        _stop_timers_and_tracers()
        reply = learner.reply_to(request)
        _stop_timers_and_tracers()  # nor may any of them run while this process waits for a request
        wire.send(outgoing, {"number": request["number"], "reply": reply})


class _Learner:
    """One learner's notebook, and what the grader may ask of it.

    Args:
        namespace: the globals of the notebook.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace
        self.cells = Cells(namespace)
        self.statements: list[Statement] = []
        self.absent: frozenset[str] = frozenset()
        shell = Shell(lambda code: exec(code, namespace))
        namespace.update(get_ipython=lambda: shell, display=nothing, exit=nothing, quit=nothing)

    def reply_to(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what a request asks for."""
        if request["do"] == "refuse":
            return self._refuse(request["modules"])
        if request["do"] == "cells":
            return self._run_cells(request["cells"])
        if request["do"] == "statements":
            return self._compile(request["source"], request["name"])
        if request["do"] == "statement":
            problem = self.cells.step(self.statements[request["index"]])
            return {"problem": _as_data(problem), "lost": self.cells.lost}
        return self._call(Call(**request["call"]))

    def _refuse(self, modules: Sequence[str]) -> dict[str, Any]:
        self.absent = frozenset(modules)
        sys.meta_path[:] = [_Absent(self.absent, [Written(), *sys.meta_path])]
        return {}

    def _run_cells(self, cells: Sequence[tuple[str, str]]) -> dict[str, Any]:
        problems = []
        for name, source in cells:
            problems.append(_as_data(self.cells.run(source, name)))
            _stop_timers_and_tracers()
        return {"problems": problems, "lost": self.cells.lost}

    def _compile(self, source: str, name: str) -> dict[str, Any]:
        """Compile a cell whose statements are then asked for one by one."""
        self.statements = []
        try:
            self.statements = self.cells.statements(source, name)
        except BaseException as error:  # noqa: BLE001 - no valid Python, or too deep for the compiler
            return {"problem": _as_data(Problem(failure_of(error), expected=False)), "lines": []}
        return {"problem": None, "lines": [statement.line for statement in self.statements]}

    def _call(self, call: Call) -> dict[str, Any]:
        watched = tuple(name for name in call.forbidden if _can_be_called(name, self.absent))
        torch_names.called.clear()
        observation = observe(replace(call, forbidden=watched), self.namespace)
        if torch_names.called:  # also if the learner's code caught the exception
            observation = Observation(forbidden=torch_names.called[0])
        reply = {name: getattr(observation, name) for name in observation.__dataclass_fields__}
        reply["failure"] = asdict(observation.failure) if observation.failure else None
        return reply


def _as_data(problem: Problem | None) -> dict[str, Any] | None:
    return asdict(problem) if problem else None
