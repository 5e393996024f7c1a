"""Poolings from torch operations whose cost hardly grows with the window size ``k``.

:func:`running_max` and :func:`block_max` are built in chapter 14. They take the largest of every ``k``
neighbours along one axis, at stride 1 and without padding. NaN wins; if a window holds +0 and -0, either may
be the result. The other functions make up the path ``"fast"`` of :mod:`poolkit.dispatch`. The docstrings
state costs for each output of windows of ``k`` by ``k`` at stride 1. All functions read the input once and
write the output once; the docstrings say how much memory they need besides.
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

BLOCK = 1 << 18  # cells of a block, 1 MiB of float32: the blocks in use stay in the cache
ON_A_GPU = 1 << 28  # cells of a block on a GPU, where many small blocks take longer to start than to pool
BITS = {torch.float32: torch.int32, torch.float64: torch.int64}
LARGEST = torch.iinfo(torch.int32).max
PAGE, MANY, HUGE = 4096, 4 << 20, 14  # bytes of a page, least bytes to ask for huge pages, and MADV_HUGEPAGE
# A function that adds up windows. It returns None if finite cells are so large that the order of additions
# decides which sums overflow.
Box = Callable[[Tensor, Window, Tensor, Tensor], Tensor | None]


def running_max(x: Tensor, kernel_size: int, dim: int = -1) -> Tensor:
    """Take running maxima by doubling the reach of windows: ``log2(k)`` comparisons an output.

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
        step = min(reach, kernel_size - reach)  # in the last step the two halves may overlap
        kept = x.shape[dim] - step
        x = torch.maximum(x.narrow(dim, 0, kept), x.narrow(dim, step, kept))
        reach += step
    return x.narrow(dim, 0, outputs)


def block_max(x: Tensor, kernel_size: int, dim: int = -1) -> Tensor:
    """Take running maxima from the maxima of parts of blocks: 3 comparisons an output.

    Arguments and result are those of :func:`running_max`. Each window
    consists of the end of one block of ``k`` cells and the beginning
    of the next block.

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

    Besides input and output, five blocks of 1 MiB are needed. Of equal values only +0 and -0 can be told
    apart, so blocks that hold -0 are pooled by torch's operator. If a gradient or indices are needed,
    :func:`packed_max` is used.

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
    # With few taps along a row use torch's max_pool1d, which writes no index.
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
    """Take the largest value of each window and its index by comparing integer keys.

    It takes ``2 log2(k)`` comparisons of 8 bytes. The high 32 bits of a key order floats as integers: -0
    counts as 0, and NaN is the largest. The low bits make the first of equal cells win, and the last NaN. At
    the end the values are gathered by index; the gradient is that of this gather. Besides the input, 8 bytes
    for each output and a few blocks of 2 MiB are needed.

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

    For axes of ``n`` cells it takes ``2 n`` multiplications and additions, whatever ``k``. Besides input and
    output, memory for the result of the first product is needed. Sums have the dtype of the input.

    :param input: (batch,) channel, one or two spatial axes, contiguous; float32 or float64.
    """
    return average(input, window, count_include_pad, divisor, band_sum)


def global_avg_pool(
    input: Tensor, window: Window, count_include_pad: bool, divisor: int | None = None
) -> Tensor:
    """Take the mean of each plane, for a window that covers it.

    It takes one addition a cell, and no further memory. The gradient of a sum is a view of the output's
    gradient, so none of its cells is written.
    """
    y = input.sum(tuple(range(-window.axes, 0)), True)
    if not math.isfinite(y.detach().sum().item()) and not in_any_order(input.detach(), window):
        return sliding.avg_pool(input, window, count_include_pad, divisor)
    return y / (divisor or math.prod(window.kernel))


def in_any_order(input: Tensor, window: Window) -> bool:
    """Say whether the sum of the finite cells of every window is finite in any order of additions.

    If not, the caller lets torch's operator run, which adds from cell to cell. In another order other partial
    sums overflow; if one of them is infinity and another one is minus infinity, the whole sum is NaN.

    >>> in_any_order(torch.tensor([1e38, torch.inf]), Window.of(3, axes=1))
    True
    >>> in_any_order(torch.tensor([2e38]), Window.of(3, axes=1))
    False
    """
    return (
        _largest(input.nan_to_num(0.0, 0.0, 0.0)) * math.prod(window.kernel) <= torch.finfo(input.dtype).max
    )


def _largest(input: Tensor) -> float:
    """Find the largest magnitude of a cell, or NaN if a cell is NaN."""
    if not input.numel():
        return 0.0
    low, high = input.aminmax()
    return max(-low.item(), high.item())


def band_sum(input: Tensor, window: Window, rows: Tensor, columns: Tensor) -> Tensor | None:
    """Add up each window by band matrices, and divide by ``rows[o] * columns[q]``.

    In a matrix product one infinity or NaN would spread over its plane, so such inputs are added up slice by
    slice instead. The result is None if :func:`in_any_order` says no.
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
    """Add up windows along the last axis with ``k - 1`` additions; ``axis`` selects the window's axis.

    An infinite cell changes only the sums of the windows that hold it.
    """
    along = window.along(axis)
    y = input.new_zeros(*input.shape[:-1], *along.output_size(input.shape[-1:]))
    for (at_output,), (at_input,) in along.slices(input.shape[-1:]):
        y[..., at_output] += input[..., at_input]
    return y


def average(input: Tensor, window: Window, count_include_pad: bool, divisor: int | None, box: Box) -> Tensor:
    """Take the mean of each window by a function that adds up windows.

    ``box`` is :func:`band_sum` or :func:`poolkit.compiled.box_sum`. At stride 1 the gradient is also a sum
    over windows, over the output's gradients, and ``box`` computes it; at larger strides torch's operator
    does. Where ``box`` returns None, torch's operator computes averages and gradients.
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
        return average(input, *settings)  # autograd is off in here, so this does not recurse

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Any:
        window, count_include_pad, divisor, _ = ctx.settings
        if torch.is_grad_enabled():  # a second derivative is wanted: torch's operator has one
            x = gradient.new_zeros(ctx.shape).requires_grad_()
            y = sliding.avg_pool(x, window, count_include_pad, divisor)
            return torch.autograd.grad(y, x, gradient, create_graph=True)[0], *[None] * 4
        result = _back_at_stride_1(gradient, ctx.shape, *ctx.settings) if set(window.stride) == {1} else None
        if result is None:
            result = sliding.avg_pool_back(gradient, ctx.shape, window, count_include_pad, divisor)
        return result, *[None] * 4


def _back_at_stride_1(gradient: Tensor, shape: torch.Size, window: Window, count_include_pad: bool,
                      divisor: int | None, box: Box) -> Tensor | None:  # fmt: skip
    """Compute the input's gradient at stride 1: each cell gets a share from each output that saw it.

    This is a sum over the windows of outputs that saw the cell.
    """
    axes, size = window.axes, shape[-window.axes :]
    rows, columns = _divisors(window, size, count_include_pad, divisor)
    if bool((rows != rows[0]).any()) or bool((columns != columns[0]).any()):
        gradient = gradient / (rows[:, None] * columns if axes == 2 else columns).to(gradient)
        rows, columns = torch.ones(1).double(), torch.ones(1).double()
    if box is band_sum or axes == 1 or not gradient.is_contiguous(memory_format=torch.channels_last):
        gradient = gradient.contiguous()
    # For each cell of the input, the window of the outputs that saw it.
    ends = zip(size, gradient.shape[-axes:], window.kernel, window.padding, strict=True)
    padding = tuple((k - 1 - before, n - m + before) for n, m, k, (before, _) in ends)
    turned = Window(window.kernel, (1,) * axes, padding, (1,) * axes)
    rows, columns = rows[:1].repeat(size[0]), columns[:1].repeat(size[-1])
    return box(gradient, turned, rows, columns)


@lru_cache(maxsize=256)
def _divisors(
    window: Window, size: torch.Size, count_include_pad: bool, divisor: int | None
) -> tuple[Tensor, Tensor]:
    """List the divisors of rows and of columns of outputs; a single axis counts as columns."""
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
    """Make the band matrix of an axis (outputs by inputs): 1 where an output sees an input, else 0."""
    outputs = window.along(axis).output_size((n,))[0]
    start = torch.arange(outputs)[:, None] * window.stride[axis] - window.padding[axis][0]
    seen = (start <= torch.arange(n)) & (torch.arange(n) < start + window.kernel[axis])
    return seen.to(device, dtype)


def huge_pages(fresh: Tensor) -> Tensor:
    """Ask Linux to back a large new tensor with pages of 2 MiB.

    Linux clears new memory page by page; with small pages that takes longer than filling the tensor.
    """
    if fresh.nbytes >= MANY and fresh.is_cpu and sys.platform == "linux":
        start, end = -(-fresh.data_ptr() // PAGE) * PAGE, (fresh.data_ptr() + fresh.nbytes) // PAGE * PAGE
        c_library().madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), HUGE)
    return fresh


@cache
def c_library() -> ctypes.CDLL:
    """Open the C library once, because opening it takes ten times as long as a call."""
    return ctypes.CDLL(None)


def _outputs_of(input: Tensor, window: Window, dtype: torch.dtype | None = None) -> Tensor:
    outputs = window.output_size(input.shape[-window.axes :])
    return huge_pages(input.new_empty((*input.shape[: -window.axes], *outputs), dtype=dtype))


def _blocks(input: Tensor, window: Window, y: Tensor, make: Callable[[Tensor, int], Tensor],
            identity: float) -> Iterator[tuple[Tensor, Tensor]]:  # fmt: skip
    """Cut planes into bands of rows, and yield each band with its part of the output.

    ``make`` converts the cells of a band; the result is padded with ``identity``.
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
    """Pool a padded block into a part of the output; along rows last, because a stride costs most there."""
    for axis, (k, s) in enumerate(zip(window.kernel, window.stride, strict=True)):
        # Double the reach as long as this, at stride 1, costs less than the taps that it saves at the
        # window's stride.
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
