"""Replace the text of one node of a source by another text."""

from __future__ import annotations

import ast
from dataclasses import dataclass


@dataclass(frozen=True)
class Slip:
    """A source with one slip in it.

    Args:
        kind: the kind of slip, in a few words.
        line: number of the line that was changed, from 1.
        source: the whole changed source.
    """

    kind: str
    line: int
    source: str


@dataclass(frozen=True, eq=False)
class Edit:
    """One place of a source and the text that replaces it.

    Args:
        kind: the kind of slip.
        node: the node whose text is replaced.
        new: the new text, or a node that is turned into text.
        after: keep the node, and insert the new text as a statement after its last line.
    """

    kind: str
    node: ast.expr | ast.stmt
    new: str | ast.expr
    after: bool = False


class Text:
    """A source in which the text of one node can be replaced."""

    def __init__(self, source: str) -> None:
        self._lines = [
            line.encode() for line in source.splitlines(keepends=True)
        ]  # as bytes, because ast counts columns in bytes

    def with_edit(self, edit: Edit) -> str:
        """The whole source after one edit."""
        node = edit.node
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        first, last = node.lineno - 1, node.end_lineno - 1
        if edit.after:
            indent = b" " * node.col_offset
            new = indent + str(edit.new).encode() + b"\n"
            return b"".join([*self._lines[: last + 1], new, *self._lines[last + 1 :]]).decode()
        before = b"".join(self._lines[:first]) + self._lines[first][: node.col_offset]
        rest = self._lines[last][node.end_col_offset :] + b"".join(self._lines[last + 1 :])
        return (before + self._written(edit).encode() + rest).decode()

    def _written(self, edit: Edit) -> str:
        if isinstance(edit.new, str):
            return edit.new
        text = ast.unparse(edit.new)
        plain = isinstance(edit.new, ast.Name | ast.Constant | ast.Call | ast.Subscript | ast.Attribute)
        return text if plain or isinstance(edit.new, ast.Slice | ast.Tuple) else f"({text})"
