"""Which path a pooling takes: torch's native operator, unless the table knows a faster one for the case.

``impl="auto"`` asks ``TABLE``; ``"torch"``, ``"fast"`` and ``"compiled"`` force one path wherever it can run
at all, and elsewhere torch's native operator runs. All paths give the same maxima to the bit, with the same
indices; averages differ by rounding alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import NoneType
from typing import Any

import torch
from torch import Tensor, nn

from poolkit import sliding
from poolkit.errors import PoolingError
from poolkit.windows import Window

IMPLEMENTATIONS = ("auto", "torch", "fast", "compiled")
FLOATS = (torch.float32, torch.float64)
# Arguments of these types a cache can hold: they do not change, and 1, 1.0 and True are kept apart.
PLAIN = {int, bool, str, NoneType}
TORCH_MAX = (torch.max_pool1d, torch.max_pool2d, torch.max_pool3d)


@dataclass(frozen=True)
class Row:
    """A line of the table: what a path can do, and from where on it pays.

    :param path: ``"fast"`` or ``"compiled"``.
    :param operation: ``"max"`` or ``"avg"``.
    :param run: Called as ``run(input, window, ...)`` with what the operation takes besides.
    :param dtypes: Of the input.
    :param layouts: ``"contiguous"``, ``"channels_last"`` or both.
    :param gradient: Whether it may run where the input wants a gradient, or indices are asked for.
    :param can: Which windows it can do, over an input of a shape.
    :param pays: Which of these are faster than torch, by the benchmark lines.
    :param measured: The benchmark lines, by the names of their cases.
    """

    path: str
    operation: str
    run: Callable[..., Any]
    dtypes: tuple[torch.dtype, ...]
    layouts: tuple[str, ...]
    gradient: bool
    can: Callable[[Window, torch.Size], bool]
    pays: Callable[[Window, torch.Size], bool]
    measured: str

    def suits(self, input: Tensor, gradient: bool) -> bool:
        """Say whether it can take this tensor: its window, shape and dtype have been looked at before."""
        if (gradient and not self.gradient) or not input.is_cpu or type(input) not in (Tensor, nn.Parameter):
            return False
        last = "channels_last" in self.layouts and input.dim() == 4
        return input.is_contiguous() or (last and input.is_contiguous(memory_format=torch.channels_last))


TABLE: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What does not change from call to call.

    :param window: The window, checked against the shape.
    :param native: Arguments of torch's operator, where its result is poolkit's as it is.
    :param able: Rows that can run, where the input suits them.
    :param rows: Those of them that pay.
    """

    window: Window
    native: tuple[Any, ...] | None
    able: tuple[Row, ...]
    rows: tuple[Row, ...]


def max_pool(operation: str, input: Tensor, arguments: tuple[Any, ...], indices: bool, impl: str = "auto") -> Any:
    """Pool by the path that the table or the caller chooses.

    :param operation: ``"max_pool2d"`` or a brother.
    :param arguments: Kernel size, stride, padding, dilation, ceil_mode.
    :param indices: Whether to return a pair of values and indices.
    :param impl: See :mod:`poolkit.dispatch`.

    >>> max_pool("max_pool1d", torch.tensor([[1.0, 3.0, 2.0]]), (2, 1, 0, 1, False), False)
    tensor([[3., 3.]])
    """
    plan = _planned(operation, input, arguments)
    if plan.rows or impl != "auto":
        row = choose(plan, input, impl, indices)
        if row is not None:
            return row.run(input, plan.window, indices)
    if plan.native is None:
        pair = sliding.max_pool(input, plan.window)
        return pair if indices else pair[0]
    axes = len(plan.window.kernel)
    return (sliding.TORCH_MAX[axes] if indices else TORCH_MAX[axes - 1])(input, *plan.native)


def avg_pool(operation: str, input: Tensor, arguments: tuple[Any, ...], impl: str = "auto") -> Tensor:
    """Average by the path that the table or the caller chooses.

    :param arguments: Kernel size, stride, padding, dilation, ceil_mode, count_include_pad, divisor_override.

    >>> avg_pool("avg_pool1d", torch.tensor([[1.0, 3.0]]), (2, 1, 0, 1, False, True, None))
    tensor([[2.]])
    """
    plan = _planned(operation, input, arguments)
    if plan.rows or impl != "auto":
        row = choose(plan, input, impl)
        if row is not None:
            result: Tensor = row.run(input, plan.window, *arguments[5:])
            return result
    if plan.native is None or (plan.window.axes == 3 and not input.is_contiguous()):  # loses channels_last
        return sliding.avg_pool(input, plan.window, *arguments[5:])
    return sliding.TORCH_AVG[plan.window.axes](input, *plan.native)


def choose(plan: Plan, input: Tensor, impl: str = "auto", indices: bool = False) -> Row | None:
    """Name the row that runs; None is torch's native operator.

    :raises PoolingError: For an ``impl`` that there is not.
    """
    if impl not in IMPLEMENTATIONS:
        raise PoolingError(plan.window.operation, "impl", f"one of {', '.join(IMPLEMENTATIONS)}", impl)
    if torch.compiler.is_compiling() or _transformed():
        return None  # compilers, vmap and forward derivatives know torch's operators, not ours
    gradient = indices or (input.requires_grad and torch.is_grad_enabled())
    for row in plan.rows if impl == "auto" else plan.able:
        if impl in ("auto", row.path) and row.suits(input, gradient):
            return row
    return None


def _transformed() -> bool:
    return torch._C._are_functorch_transforms_active() or torch.autograd.forward_ad._current_level >= 0


def _planned(operation: str, input: Any, arguments: tuple[Any, ...]) -> Plan:
    if not isinstance(input, Tensor):
        sliding.check_input(input, int(operation[-2]), operation)
    for given in arguments:
        if type(given) is list:
            return _planned(operation, input, tuple(tuple(a) if type(a) is list else a for a in arguments))
        if type(given) not in PLAIN and (type(given) is not tuple or not all(type(n) is int for n in given)):
            return _make_plan(operation, input.shape, input.dtype, *arguments)
    return _plan(operation, input.shape, input.dtype, *arguments)


def _make_plan(operation: str, shape: torch.Size, dtype: torch.dtype, *arguments: Any) -> Plan:
    window = sliding.window_over_shape(shape, dtype, *arguments[:5], operation=operation)
    kind = operation[:3]
    native = sliding.torch_arguments(window, shape[-window.axes :], kind == "avg")
    if kind == "avg":
        sliding.check_average(window, shape, dtype, *arguments[6:])
        if native is not None:
            native += (arguments[5], *(arguments[6:] if window.axes > 1 else ()))
        if sliding.longer_in_3d(window, shape) or (window.axes == 3 and dtype in sliding.HALVES):
            native = None
    if not dtype.is_floating_point:
        native = None
    able = tuple(
        row
        for row in TABLE
        if native is not None and row.operation == kind and dtype in row.dtypes and row.can(window, shape)
    )
    return Plan(window, native, able, tuple(row for row in able if row.pays(window, shape)))


_plan = lru_cache(maxsize=1024, typed=True)(_make_plan)
