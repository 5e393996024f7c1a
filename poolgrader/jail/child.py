"""The learner's side of the wire: runs cells and calls answers, sends back plain values. Decides nothing.

Started by the parent as `python -I -m poolgrader.jail.child IN OUT LIBRARY`, IN and OUT being descriptors.
"""

from __future__ import annotations

import ast
import importlib.abc
import linecache
import os
import sys
import types
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from poolgrader.jail import wire
from poolgrader.jail.observe import failure_of, observe
from poolgrader.jail.values import Call

# Absent here: whatever pools already, and the course's own packages. The walls make it so on disk; without
# walls this refusal keeps honest mistakes honest, and no more.
ABSENT = ("poolkit", "scipy", "skimage", "sklearn", "torchvision", "nbgrader")


class _Absent(importlib.abc.MetaPathFinder):
    def __init__(self, names: Sequence[str]) -> None:
        self.names = frozenset(names)

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> None:
        """Refuse the names; leave every other to the finders after this one."""
        if fullname.split(".")[0] in self.names:
            raise ModuleNotFoundError(f"no module named {fullname!r} where answers are graded", name=fullname)


def _stub_doors() -> None:
    """`check`, `hint`, `solution` and `progress` do nothing here: marks are not made on this side."""

    def nothing(*args: Any, **keywords: Any) -> None:
        return None

    package = types.ModuleType("poolgrader")
    package.__path__ = []
    door = types.ModuleType("poolgrader.check")
    for name in ("check", "hint", "solution", "progress"):
        setattr(door, name, nothing)
    package.check = door  # type: ignore[attr-defined]
    for name in [name for name in sys.modules if name.split(".")[0] == "poolgrader"]:
        del sys.modules[name]
    sys.modules.update({"poolgrader": package, "poolgrader.check": door})


def _run_cell(source: str, cell: str, namespace: dict[str, Any]) -> dict[str, Any]:
    """Run one cell, statement by statement: all before a failing one has its effect, as in a notebook.

    An import of something that is not here (a plotting library, torch in a numpy question) is passed over:
    it matters only to code that uses it.
    """
    name = f"<{cell}>"
    try:
        source = _plain_python(source)
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        for statement in ast.parse(source, name).body:
            code = compile(ast.Module([statement], []), name, "exec", dont_inherit=True)
            try:
                exec(code, namespace)
            except ImportError:
                if not isinstance(statement, ast.Import | ast.ImportFrom):
                    raise
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - also SystemExit: the next cell runs all the same
        return {"failure": asdict(failure_of(error))}
    return {"failure": None}


class _Shell:
    """Stands in for IPython's shell: magics and shell commands are accepted and do nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **keywords: None


def _plain_python(source: str) -> str:
    """The source with magics and shell commands made calls of the shell; IPython is loaded only where needed."""
    try:
        ast.parse(source)
    except SyntaxError:
        from IPython.core.inputtransformer2 import TransformerManager

        source = TransformerManager().transform_cell(source)
    return source


def _serve(incoming: int, outgoing: int) -> None:
    namespace: dict[str, Any] = {"__name__": "__main__", "get_ipython": _Shell}
    while True:
        request = wire.receive(incoming)
        if request["do"] == "cell":
            reply = _run_cell(request["source"], request["name"], namespace)
        elif request["do"] == "call":
            observation = observe(Call(**request["call"]), namespace)
            reply = {name: getattr(observation, name) for name in observation.__dataclass_fields__}
            reply["failure"] = asdict(observation.failure) if observation.failure else None
        else:
            reply = {}
        wire.send(outgoing, reply)


def main() -> None:
    """Close what is not ours, take the doors away, serve until the parent hangs up."""
    incoming, outgoing = int(sys.argv[1]), int(sys.argv[2])
    library = sys.argv[3]
    absent = ABSENT if library == "torch" else (*ABSENT, "torch")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    import numpy as np  # noqa: F401 - loaded before the learner's clock starts

    if library == "torch":
        import torch

        torch.set_num_threads(1)
    sys.meta_path.insert(0, _Absent(absent))
    _stub_doors()
    try:
        _serve(incoming, outgoing)
    except wire.WireClosed:
        os._exit(0)


if __name__ == "__main__":
    main()
