"""What an answer uses that is not there where it is graded, so that `check` can say so beforehand.

Where an answer is graded there are Python, numpy and, if the question says so, torch; no other package, no
file of the learner's, no network, and no other process. The notebook's kernel has all of these.
"""

from __future__ import annotations

import dis
import os
import re
import sys
import sysconfig
import types
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from poolgrader.jail.standins import SHOWING

PRESENT = frozenset({*sys.stdlib_module_names, *SHOWING, "numpy", "poolgrader", "__main__", "builtins"})
WRITTEN = re.compile(r"\s*%%(?:writefile|file)\s+(?:-a\s+)?(\S+)")
MOST_OBJECTS = 2_000  # so many objects that an answer uses are looked at
MOST_ITEMS = 50  # of a list, a tuple or a dictionary
NOT_THE_LEARNERS = tuple(
    str(Path(folder).resolve())
    for folder in (sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), sys.prefix, "/proc", "/dev")
)
STARTS_A_PROCESS = {"os.fork", "os.posix_spawn", "os.spawn", "os.system", "subprocess.Popen", "pty.spawn"}
USES_THE_NETWORK = {"socket.connect", "socket.bind", "socket.getaddrinfo"}


def _is_the_learners(path: str) -> bool:
    """Whether a file belongs to the learner: neither to Python nor to an installed package."""
    return not path.startswith(NOT_THE_LEARNERS) and not {"site-packages", "dist-packages"} & {
        *Path(path).parts
    }


class _Events:
    """What Python's audit events say about the calls of an answer; the hook can be added only once."""

    def __init__(self) -> None:
        self.on, self.added = False, False
        self.seen: list[str] = []
        self.written: set[str] = set()

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note an event, if an answer is being called."""
        if not self.on:
            return
        if event in STARTS_A_PROCESS:
            self.seen.append("It starts another process, and no process can be started there.")
        elif event in USES_THE_NETWORK:
            self.seen.append("It uses the network, and there is none there.")
        elif event == "open" and isinstance(arguments[0], str | bytes):
            self._note_file(os.fsdecode(arguments[0]), str(arguments[1] or ""), int(arguments[2] or 0))

    def _note_file(self, name: str, mode: str, flags: int) -> None:
        path = str(Path(name).resolve())
        if any(letter in mode for letter in "wax+") or flags & (os.O_WRONLY | os.O_RDWR):
            self.written.add(path)
        elif path not in self.written and _is_the_learners(path) and Path(path).is_file():
            self.seen.append(f"It reads the file {name!r}, and your files are not there.")


_events = _Events()


@contextmanager
def watched() -> Iterator[list[str]]:
    """Note which files, processes and networks are used; what is found are sentences for the learner."""
    if not _events.added:
        sys.addaudithook(_events.note)
        _events.added = True
    _events.seen = []
    _events.on = True
    try:
        yield _events.seen
    finally:
        _events.on = False


def absences(name: str, namespace: Mapping[str, Any], library: str, cells: Sequence[str] = ()) -> list[str]:
    """Sentences on each package and value that an answer uses and that is not there where it is graded.

    Args:
        name: of the answer.
        namespace: the notebook's names.
        library: of the question: "numpy" or "torch".
        cells: the notebook's cells; the files that their `%%writefile` writes are there.
    """
    written = {found[1] for cell in cells if (found := WRITTEN.match(cell))}
    walk = _Walk(library, written)
    walk.visit(name, namespace.get(name))
    return list(dict.fromkeys(walk.found))


class _Walk:
    """A walk through all objects that a function can reach by name."""

    def __init__(self, library: str, written: Set[str]) -> None:
        self.library, self.written = library, written
        self.found: list[str] = []
        self._seen: set[int] = set()

    def visit(self, name: str, value: Any) -> None:
        """Look at an object, and at what it uses in turn.

        Args:
            name: by which the notebook knows it.
            value: the object.
        """
        if id(value) in self._seen or len(self._seen) > MOST_OBJECTS:
            return
        self._seen.add(id(value))
        if isinstance(value, types.ModuleType):
            self._note_package(value.__name__)
        elif isinstance(value, types.FunctionType):
            self._visit_function(value)
        elif isinstance(value, type):
            self._visit_class(value)
        elif isinstance(value, list | tuple):
            for item in value[:MOST_ITEMS]:
                self.visit(name, item)
        elif isinstance(value, dict):
            for item in list(value.values())[:MOST_ITEMS]:
                self.visit(name, item)
        else:
            self._visit_instance(name, value)

    def _note_package(self, module: str) -> None:
        package = module.partition(".")[0]
        loaded = sys.modules.get(package)
        if package in PRESENT or package == "torch":
            return  # the names of torch are there for numpy questions too; its calls are refused by the check
        own = str(getattr(loaded, "__file__", "") or "")
        if own and Path(own).name in self.written:
            return
        if own and _is_the_learners(str(Path(own).resolve())):
            self.found.append(f"It uses your file {Path(own).name}, and only the notebook itself is there.")
        else:
            self.found.append(f"It uses {package}, and this package is not there.")

    def _visit_function(self, function: types.FunctionType) -> None:
        module = function.__module__ or "__main__"
        if module.partition(".")[0] != "__main__":
            self._note_package(module)
            return
        for name in _globals_of(function.__code__):
            if name in function.__globals__:
                self.visit(name, function.__globals__[name])
        for module in _imports_of(function.__code__):
            self._note_package(module)
        for cell in function.__closure__ or ():
            self.visit(function.__name__, cell.cell_contents)
        for default in (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()):
            self.visit(function.__name__, default)

    def _visit_class(self, kind: type) -> None:
        if kind.__module__.partition(".")[0] != "__main__":
            self._note_package(kind.__module__)
            return
        for member in (*kind.__bases__, *vars(kind).values()):
            if isinstance(member, type | types.FunctionType):
                self.visit(kind.__name__, member)

    def _visit_instance(self, name: str, value: Any) -> None:
        package = type(value).__module__.partition(".")[0]
        is_tensor = package == "torch" and type(value).__name__ in ("Tensor", "Parameter")
        if is_tensor and self.library == "numpy":
            self.found.append(
                f"It uses {name}, a tensor of torch, and this question is graded without torch."
            )
        elif not is_tensor:
            self.visit(name, type(value))


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _globals_of(code: types.CodeType) -> set[str]:
    """The global names that a function and the functions in it look up."""
    found = (one for inner in _codes(code) for one in dis.get_instructions(inner))
    return {str(one.argval) for one in found if one.opname in ("LOAD_GLOBAL", "LOAD_NAME")}


def _imports_of(code: types.CodeType) -> set[str]:
    found = (one for inner in _codes(code) for one in dis.get_instructions(inner))
    return {str(one.argval) for one in found if one.opname == "IMPORT_NAME" and one.argval}
