"""The learner's code as text. It is parsed, but never run; it helps to explain a wrong answer."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from poolgrader.calls.magics import plain

STUB = "NotImplementedError"


@dataclass(frozen=True)
class Unreadable:
    """A cell that is not valid Python: the line with the syntax error, and Python's message."""

    line: str
    says: str


@dataclass(frozen=True)
class NotebookSources:
    """The cells of a notebook, in the order in which they were run.

    Args:
        cells: their sources, which may contain IPython magics.
    """

    cells: tuple[str, ...] = ()

    @cached_property
    def _parsed(self) -> list[ast.Module | Unreadable]:
        return [_parse(cell) for cell in self.cells]

    def function(self, name: str) -> ast.FunctionDef | None:
        """The last definition of a function, or None."""
        return next((one for one in self._functions() if one.name == name), None)

    def unreadable(self, name: str) -> Unreadable | None:
        """The syntax error in the last cell that defines a name; None if that cell is valid Python."""
        defines = re.compile(rf"^\s*(def|class)\s+{re.escape(name)}\b|^{re.escape(name)}\s*=", re.MULTILINE)
        for cell, parsed in zip(reversed(self.cells), reversed(self._parsed), strict=True):
            if defines.search(cell):
                return parsed if isinstance(parsed, Unreadable) else None
        return None

    def renamed(self, name: str) -> str:
        """The name of another function with the same parameters, if the function of the given name is
        unchanged; else "".
        """
        stub = self.function(name)
        if stub is None or not _is_stub(stub):
            return ""
        wanted = [one.arg for one in stub.args.args]
        others = [one for one in self._functions() if one.name != name and not _is_stub(one)]
        return next((one.name for one in others if wanted and [a.arg for a in one.args.args] == wanted), "")

    def _functions(self) -> Iterator[ast.FunctionDef]:
        """All functions at the top level of a cell, the last one first."""
        for tree in reversed(self._parsed):
            for node in reversed(tree.body) if isinstance(tree, ast.Module) else ():
                if isinstance(node, ast.FunctionDef):
                    yield node


def _parse(cell: str) -> ast.Module | Unreadable:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            text = plain(cell)
            compile(text, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)  # runs nothing
            return ast.parse(text)
        except SyntaxError as error:
            line = (error.text or "").strip() or _line(cell, error.lineno or 0)
            return Unreadable(line[:200], f"{type(error).__name__}: {error.msg}")
        except (ValueError, RecursionError, MemoryError) as error:
            return Unreadable("", type(error).__name__)


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def _is_stub(function: ast.FunctionDef) -> bool:
    last = function.body[-1]
    return isinstance(last, ast.Raise) and last.exc is not None and STUB in ast.unparse(last.exc)


def returns_in_loop(function: ast.FunctionDef) -> str:
    """The line of a `return` that ends a loop's body, so that the loop stops in its first round; or ""."""
    for loop in _statements(function.body):
        if not isinstance(loop, ast.For | ast.While) or not isinstance(loop.body[-1], ast.Return):
            continue
        if not any(isinstance(one, ast.Continue) for one in _statements(loop.body)):
            return ast.unparse(loop.body[-1])
    return ""


def returns_nothing(function: ast.FunctionDef) -> bool:
    """Whether the function has no `return` with a value."""
    return not any(isinstance(node, ast.Return) and node.value for node in _statements(function.body))


def calls(function: ast.FunctionDef, *names: str) -> bool:
    """Whether the function calls a function or method with one of these names, such as "print"."""
    called = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return any(
        (one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "")) in names for one in called
    )


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements of a function, except those of functions and classes that are defined in it."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            continue
        for inner in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(statement, inner, []))
        for handler in getattr(statement, "handlers", []):
            yield from _statements(handler.body)
