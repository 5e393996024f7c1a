"""Poolings whose cost hardly grows with ``k``, in torch's operations.

:func:`running_max` and :func:`block_max` are what chapter 14 builds: the largest of every ``k`` neighbours
along one axis, at stride 1 and without padding. NaN wins; of +0 and -0 either may come out. The others are
the path ``"fast"`` of :mod:`poolkit.dispatch`. Costs are for each output of windows of ``k`` by ``k`` at
stride 1; all read the input once and write the output once, and what they need beside these is said.
"""

from __future__ import annotations

import ctypes
import math
import sys
from collections.abc import Callable, Iterator
from functools import cache, lru_cache, reduce
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from poolkit import sliding
from poolkit.errors import PoolingError
from poolkit.windows import Window

BLOCK = 1 << 18  # cells, 1 MiB of float32: what is worked on at a time stays in the cache
ON_A_GPU = 1 << 28  # there handing over many small blocks takes longer than pooling them
BITS = {torch.float32: torch.int32, torch.float64: torch.int64}
LARGEST = torch.iinfo(torch.int32).max
PAGE, MANY, HUGE = 4096, 4 << 20, 14  # bytes of a page, of what takes more than many, and MADV_HUGEPAGE
# Adds up windows. None: finite cells are so large that the order of additions decides which sums overflow.
Box = Callable[[Tensor, Window, Tensor, Tensor], Tensor | None]


def running_max(x: Tensor, kernel_size: int, dim: int = -1) -> Tensor:
    """Double the reach of windows: ``log2(k)`` comparisons an output.

    :param x: Any axes.
    :param kernel_size: Cells in a window (``k``).
    :param dim: The axis to look along, of ``n`` cells.
    :returns: The same axes, with ``n - k + 1`` cells along this one.
    :raises PoolingError: Where no window fits.

    >>> running_max(torch.tensor([1.0, 3.0, 2.0, 0.0, 4.0]), 3)
    tensor([3., 3., 4.])
    """
    outputs, reach = _outputs(x, kernel_size, dim, "running_max"), 1
    while reach < kernel_size:
        step = min(reach, kernel_size - reach)  # the last may overlap
        kept = x.shape[dim] - step
        x = torch.maximum(x.narrow(dim, 0, kept), x.narrow(dim, step, kept))
        reach += step
    return x.narrow(dim, 0, outputs)


def block_max(x: Tensor, kernel_size: int, dim: int = -1) -> Tensor:
    """Meet at the border of two blocks: 3 comparisons an output.

    Arguments and result are those of :func:`running_max`. A window
    ends one block of ``k`` cells and begins the next.

    Source: van Herk 1992, "A fast algorithm for local minimum and
    maximum filters on rectangular and octagonal kernels"; Gil and
    Werman 1993, "Computing 2-D min, median, and max filters".

    >>> block_max(torch.tensor([1.0, 3.0, 2.0, 0.0, 4.0]), 3)
    tensor([3., 3., 4.])
    """
    outputs = _outputs(x, kernel_size, dim, "block_max")
    rows = x.movedim(dim, -1)
    rest = -rows.shape[-1] % kernel_size  # fills the last block
    rows = F.pad(rows, (0, rest), value=-torch.inf).contiguous()
    blocks = rows.view(*rows.shape[:-1], -1, kernel_size)
    from_start = blocks.cummax(-1).values.flatten(-2)
    to_end = blocks.flip(-1).cummax(-1).values.flip(-1).flatten(-2)
    last = from_start[..., kernel_size - 1 :][..., :outputs]
    return torch.maximum(to_end[..., :outputs], last).movedim(-1, dim)


def _outputs(x: Tensor, kernel_size: int, dim: int, operation: str) -> int:
    if not 1 <= kernel_size <= x.shape[dim]:
        expected = f"from 1 to the {x.shape[dim]} cells of the axis"
        raise PoolingError(operation, "kernel_size", expected, kernel_size, x.shape)
    return x.shape[dim] - kernel_size + 1


def max_pool(input: Tensor, window: Window, indices: bool = False) -> Any:
    """Take the largest value of each window, along one axis after the other: ``2 log2(k)`` comparisons.

    Beside input and output stand five blocks of 1 MiB. Only of two zeros can one see which was taken, so a
    block that holds -0 goes to torch's operator. A gradient, or indices, take :func:`packed_max`.

    :param input: (batch,) channel and spatial axes, contiguous; float32, or float64 without gradient and
        indices.
    :param window: Without dilation.
    """
    if indices or (input.requires_grad and torch.is_grad_enabled()):
        pair = packed_max(input, window)
        return pair if indices else pair[0]
    y = _outputs_of(input, window)
    row, axes = window.along(-1), window.axes
    (k,), (s,), ((before, _),) = row.kernel, row.stride, row.padding
    # few taps a row: torch's operator for rows writes no index
    few = axes > 1 and k > s and (s > 1 or k <= 3)
    if few:
        down = ((*window.kernel[:-1], 1), (*window.stride[:-1], 1), (*window.padding[:-1], (0, 0)))
        window = Window(*down, window.dilation, window.ceil_mode)

    def make(part: Tensor, _: int) -> Tensor:
        rows = part.flatten(0, -2)
        return (
            torch.max_pool1d(rows, k, s, before, 1, row.ceil_mode).view(*part.shape[:-1], -1) if few else part
        )

    for block, out in _blocks(input, window, y, make, -math.inf):
        if (
            block.numel() and block.view(BITS[block.dtype]).amin() == torch.iinfo(BITS[block.dtype]).min
        ):  # bits of -0
            out.copy_(sliding.TORCH_MAX[axes](block, window.kernel, window.stride)[0])
        else:
            _max_of_block(block, window, out)
    return y


def packed_max(input: Tensor, window: Window) -> tuple[Tensor, Tensor]:
    """Take the largest value of each window and its index, packed into one key:
    ``2 log2(k)`` comparisons of 8 bytes.

    The high 32 bits order floats as integers: -0 counts as 0, and NaN is the largest. The low ones prefer the
    first cell, or the last NaN. Then values are gathered, and the gradient is the gather's. Beside the input
    stand 8 bytes for each output, and a few blocks of 2 MiB.

    >>> packed_max(torch.tensor([[1.0, 3.0, 3.0]]), Window.of(2, stride=1, axes=1))
    (tensor([[3., 3.]]), tensor([[1, 1]]))
    """
    axes, size = window.axes, input.shape[-window.axes :]
    cells = torch.arange(size.numel(), device=input.device).view(size)

    def keys(part: Tensor, row: int) -> Tensor:
        bits, nan, place = (part + 0.0).view(torch.int32), part != part, cells[row : row + part.shape[1]]
        ordered = torch.where(nan, LARGEST, bits ^ ((bits >> 31) & LARGEST))
        return (ordered.long() << 32) + torch.where(nan, place, LARGEST - place)

    indices = _outputs_of(input, window, torch.int64)
    for block, out in _blocks(input.detach(), window, indices, keys, torch.iinfo(torch.int64).min):
        low = _max_of_block(block, window, out) & LARGEST
        out.copy_(torch.where(out >> 32 == LARGEST, low, LARGEST - low))
    return input.flatten(-axes).gather(-1, indices.flatten(-axes)).view(indices.shape), indices


def avg_pool(input: Tensor, window: Window, count_include_pad: bool, divisor: int | None = None) -> Tensor:
    """Take the mean of each window, by products with a band matrix along each axis.

    ``2 n`` multiplications and additions, whatever ``k``, for axes of ``n`` cells; beside input and output
    stands what lies between the two products. Adds up in the dtype of the input.

    :param input: (batch,) channel, one or two spatial axes, contiguous; float32 or float64.
    """
    return average(input, window, count_include_pad, divisor, band_sum)


def global_avg_pool(
    input: Tensor, window: Window, count_include_pad: bool, divisor: int | None = None
) -> Tensor:
    """Take the mean of each plane, for a window that covers it: one addition a cell, and nothing beside.

    The gradient of a sum is a view of what came from behind: no cell of it is written.
    """
    y = input.sum(tuple(range(-window.axes, 0)), True)
    if not math.isfinite(y.detach().sum().item()) and not in_any_order(input.detach(), window):
        return sliding.avg_pool(input, window, count_include_pad, divisor)
    return y / (divisor or math.prod(window.kernel))


def in_any_order(input: Tensor, window: Window) -> bool:
    """Say whether the sum of a window's finite cells is finite in whatever order they are added.

    Where it is not, torch's operator runs: it adds from cell to cell, and other orders overflow elsewhere. If
    one part of a window's sum is then infinite, and another one minus infinity, the sum is NaN.

    >>> in_any_order(torch.tensor([1e38, torch.inf]), Window.of(3, axes=1))
    True
    >>> in_any_order(torch.tensor([2e38]), Window.of(3, axes=1))
    False
    """
    return (
        _largest(input.nan_to_num(0.0, 0.0, 0.0)) * math.prod(window.kernel) <= torch.finfo(input.dtype).max
    )


def _largest(input: Tensor) -> float:
    """Find the largest size of a cell, NaN if there is one."""
    if not input.numel():
        return 0.0
    low, high = input.aminmax()
    return max(-low.item(), high.item())


def band_sum(input: Tensor, window: Window, rows: Tensor, columns: Tensor) -> Tensor | None:
    """Add up each window by band matrices, and divide by ``rows[o] * columns[q]``.

    A product spreads what is not finite over its plane: there the windows are added up slice by slice
    instead. None is what :func:`in_any_order` says no to.
    """
    if _largest(input) * math.prod(window.kernel) <= torch.finfo(input.dtype).max:
        y = input @ _band(window, -1, input.shape[-1], input.dtype, input.device).T
        if window.axes == 2:
            y = _band(window, 0, input.shape[-2], input.dtype, input.device) @ y
    elif in_any_order(input, window):
        y = slice_sum(input, window, -1)
        y = slice_sum(y.mT, window, 0).mT if window.axes == 2 else y
    else:
        return None
    return y.div_((rows[:, None] * columns if window.axes == 2 else columns).to(y))


def slice_sum(input: Tensor, window: Window, axis: int) -> Tensor:
    """Add up windows of an axis along the last one, ``k - 1`` additions:
    an infinite cell stays in its windows.
    """
    along = window.along(axis)
    y = input.new_zeros(*input.shape[:-1], *along.output_size(input.shape[-1:]))
    for (at_output,), (at_input,) in along.slices(input.shape[-1:]):
        y[..., at_output] += input[..., at_input]
    return y


def average(input: Tensor, window: Window, count_include_pad: bool, divisor: int | None, box: Box) -> Tensor:
    """Take the mean of each window by a function that adds up windows: :func:`band_sum`,
    or the compiled kernel's.

    At stride 1 the gradient is a sum over windows too, of the output's gradients; at larger strides torch
    gives it. So it does, averages and gradients, where the function gives None.
    """
    if input.requires_grad and torch.is_grad_enabled():
        recorded: Tensor = _Average.apply(  # type: ignore[no-untyped-call]
            input, window, count_include_pad, divisor, box
        )
        return recorded
    y = box(input, window, *_divisors(window, input.shape[-window.axes :], count_include_pad, divisor))
    return sliding.avg_pool(input, window, count_include_pad, divisor) if y is None else y


class _Average(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, input: Tensor, *settings: Any) -> Tensor:
        ctx.shape, ctx.settings = input.shape, settings
        return average(input, *settings)  # no gradient is recorded in here

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Any:
        window, count_include_pad, divisor, _ = ctx.settings
        if torch.is_grad_enabled():  # somebody wants the gradient of the gradient: torch's has one
            x = gradient.new_zeros(ctx.shape).requires_grad_()
            y = sliding.avg_pool(x, window, count_include_pad, divisor)
            return torch.autograd.grad(y, x, gradient, create_graph=True)[0], *[None] * 4
        result = _back_at_stride_1(gradient, ctx.shape, *ctx.settings) if set(window.stride) == {1} else None
        if result is None:
            result = sliding.avg_pool_back(gradient, ctx.shape, window, count_include_pad, divisor)
        return result, *[None] * 4


def _back_at_stride_1(gradient: Tensor, shape: torch.Size, window: Window, count_include_pad: bool,
                      divisor: int | None, box: Box) -> Tensor | None:  # fmt: skip
    """Give each cell its share of the gradients of the outputs that saw it:
    a sum over a window that is turned round.
    """
    axes, size = window.axes, shape[-window.axes :]
    rows, columns = _divisors(window, size, count_include_pad, divisor)
    if bool((rows != rows[0]).any()) or bool((columns != columns[0]).any()):
        gradient = gradient / (rows[:, None] * columns if axes == 2 else columns).to(gradient)
        rows, columns = torch.ones(1).double(), torch.ones(1).double()
    if box is band_sum or axes == 1 or not gradient.is_contiguous(memory_format=torch.channels_last):
        gradient = gradient.contiguous()
    # The window that looks from a cell of the input at the outputs that saw it.
    ends = zip(size, gradient.shape[-axes:], window.kernel, window.padding, strict=True)
    padding = tuple((k - 1 - before, n - m + before) for n, m, k, (before, _) in ends)
    turned = Window(window.kernel, (1,) * axes, padding, (1,) * axes)
    rows, columns = rows[:1].repeat(size[0]), columns[:1].repeat(size[-1])
    return box(gradient, turned, rows, columns)


@lru_cache(maxsize=256)
def _divisors(
    window: Window, size: torch.Size, count_include_pad: bool, divisor: int | None
) -> tuple[Tensor, Tensor]:
    """List what rows and columns of outputs are divided by; a single axis is a column."""
    counts = [
        torch.tensor(window.divisors(axis, size, count_include_pad)).double() for axis in range(window.axes)
    ]
    if divisor is not None:
        counts = [
            torch.full_like(count, divisor if axis == 0 else 1) for axis, count in enumerate(reversed(counts))
        ][::-1]
    return (counts[0] if window.axes == 2 else torch.ones(1).double()), counts[-1]


@lru_cache(maxsize=64)
def _band(window: Window, axis: int, n: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Mark what each output sees along an axis: outputs by inputs."""
    outputs = window.along(axis).output_size((n,))[0]
    start = torch.arange(outputs)[:, None] * window.stride[axis] - window.padding[axis][0]
    seen = (start <= torch.arange(n)) & (torch.arange(n) < start + window.kernel[axis])
    return seen.to(device, dtype)


def huge_pages(fresh: Tensor) -> Tensor:
    """Ask Linux for pages of 2 MiB: fresh memory is cleared page by page,
    which takes longer than to fill it.
    """
    if fresh.nbytes >= MANY and fresh.is_cpu and sys.platform == "linux":
        start, end = -(-fresh.data_ptr() // PAGE) * PAGE, (fresh.data_ptr() + fresh.nbytes) // PAGE * PAGE
        c_library().madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), HUGE)
    return fresh


@cache
def c_library() -> ctypes.CDLL:
    """Open the C library, once: to open it takes ten times as long as to call it."""
    return ctypes.CDLL(None)


def _outputs_of(input: Tensor, window: Window, dtype: torch.dtype | None = None) -> Tensor:
    outputs = window.output_size(input.shape[-window.axes :])
    return huge_pages(input.new_empty((*input.shape[: -window.axes], *outputs), dtype=dtype))


def _blocks(input: Tensor, window: Window, y: Tensor, make: Callable[[Tensor, int], Tensor],
            identity: float) -> Iterator[tuple[Tensor, Tensor]]:  # fmt: skip
    """Cut planes into bands of rows: what is made of the cells of each, padded,
    and its part of the output.
    """
    count, size, outputs = (
        input.shape[: -window.axes].numel(),
        input.shape[-window.axes :],
        y.shape[-window.axes :],
    )
    reach = [(m - 1) * s + k for m, s, k in zip(outputs, window.stride, window.kernel, strict=True)]
    before, k, s = [pair[0] for pair in window.padding], window.kernel[0], window.stride[0]
    rest = math.prod(reach[1:])
    at_once = BLOCK if input.is_cpu else ON_A_GPU
    band = min(outputs[0], max((at_once // rest - k) // s, k // s, 1))
    several = max(1, at_once // (((band - 1) * s + k) * rest)) if band == outputs[0] else 1
    ends = zip(before[1:], size[1:], reach[1:], window.kernel[1:], strict=True)
    aside = [slice(p, min(p + n, r) if k > 1 else r) for p, n, r, k in ends]
    buffer: Tensor | None = None
    for at in range(0, count, several):
        planes, results = (
            input.view(count, *size)[at : at + several],
            y.view(count, *outputs)[at : at + several],
        )
        for row in range(0, outputs[0], band):
            out = results[:, row : row + band]
            top, cells = row * s - before[0], (out.shape[1] - 1) * s + k
            part = planes[:, max(top, 0) : top + cells]
            made = make(part, max(top, 0))[
                (slice(None), slice(None), *[slice(i.stop - i.start) for i in aside])
            ]
            if list(made.shape[1:]) != [cells, *reach[1:]]:
                if buffer is None or buffer.shape[1] != cells:
                    buffer = made.new_full((several, cells, *reach[1:]), identity)
                block, lead = buffer[: len(part)], max(-top, 0)
                block[:, :lead] = block[:, lead + part.shape[1] :] = identity
                block[(slice(None), slice(lead, lead + part.shape[1]), *aside)] = made
                made = block
            yield made, out


def _max_of_block(block: Tensor, window: Window, out: Tensor) -> Tensor:
    """Pool a padded block into a part of the output; along rows at last, where a stride costs most."""
    for axis, (k, s) in enumerate(zip(window.kernel, window.stride, strict=True)):
        # Double the reach as long as that takes less at stride 1 than the taps it saves at the window's
        # stride.
        reach = min(
            (1 << i for i in range(k.bit_length())), key=lambda r: (math.ceil(k / r) - 1) / s + math.log2(r)
        )
        wide = running_max(block, reach, 1 + axis).movedim(1 + axis, 0)
        last = (out.shape[1 + axis] - 1) * s + 1
        parts = [
            wide[t : t + last : s].movedim(0, 1 + axis) for t in (*range(0, k - reach, reach), k - reach)
        ]
        into = out if axis == window.axes - 1 else None
        block = torch.maximum(reduce(torch.maximum, parts[1:-1], parts[0]), parts[-1], out=into)
    return block
