"""Slips: small edits of a source that imitate the mistakes people make.

An edit changes one place: a number is changed by one, one axis's name is written for the other's, `+=` for
`=`, a `return` inside the loop. Most edits of a right answer make it wrong; others change no output. Only
running the changed source shows which.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from poolgrader.slips.expressions import edits_of_expression
from poolgrader.slips.names import Siblings
from poolgrader.slips.source import Edit, Slip, Text
from poolgrader.slips.statements import edits_of_block

__all__ = ["Slip", "slips_of"]


def slips_of(source: str) -> list[Slip]:
    """All slips of a source, without repeated texts, in the order of the changed lines.

    Raises:
        SyntaxError: if the source is not valid Python.

    >>> [(slip.kind, slip.source) for slip in slips_of("y = a - 1")][:3]
    [('an operand left out', 'y = a'), ('an operand left out', 'y = 1'), ('operands swapped', 'y = (1 - a)')]
    """
    tree, text = ast.parse(source), Text(source)
    seen, found = {source}, []
    for edit in sorted(_edits(tree), key=lambda edit: edit.node.lineno):
        changed = text.with_edit(edit)
        if changed not in seen and _compiles(changed):
            seen.add(changed)
            found.append(Slip(edit.kind, edit.node.lineno, changed))
    return found


def _edits(tree: ast.Module) -> Iterator[Edit]:
    siblings, annotations = Siblings(tree), _annotations(tree)
    for node in ast.walk(tree):
        yield from edits_of_block(node)
        if isinstance(node, ast.expr) and node not in annotations:
            yield from edits_of_expression(node, siblings)


def _annotations(tree: ast.Module) -> set[ast.AST]:
    """Expressions in which an edit has no effect: the types of arguments and results."""
    outer: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.returns:
            outer.append(node.returns)
        if isinstance(node, ast.arg) and node.annotation:
            outer.append(node.annotation)
    return {inner for annotation in outer for inner in ast.walk(annotation)}


def _compiles(source: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(source, "<slip>", "exec")
        except SyntaxError:
            return False
    return True
