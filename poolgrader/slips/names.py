"""Find names that are easily confused with one another: names from the same unpacking, variables of loops,
names at the same place in two unpackings.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterable, Iterator

SAME_PLACE_AT_MOST = 4  # only unpackings of so few names are compared place by place


class Siblings:
    """For each name, the other names that a slip may write instead of it: its siblings.

    `n, c, h, w = x.shape` makes four siblings. `kh, kw = ...` and `sh, sw = ...` in one function also make kh
    a sibling of sh. The loop variables of a function are siblings of one another, and so are its arguments.
    Names are siblings too if two neighbouring statements of the same form assign to them.
    """

    def __init__(self, tree: ast.Module) -> None:
        self._of: dict[str, set[str]] = {}
        for scope in ast.walk(tree):
            if isinstance(scope, ast.FunctionDef):
                for family in _families(scope):
                    self._join(family)

    def of(self, name: str) -> list[str]:
        """The siblings of a name, sorted."""
        return sorted(self._of.get(name, ()))

    def _join(self, family: Iterable[str]) -> None:
        names = {name for name in family if name != "_"}
        for name in names:
            self._of.setdefault(name, set()).update(names - {name})


def _families(function: ast.FunctionDef) -> Iterator[list[str]]:
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    yield [one.arg for one in arguments if one.arg != "self"]
    unpackings = list(_unpackings(function))
    yield from unpackings
    by_length: dict[int, list[list[str]]] = {}
    for names in unpackings:
        if len(names) <= SAME_PLACE_AT_MOST:
            by_length.setdefault(len(names), []).append(names)
    for alike in by_length.values():
        yield from (list(place) for place in zip(*alike, strict=True))
    yield [name for node in ast.walk(function) if isinstance(node, ast.For) for name in _names(node.target)]
    yield from _assigned_alike(function)


def _unpackings(function: ast.FunctionDef) -> Iterator[list[str]]:
    for node in ast.walk(function):
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.For)
            else []
        )
        for target in targets:
            for part in ast.walk(target):
                if isinstance(part, ast.Tuple) and all(isinstance(one, ast.Name) for one in part.elts):
                    yield list(_names(part))


def _assigned_alike(function: ast.FunctionDef) -> Iterator[list[str]]:
    """Names that neighbouring statements of the same form assign to, such as height and width."""
    for node in ast.walk(function):
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            continue
        for one, other in itertools.pairwise(body):
            if isinstance(one, ast.Assign) and isinstance(other, ast.Assign) and _form(one) == _form(other):
                yield [*_names(one.targets[0]), *_names(other.targets[0])]


def _form(statement: ast.stmt) -> list[type[ast.AST]]:
    return [type(node) for node in ast.walk(statement)]


def _names(target: ast.expr) -> Iterator[str]:
    return (node.id for node in ast.walk(target) if isinstance(node, ast.Name))
