"""Choose the path, that is the implementation, of a pooling: torch's operator, or a faster one from a table.

``impl="auto"`` looks for a faster path in ``TABLE``. ``"torch"``, ``"fast"`` and ``"compiled"`` force one
path; if it cannot run the pooling, torch's operator does. All paths give the same maxima to the bit, with the
same indices. Averages differ by rounding alone, with one exception: where torch's sum overflows on its way
from cell to cell, a path that adds in another order may give a finite average. No path gives NaN or an
infinity where torch's average is finite.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from types import NoneType
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from poolkit import compiled, fast, inputs, sliding
from poolkit.errors import PoolingError
from poolkit.windows import Window

IMPLEMENTATIONS = ("auto", "torch", "fast", "compiled")
TORCH_MAX = (torch.max_pool1d, torch.max_pool2d, torch.max_pool3d)
# Arguments of these types can be keys of the cache: they are immutable, and it tells 1 from 1.0 and True.
PLAIN = {int, bool, str, NoneType}
Condition = Callable[[Window, torch.Size], bool]


class Row(NamedTuple):
    """A row of the table: a path, the tensors and windows it can pool, and when it is faster than torch."""

    path: str
    operation: str
    device: str
    layout: str
    gradient: bool  # the input requires a gradient, or indices are asked for
    dtypes: tuple[torch.dtype, ...]
    run: Callable[..., Any]
    can: Condition
    pays: Condition
    measured: str  # the cases of the benchmark that show that the path is faster


def looks(window: Window, shape: torch.Size) -> int:
    """Count the cells that torch's operator reads: about 1 ns each, 2 ns or more for a maximum."""
    outputs = math.prod(window.output_size(shape[-window.axes :]))
    return shape[: -window.axes].numel() * outputs * math.prod(window.kernel)


def plain(window: Window, shape: torch.Size) -> bool:
    """Say whether the window has one or two axes, no dilation, and offsets that fit in two bytes."""
    return window.axes <= 2 and set(window.dilation) == {1} and math.prod(window.kernel) <= 1 << 16


def whole(window: Window, shape: torch.Size) -> bool:
    """Say whether the window covers a whole plane, without padding."""
    return window.kernel == shape[-window.axes :] and window.padding == ((0, 0),) * window.axes


def worth(least: int, a_row: int = 0, repeats: float = 1, steps: int = 0) -> Condition:
    """Make the condition that a pooling reads enough cells for a path to save more time than its start costs.

    Args:
        least: how many cells the whole pooling must read; a cell counts once for each window it lies in.
        a_row: how many cells the pooling must read for each row that is read from memory or written to it.
        repeats: in how many windows each cell must lie. With a stride over 2 four times as many are needed,
            because a path then reads cell by cell. Along a single axis sixteen times as many are needed,
            because torch has a faster operator for it.
        steps: the largest stride at which the path is faster; 0 means any stride.
    """

    def pays(window: Window, shape: torch.Size) -> bool:
        work, often = looks(window, shape), math.prod(window.kernel) / math.prod(window.stride)
        lines = shape.numel() / shape[-1] * (1 + 1 / window.stride[0])
        often /= (4 if window.stride[-1] > 2 else 1) * (16 if window.axes == 1 else 1)
        return (
            work >= max(least, a_row * lines)
            and often >= repeats
            and max(window.stride) <= (steps or math.inf)
        )

    return pays


def dense(window: Window, shape: torch.Size) -> bool:
    """Say whether at stride 1 torch's reads of cells take longer than the products with two band matrices."""
    size, outputs = shape[-window.axes :], window.output_size(shape[-window.axes :])
    products = math.prod(size) * outputs[-1] + (math.prod(outputs) * size[0] if window.axes == 2 else 0)
    work = looks(window, shape)
    return set(window.stride) == {1} and work >= max(1 << 19, 0.06 * products * shape[: -window.axes].numel())


# The path of the first row whose conditions hold runs. A path must save more time than its start costs: 10
# microseconds for the compiled kernel, 50 for one of Triton's, 100 for torch operations. It saves reads of
# cells, and for each maximum it saves writing the 8 bytes of torch's index.
ROW, LAST, BOTH, ONE = "contiguous", "channels_last", (torch.float32, torch.float64), (torch.float32,)
EACH = (*BOTH, *sliding.HALVES)
ANY: Condition = lambda window, shape: set(window.dilation) == {1}  # noqa: E731 - an entry of the table
# fmt: off
TABLE = (
    # path      pooling device  layout gradient dtypes run               can    pays
    # measured
    Row("fast",     "avg", "cpu", ROW,  False, BOTH, fast.global_avg_pool, whole, worth(1 << 16, 0, 0),       "G"),
    Row("fast",     "avg", "cpu", ROW,  True,  BOTH, fast.global_avg_pool, whole, worth(1 << 16, 0, 0),       "G"),
    Row("compiled", "max", "cpu", ROW,  False, BOTH, compiled.max_pool,    whole, worth(1 << 16, 0, 0),       "G"),
    Row("compiled", "max", "cpu", ROW,  False, BOTH, compiled.max_pool,    plain, worth(1 << 16, 30),         "A B C"),
    Row("compiled", "max", "cpu", ROW,  True,  BOTH, compiled.max_pool,    plain, worth(1 << 16, 30),         "A B C"),
    Row("compiled", "max", "cpu", LAST, False, BOTH, compiled.max_pool,    plain, worth(1 << 20, 30, 25),     "C"),
    Row("compiled", "max", "cpu", LAST, True,  BOTH, compiled.max_pool,    plain, worth(1 << 20, 30, 25),     "C"),
    Row("compiled", "avg", "cpu", ROW,  False, BOTH, compiled.avg_pool,    plain, worth(1 << 18, 60),         "A B C"),
    Row("compiled", "avg", "cpu", ROW,  True,  BOTH, compiled.avg_pool,    plain, worth(1 << 18, 60),         "A B C"),
    Row("compiled", "avg", "cpu", LAST, False, BOTH, compiled.avg_pool,    plain, worth(1 << 20, 60, 99),     "C"),
    Row("compiled", "avg", "cpu", LAST, True,  BOTH, compiled.avg_pool,    plain, worth(1 << 20, 60, 99, 1),  "C"),
    Row("fast",     "max", "cpu", ROW,  False, BOTH, fast.max_pool,        ANY,   worth(1 << 20, 60),         "A B C"),
    Row("fast",     "max", "cpu", ROW,  True,  ONE,  fast.max_pool,        ANY,   worth(1 << 22, 60, 40),     "C"),
    Row("fast",     "avg", "cpu", ROW,  False, BOTH, fast.avg_pool,        plain, dense,                      "C"),
    Row("fast",     "avg", "cpu", ROW,  True,  BOTH, fast.avg_pool,        plain, dense,                      "C"),
    Row("compiled", "max", "cuda", ROW,  False, EACH, compiled.max_pool,   plain, worth(1 << 22, 0, 0),       "A B C G"),
    Row("compiled", "max", "cuda", ROW,  True,  EACH, compiled.max_pool,   plain, worth(1 << 22, 0, 0),       "A B C G"),
    Row("compiled", "max", "cuda", LAST, False, EACH, compiled.max_pool,   plain, worth(1 << 22, 0, 0),       "A B C"),
    Row("compiled", "max", "cuda", LAST, True,  EACH, compiled.max_pool,   plain, worth(1 << 22, 0, 0),       "A B C"),
    Row("compiled", "avg", "cuda", ROW,  False, EACH, compiled.avg_pool,   plain, worth(1 << 22, 0, 0),       "A B C"),
    Row("compiled", "avg", "cuda", ROW,  True,  EACH, compiled.avg_pool,   plain, worth(1 << 22, 0, 0),       "A B C"),
    Row("compiled", "avg", "cuda", LAST, False, EACH, compiled.avg_pool,   plain, worth(1 << 22, 0, 0),       "A B C"),
    Row("compiled", "avg", "cuda", LAST, True,  EACH, compiled.avg_pool,   plain, worth(1 << 22, 0, 0),       "A B C"),
    Row("fast",     "max", "cuda", ROW,  False, BOTH, fast.max_pool,       ANY,   worth(1 << 30, 0, 1, 1),    "C31 C63"),
    Row("fast",     "max", "cuda", ROW,  True,  ONE,  fast.max_pool,       ANY,   worth(1 << 31, 0, 1, 1),    "C63"),
)
# fmt: on


class Plan(NamedTuple):
    """What is the same for all calls with the same arguments, shape and dtype."""

    window: Window
    native: tuple[Any, ...] | None  # arguments of torch's operator; None if its result differs from poolkit's
    able: tuple[Row, ...]
    paying: tuple[Row, ...]
    kinds: frozenset[tuple[Any, ...]]  # (device, layout, gradient) of each row in `paying`


def max_pool(
    operation: str, input: Tensor, arguments: tuple[Any, ...], indices: bool, impl: str = "auto"
) -> Any:
    """Pool by the path that the table or the caller chooses.

    :param operation: ``"max_pool1d"``, ``"max_pool2d"`` or ``"max_pool3d"``.
    :param arguments: Kernel size, stride, padding, dilation, ceil_mode.
    :param indices: Whether to return a pair of values and indices.

    >>> max_pool("max_pool1d", torch.tensor([[1.0, 3.0, 2.0]]), (2, 1, 0, 1, False), False)
    tensor([[3., 3.]])
    """
    plan = plan_of(operation, input, arguments)
    if (plan.paying or impl != "auto") and (row := choose(plan, input, impl, indices)):
        return row.run(input, plan.window, indices)
    if plan.native is None:
        pair = sliding.max_pool(input, plan.window)
        return pair if indices else pair[0]
    axes = len(plan.window.kernel)
    return (sliding.TORCH_MAX[axes] if indices else TORCH_MAX[axes - 1])(input, *plan.native)


def avg_pool(operation: str, input: Tensor, arguments: tuple[Any, ...], impl: str = "auto") -> Tensor:
    """Average by the path that the table or the caller chooses.

    :param arguments: As in :func:`max_pool`, then count_include_pad and divisor_override.

    >>> avg_pool("avg_pool1d", torch.tensor([[1.0, 3.0]]), (2, 1, 0, 1, False, True, None))
    tensor([[2.]])
    """
    plan = plan_of(operation, input, arguments)
    if (plan.paying or impl != "auto") and (row := choose(plan, input, impl)):
        result: Tensor = row.run(input, plan.window, *arguments[5:])
        return result
    # On a GPU, the gradient of torch's average pooling may be wrong for an input in channels_last.
    if plan.native is None or (input.is_cuda and not input.is_contiguous()):
        return sliding.avg_pool(input, plan.window, *arguments[5:])
    y = sliding.TORCH_AVG[len(plan.window.kernel)](input, *plan.native)
    # torch's 3-D average pooling does not keep the channels_last_3d memory format of its input.
    return sliding.keep_layout(y, input, 3) if input.dim() == 5 else y


def choose(plan: Plan, input: Tensor, impl: str = "auto", indices: bool = False) -> Row | None:
    """Return the row of the path that runs, or None for torch's operator.

    :raises PoolingError: For an unknown ``impl``, and for ``"compiled"`` without a compiler.
    """
    if impl not in IMPLEMENTATIONS:
        raise PoolingError(plan.window.operation, "impl", f"one of {', '.join(IMPLEMENTATIONS)}", impl)
    last, device = not input.is_contiguous(), "cpu" if input.is_cpu else input.device.type
    kind = (device, LAST if last else ROW, indices or (input.requires_grad and torch.is_grad_enabled()))
    if impl == "auto" and kind not in plan.kinds:
        return None
    # torch.compile, vmap, forward-mode derivatives and subclasses of Tensor support torch's operators only.
    strange = torch.compiler.is_compiling() or torch._C._are_functorch_transforms_active()
    if strange or torch.autograd.forward_ad._current_level >= 0 or type(input) not in (Tensor, nn.Parameter):
        return None
    if impl == "compiled":
        compiled.build(plan.window.operation, device)
    if last and not (input.dim() == 4 and input.is_contiguous(memory_format=torch.channels_last)):
        return None
    for row in plan.paying if impl == "auto" else plan.able:
        if (
            row[2:5] == kind
            and impl in ("auto", row.path)
            and (row.path != "compiled" or compiled.available(kind[0]))
        ):
            return row
    return None


def plan_of(operation: str, input: Any, arguments: tuple[Any, ...]) -> Plan:
    """Read the arguments of a call; the plan is cached for further calls like it."""
    if not isinstance(input, Tensor):
        inputs.check_input(input, int(operation[-2]), operation)
    for given in arguments:
        if type(given) is tuple:
            for entry in given:
                if type(entry) is not int:
                    return _plan.__wrapped__(operation, input.shape, input.dtype, *arguments)
        elif type(given) is list:
            return plan_of(operation, input, tuple(tuple(a) if type(a) is list else a for a in arguments))
        elif type(given) not in PLAIN:
            return _plan.__wrapped__(operation, input.shape, input.dtype, *arguments)
    return _plan(operation, input.shape, input.dtype, *arguments)


@lru_cache(maxsize=1024, typed=True)
def _plan(operation: str, shape: torch.Size, dtype: torch.dtype, *arguments: Any) -> Plan:
    window, kind = (
        inputs.window_over_shape(shape, dtype, *arguments[:5], operation=operation),
        operation[:3],
    )
    native = sliding.torch_arguments(window, shape[-window.axes :], kind == "avg")
    if kind == "avg":
        inputs.check_average(window, shape, dtype, *arguments[6:])
        if native is not None:
            native += (arguments[5], *(arguments[6:] if window.axes > 1 else ()))
        if sliding.longer_in_3d(window, shape) or (window.axes == 3 and dtype in sliding.HALVES):
            native = None
    if native is None or not dtype.is_floating_point:
        return Plan(window, None, (), (), frozenset())
    able = [row for row in TABLE if row.operation == kind and dtype in row.dtypes and row.can(window, shape)]
    paying = [row for row in able if row.pays(window, shape)]
    return Plan(window, native, tuple(able), tuple(paying), frozenset(row[2:5] for row in paying))
