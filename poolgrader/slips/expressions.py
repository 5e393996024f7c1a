"""Slips inside an expression: a number, a name, an operator, a bound, an argument."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from poolgrader.slips.names import Siblings
from poolgrader.slips.source import Edit

STARTS = ("0", "-1", "-100", "-1e9")  # numbers that people take for minus infinity as the start of a maximum
OTHER_OPERATOR: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add,),
    ast.Div: (ast.FloorDiv,),
    ast.FloorDiv: (ast.Mod,),
    ast.Mod: (ast.FloorDiv,),
}
NOT_COMMUTATIVE = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
OTHER_COMPARISON: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
# Functions and methods, each with those that people confuse with it.
OTHER_FUNCTION = {
    "max": ("min", "mean", "argmax", "nanmax"),
    "amax": ("amin", "mean"),
    "min": ("max", "mean"),
    "amin": ("amax",),
    "maximum": ("minimum", "fmax"),
    "minimum": ("maximum",),
    "sum": ("mean", "max"),
    "mean": ("sum", "median"),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "floor": ("ceil", "round"),
    "ceil": ("floor",),
    "any": ("all",),
    "all": ("any",),
    "empty": ("zeros",),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "log": ("exp",),
    "exp": ("log",),
}


def edits_of_expression(node: ast.expr, siblings: Siblings) -> Iterator[Edit]:
    """All slips of the expression itself; the slips of the expressions inside it are not included."""
    if isinstance(node, ast.Name):
        yield from _of_name(node, siblings)
    else:
        yield from EDITS.get(type(node), _none)(node)


def _none(node: ast.expr) -> Iterator[Edit]:
    yield from ()


def _of_name(node: ast.Name, siblings: Siblings) -> Iterator[Edit]:
    if isinstance(node.ctx, ast.Load):
        for other in siblings.of(node.id):
            yield Edit("one name for another", node, other)


def _of_constant(node: ast.expr) -> Iterator[Edit]:
    assert isinstance(node, ast.Constant)
    value = node.value
    if isinstance(value, bool):
        yield Edit("yes for no", node, repr(not value))
    elif isinstance(value, int):
        yield Edit("a number one off", node, repr(value + 1))
        yield Edit("a number one off", node, f"({value - 1})" if value < 1 else repr(value - 1))
    elif isinstance(value, float):
        yield Edit("another number", node, repr(value + 1))
        yield Edit("another number", node, "0.0")


def _of_unary(node: ast.expr) -> Iterator[Edit]:
    assert isinstance(node, ast.UnaryOp)
    yield Edit("a sign or a not left out", node, node.operand)
    if isinstance(node.op, ast.USub) and _is_infinite(node.operand):
        yield from (Edit("another start", node, f"({start})") for start in STARTS)


def _is_infinite(node: ast.expr) -> bool:
    return ast.unparse(node) in ("np.inf", "math.inf", "torch.inf", "inf", "float('inf')")


def _of_attribute(node: ast.expr) -> Iterator[Edit]:
    assert isinstance(node, ast.Attribute)
    if _is_infinite(node):
        yield from (Edit("another start", node, start) for start in ("0", "1", "100", "1e9"))


def _of_binary(node: ast.expr) -> Iterator[Edit]:
    assert isinstance(node, ast.BinOp)
    yield Edit("an operand left out", node, node.left)
    yield Edit("an operand left out", node, node.right)
    if isinstance(node.op, NOT_COMMUTATIVE):
        yield Edit("operands swapped", node, ast.BinOp(node.right, node.op, node.left))
    for other in OTHER_OPERATOR.get(type(node.op), ()):
        yield Edit("another operator", node, ast.BinOp(node.left, other(), node.right))
    if isinstance(node.op, ast.FloorDiv):
        left, right = ast.unparse(node.left), ast.unparse(node.right)
        yield Edit("rounded up", node, f"(-(-({left}) // ({right})))")
        yield Edit("not rounded", node, ast.BinOp(node.left, ast.Div(), node.right))


def _of_comparison(node: ast.expr) -> Iterator[Edit]:
    assert isinstance(node, ast.Compare)
    for position, operator in enumerate(node.ops):
        for other in OTHER_COMPARISON.get(type(operator), ()):
            ops = [*node.ops[:position], other(), *node.ops[position + 1 :]]
            yield Edit("another comparison", node, ast.Compare(node.left, ops, node.comparators))
    if len(node.ops) > 1:  # in 0 <= i < n one of the two comparisons is forgotten
        yield Edit("half of a condition", node, ast.Compare(node.left, node.ops[:1], node.comparators[:1]))
        yield Edit(
            "half of a condition", node, ast.Compare(node.comparators[0], node.ops[1:], node.comparators[1:])
        )


def _of_condition(node: ast.expr) -> Iterator[Edit]:
    assert isinstance(node, ast.BoolOp)
    for at in range(len(node.values)):
        kept = node.values[:at] + node.values[at + 1 :]
        yield Edit("half of a condition", node, kept[0] if len(kept) == 1 else ast.BoolOp(node.op, kept))
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield Edit("and for or", node, ast.BoolOp(other, node.values))


def _of_choice(node: ast.expr) -> Iterator[Edit]:
    assert isinstance(node, ast.IfExp)
    yield Edit("one case for all", node, node.body)
    yield Edit("one case for all", node, node.orelse)


def _of_call(node: ast.expr) -> Iterator[Edit]:
    assert isinstance(node, ast.Call)
    for at in range(len(node.keywords)):
        keywords = node.keywords[:at] + node.keywords[at + 1 :]
        yield Edit("an argument left out", node, ast.Call(node.func, node.args, keywords))
    if len(node.args) > 1:
        for at in range(len(node.args)):
            args = node.args[:at] + node.args[at + 1 :]
            yield Edit("an argument left out", node, ast.Call(node.func, args, node.keywords))
        if len(node.args) == 2:
            yield Edit("arguments swapped", node, ast.Call(node.func, node.args[::-1], node.keywords))
    if node.args and not isinstance(node.args[0], ast.Starred):
        yield Edit("a call left out", node, node.args[0])
    if isinstance(node.func, ast.Attribute):
        yield Edit("a call left out", node, node.func.value)
    yield from _other_functions(node)
    if ast.unparse(node.func) == "range":
        yield from _other_ranges(node)


def _other_functions(node: ast.Call) -> Iterator[Edit]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    for other in OTHER_FUNCTION.get(name, ()):
        if isinstance(node.func, ast.Attribute):
            func: ast.expr = ast.Attribute(node.func.value, other, ast.Load())
        else:
            func = ast.Name(other, ast.Load())
        yield Edit("another function", node, ast.Call(func, node.args, node.keywords))


def _other_ranges(node: ast.Call) -> Iterator[Edit]:
    written = [ast.unparse(argument) for argument in node.args]
    if len(written) == 1:
        yield Edit("a loop one short or one over", node, f"range(1, {written[0]})")
    end = 0 if len(written) == 1 else 1
    for change in ("- 1", "+ 1"):
        changed = [*written[:end], f"{written[end]} {change}", *written[end + 1 :]]
        yield Edit("a loop one short or one over", node, f"range({', '.join(changed)})")


def _of_subscript(node: ast.expr) -> Iterator[Edit]:
    assert isinstance(node, ast.Subscript)
    if not isinstance(node.ctx, ast.Load):
        return
    indices = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for index in indices:
        if not isinstance(index, ast.Slice | ast.Constant | ast.UnaryOp | ast.Starred):
            for change in ("- 1", "+ 1"):
                yield Edit("an index one off", index, f"{ast.unparse(index)} {change}")


def _of_slice(node: ast.expr) -> Iterator[Edit]:
    assert isinstance(node, ast.Slice)
    for lower, upper, step in _other_slices(node):
        yield Edit("another slice", node, ast.Slice(lower, upper, step))


Bounds = tuple[ast.expr | None, ast.expr | None, ast.expr | None]


def _other_slices(node: ast.Slice) -> Iterator[Bounds]:
    lower, upper, step = node.lower, node.upper, node.step
    if step is not None:
        yield lower, upper, None
    if upper is not None:
        yield lower, None, step
        for operator in (ast.Sub(), ast.Add()):
            yield lower, ast.BinOp(upper, operator, ast.Constant(1)), step
    if lower is not None:
        yield None, upper, step
        yield ast.BinOp(lower, ast.Add(), ast.Constant(1)), upper, step


def _of_tuple(node: ast.expr) -> Iterator[Edit]:
    assert isinstance(node, ast.Tuple)
    if len(node.elts) != 2 or any(isinstance(one, ast.Starred | ast.Slice) for one in node.elts):
        return
    first, second = (ast.unparse(one) for one in node.elts)
    yield Edit("a pair swapped", node, f"({second}, {first})")
    if isinstance(node.ctx, ast.Load):
        yield Edit("one number for both", node, f"({first}, {first})")
        yield Edit("one number for both", node, f"({second}, {second})")


EDITS: dict[type[ast.expr], Callable[[ast.expr], Iterator[Edit]]] = {
    ast.Constant: _of_constant,
    ast.UnaryOp: _of_unary,
    ast.Attribute: _of_attribute,
    ast.BinOp: _of_binary,
    ast.Compare: _of_comparison,
    ast.BoolOp: _of_condition,
    ast.IfExp: _of_choice,
    ast.Call: _of_call,
    ast.Subscript: _of_subscript,
    ast.Slice: _of_slice,
    ast.Tuple: _of_tuple,
}
