"""Runs a notebook's cells statement by statement in one namespace, as a notebook does.

A statement that fails is left out, and the next one runs: in the learner's notebook it did not fail, and what
it needs may only be missing here, such as a file, or a package. The names that the statement would have
defined are kept with the reason, because a later "x is not defined" is explained by it.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import linecache
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any

from poolgrader.calls.banned import ForbiddenOperator
from poolgrader.calls.observe import failure_of
from poolgrader.calls.values import Failure
from poolgrader.jail.notebook_syntax import as_python
from poolgrader.jail.shell import RUNS_CELL, RUNS_LINE

AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
NOT_THERE = "which is not there where answers are graded"
MOST_LOST_NAMES = 200  # of so many names at most it is kept why they are not defined
# What stops a statement here without any fault of the learner's: a package that is absent where answers are
# graded, torch in a numpy question, a question's cell that is not answered yet, and `input`.
EXPECTED = (ModuleNotFoundError, ForbiddenOperator, NotImplementedError, EOFError)


@dataclass(frozen=True)
class Statement:
    """One statement of a cell.

    Args:
        code: the compiled statement.
        line: the number of its first line in the cell.
        names: the names that it defines at the top level.
        module: the package that it imports, if it is an import; else "".
    """

    code: CodeType
    line: int
    names: tuple[str, ...]
    module: str = ""


@dataclass(frozen=True)
class Problem:
    """The first statement of a cell that failed.

    Args:
        failure: the exception.
        expected: whether it failed only because something is not there where answers are graded.
    """

    failure: Failure
    expected: bool


class Cells:
    """A notebook whose cells are run one after another.

    Args:
        namespace: in which they run.

    Attributes:
        lost: what became of the names that a failing statement would have defined; the words go on after
            the name: "is imported from ...".
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace
        self.lost: dict[str, str] = {}
        self._expected: set[str] = set()  # of the lost names, those whose reason is no fault
        self._absent_stars: list[str] = []  # absent modules of which everything was to be imported
        self._flags = 0  # of the `from __future__` lines so far: in a notebook they hold for all later cells

    def statements(self, source: str, name: str) -> list[Statement]:
        """Compile a cell.

        Args:
            source: the text of the cell, with magics and shell lines.
            name: of the cell, for tracebacks.

        Raises:
            SyntaxError: if it is no valid Python.
        """
        file = f"<{name}>"
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            return [self._statement(node, file) for node in self._nodes(source, file)]

    def _nodes(self, source: str, file: str) -> Iterator[ast.stmt]:
        """The statements of a text; those inside `%%time` and `%time` are statements of their own."""
        flags = self._flags | AWAIT | ast.PyCF_ONLY_AST
        try:
            tree: ast.Module = compile(source, file, "exec", flags, dont_inherit=True)
        except SyntaxError:
            tree = compile(as_python(source), file, "exec", flags, dont_inherit=True)
        for node in _split_imports(tree.body):
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                only = compile(ast.Module([node], []), file, "exec", self._flags, dont_inherit=True)
                self._flags |= only.co_flags & FUTURE_FLAGS
            elif (inner := _code_in_a_magic(node)) is not None:
                yield from self._nodes("\n" * (node.lineno - 1) + inner, file)
            else:
                yield node

    def _statement(self, node: ast.stmt, file: str) -> Statement:
        code = compile(ast.Module([node], []), file, "exec", self._flags | AWAIT, dont_inherit=True)
        return Statement(code, node.lineno, tuple(_names_defined_by(node)), _package_imported_by(node))

    def run(self, source: str, name: str) -> Problem | None:
        """Run a whole cell; return the first problem that is a fault, or else the first problem, or None."""
        try:
            statements = self.statements(source, name)
        except BaseException as error:  # noqa: BLE001 - no valid Python, or too deep for the compiler
            return Problem(failure_of(error), expected=False)
        problems = [problem for one in statements if (problem := self.step(one))]
        return next((one for one in problems if not one.expected), next(iter(problems), None))

    def step(self, statement: Statement) -> Problem | None:
        """Run one statement."""
        try:
            awaited = eval(statement.code, self.namespace)
            if inspect.iscoroutine(awaited):
                asyncio.run(awaited)
        except BaseException as error:  # noqa: BLE001 - also SystemExit: the next statement runs all the same
            return self._failed(statement, error)
        for name in statement.names:
            self.lost.pop(name, None)
        return None

    def _failed(self, statement: Statement, error: BaseException) -> Problem:
        failure = failure_of(error)
        missing = str(getattr(error, "name", "") or "") if isinstance(error, NameError) else ""
        expected = isinstance(error, EXPECTED) or missing in self._expected
        if missing and missing not in self.lost and self._absent_stars:
            self.lost[missing] = f"may be imported from {self._absent_stars[-1]}, {NOT_THERE}"
            expected = True
        if isinstance(error, ModuleNotFoundError) and "*" in statement.names:
            self._absent_stars.append(statement.module)
        known = self.lost.get(missing)
        reason = f"needs `{missing}`, which {known}" if known else _told(failure, statement.module)
        for name in statement.names:
            if name not in self.namespace and len(self.lost) < MOST_LOST_NAMES:
                self.lost[name] = reason
                if expected:
                    self._expected.add(name)
        return Problem(failure, expected)


def _future_flags() -> int:
    import __future__

    flags = 0
    for name in __future__.all_feature_names:
        flags |= getattr(__future__, name).compiler_flag
    return flags


FUTURE_FLAGS = _future_flags()


def _told(failure: Failure, module: str) -> str:
    """What became of a name whose statement failed: words that go on after the name."""
    if failure.type_name == "ModuleNotFoundError" and module:
        return f"is imported from {module}, {NOT_THERE}"
    if failure.type_name == "ForbiddenOperator":
        return f"is made with {failure.message}, which cannot be called where this question is graded"
    where = f" at the line `{failure.line}`" if failure.line else ""
    return f"is not defined, because its cell stopped{where}: {failure.type_name}: {failure.message}"


def _split_imports(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements, with each imported name in an import of its own: one that is absent costs no other."""
    for node in body:
        if isinstance(node, ast.Import) and len(node.names) > 1:
            for alias in node.names:
                yield ast.copy_location(ast.Import([alias]), node)
        elif isinstance(node, ast.ImportFrom) and len(node.names) > 1:
            for alias in node.names:
                yield ast.copy_location(ast.ImportFrom(node.module, [alias], node.level), node)
        else:
            yield node


def _code_in_a_magic(node: ast.stmt) -> str | None:
    """The code that a magic runs, if the statement is such a magic: `get_ipython().run_cell_magic(...)`."""
    if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        return None
    called, arguments = node.value.func, node.value.args
    if not (isinstance(called, ast.Attribute) and ast.unparse(called.value) == "get_ipython()"):
        return None
    texts = [one.value for one in arguments if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if called.attr == "run_cell_magic" and len(texts) == 3 and texts[0] in RUNS_CELL:
        return "\n" + texts[2]  # the magic had a line of its own
    if called.attr == "run_line_magic" and len(texts) == 2 and texts[0] in RUNS_LINE:
        return texts[1].strip()
    return None


def _package_imported_by(node: ast.stmt) -> str:
    if isinstance(node, ast.Import):
        return node.names[0].name
    return node.module or "" if isinstance(node, ast.ImportFrom) else ""


def _names_defined_by(node: ast.stmt) -> Iterator[str]:
    """The names that a statement at the top level defines, also inside its `if`, `for`, `with` and `try`."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
    else:
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                yield part.id
            elif part is not node and isinstance(part, ast.FunctionDef | ast.ClassDef):
                yield part.name
