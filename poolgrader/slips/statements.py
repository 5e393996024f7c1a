"""Slips in whole statements: one left out, one in the wrong loop, `=` for `+=`, a wrong initial value."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from poolgrader.slips.expressions import STARTS
from poolgrader.slips.source import Edit


def edits_of_block(node: ast.AST) -> Iterator[Edit]:
    """All slips in the statements directly inside a function, a loop or a condition."""
    for body in (getattr(node, "body", None), getattr(node, "orelse", None)):
        if isinstance(body, list) and not isinstance(node, ast.Module):
            for statement in body:
                yield from _of_statement(statement)
    if isinstance(node, ast.FunctionDef):
        yield from _early_returns(node)
        yield from _other_starts(node)


def _of_statement(statement: ast.stmt) -> Iterator[Edit]:
    if _is_docstring(statement):
        return
    if isinstance(statement, ast.Expr | ast.Assign | ast.AugAssign | ast.Raise | ast.Continue | ast.Break):
        yield Edit("a line left out", statement, "pass")
    if isinstance(statement, ast.AugAssign):
        target, value = ast.unparse(statement.target), ast.unparse(statement.value)
        yield Edit("= for +=", statement, f"{target} = {value}")
        if isinstance(statement.op, ast.Add):
            yield Edit("another operator", statement, f"{target} -= {value}")
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript):
        yield Edit(
            "+= for =", statement, f"{ast.unparse(statement.targets[0])} += {ast.unparse(statement.value)}"
        )
    if isinstance(statement, ast.If):
        yield Edit("a condition left out", statement.test, "True")
        yield Edit("a condition left out", statement.test, "False")
    if isinstance(statement, ast.Continue):
        yield Edit("break for continue", statement, "break")
    if isinstance(statement, ast.Break):
        yield Edit("continue for break", statement, "continue")


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _early_returns(function: ast.FunctionDef) -> Iterator[Edit]:
    """Copy the last `return` to the end of each loop's body."""
    last = function.body[-1]
    if not isinstance(last, ast.Return):
        return
    for node in ast.walk(function):
        if isinstance(node, ast.For | ast.While):
            yield Edit("return inside the loop", node.body[-1], ast.unparse(last), after=True)


def _other_starts(function: ast.FunctionDef) -> Iterator[Edit]:
    """Give another initial value to each variable that is assigned more than once in the function."""
    assigned = [
        (node.targets[0].id, node.value)
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    ]
    names = [name for name, _ in assigned] + [
        node.target.id
        for node in ast.walk(function)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)
    ]
    for name, value in assigned:
        uses_itself = any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(value))
        if names.count(name) > 1 and not uses_itself:
            yield from (Edit("another start", value, f"({start})") for start in STARTS)
