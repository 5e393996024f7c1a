"""The compiled kernels for a GPU, in Triton.

:mod:`poolkit.compiled` imports this module when a pooling of a CUDA tensor needs it.

Each Triton program computes a tile of results: some rows by some cells of each row. In channels_last a row
holds all channels of each cell. Large windows take two passes, along rows and then down columns, so an output
of a window of ``k`` by ``k`` takes ``2 k`` reads. In the backward pass each cell of the input reads the
gradients of the windows that hold it and adds up its shares. Every run adds them in the same order. Maxima
follow the rules of ``kernel.cpp``, with one exception: padding never wins, so offsets always point to cells
inside the plane.

Memory besides input and output: one byte for each output of a maximum that keeps its winners (two where ``k >
16``). The result between two passes has the rows of the input and the columns of the output. If winners are
kept, it needs these bytes for its cells, too.
"""

from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor
from triton.language import constexpr

TOGETHER = 25  # the most taps that one pass takes; windows with more take two passes
AT_ONCE = 1 << 14  # the most cells of a whole plane whose maximum one program finds
# results of a program, its warps, and how many taps a loop is unrolled for
TILE, WARPS, UNROLLED = (256, 2, 32)
# the order of the numbers in compiled._geometry
NAMES = ("images", "C", "H", "W", "OH", "OW", "KH", "KW", "SH", "SW", "PH", "PW")


@triton.jit
def _tile(rows, cells, ROWS: constexpr, CELLS: constexpr):
    """Return the rows and cells of this program's tile, which of them exist, and where they are stored."""
    across = tl.cdiv(cells, CELLS)
    row = tl.program_id(0) // across * ROWS + tl.arange(0, ROWS)[:, None]
    cell = tl.program_id(0) % across * CELLS + tl.arange(0, CELLS)[None, :]
    return row, cell, (row < rows) & (cell < cells), row.to(tl.int64) * cells + cell


@triton.jit
def _divided(total, top, left, H, W, KH, KW, PH, PW, PADDED: constexpr, DIVISOR: constexpr):
    """Divide a sum by DIVISOR, or if that is 0 by the number of the window's cells in the plane.

    If PADDED is 1, cells in the padding count, too.
    """
    high = tl.minimum(top + KH, H + PH * PADDED) - tl.maximum(top, -PH * PADDED)
    wide = tl.minimum(left + KW, W + PW * PADDED) - tl.maximum(left, -PW * PADDED)
    by = tl.full(total.shape, DIVISOR, total.dtype) if DIVISOR else tl.maximum(high * wide, 1).to(total.dtype)
    # "/" in single precision is not correctly rounded; div_rn is.
    return total / by if total.dtype == tl.float64 else tl.div_rn(total, by)


@triton.jit(do_not_specialize=["H", "OH"])  # fewer kinds to compile
def pool(x, x_at, y, y_at, images, C, H, W, OH, OW,
         KH: constexpr, KW: constexpr, SH: constexpr, SW: constexpr,
         PH, PW, HANGS_H: constexpr, HANGS_W: constexpr, SUM: constexpr, PADDED: constexpr,
         DIVISOR: constexpr, WIDTH: constexpr, TYPE: constexpr, ROWS: constexpr, CELLS: constexpr,
         UNROLL: constexpr):  # fmt: skip
    """Pool windows from x to y, and store the offsets of winners in y_at, if there is one.

    In the second pass x_at holds the offsets, below WIDTH, of the winners of the pass along rows.
    """
    row, cell, there, to = _tile(images * OH, OW * C, ROWS, CELLS)
    top, left = row % OH * SH - PH, cell // C * SW - PW
    start = ((row // OH).to(tl.int64) * H + top) * W * C + left * C + cell % C
    best = tl.full((ROWS, CELLS), 0.0 if SUM else float("-inf"), TYPE)
    if y_at is not None:  # begin with the window's first cell inside the plane
        up, aside = tl.maximum(-top, 0), tl.maximum(-left, 0)
        best, index = (
            tl.load(x + start + up * W * C + aside * C, mask=there, other=0).to(TYPE),
            up * KW + aside,
        )
    for t in tl.range(0, KH * KW, loop_unroll_factor=UNROLL if KH * KW > UNROLL else KH * KW):
        h, w = t // KW, t % KW  # read as unsigned, a negative position is too large
        seen = there & ((top + h).to(tl.uint32, bitcast=True) < H) if HANGS_H else there
        seen = seen & ((left + w).to(tl.uint32, bitcast=True) < W) if HANGS_W else seen
        value = tl.load(x + start + h * W * C + w * C, mask=seen, other=0.0 if SUM else float("-inf")).to(
            TYPE
        )
        wins = (value > best) | (value != value)
        best = best + value if SUM else tl.where(wins, value, best)
        if y_at is not None:
            index = tl.where(wins, t, index)
    best = _divided(best, top, left, H, W, KH, KW, PH, PW, PADDED, DIVISOR) if SUM else best
    tl.store(y + to, best.to(y.dtype.element_ty), mask=there)
    if y_at is not None:
        if x_at is not None:
            index = index * WIDTH + tl.load(x_at + start + index * W * C, mask=there, other=0).to(tl.int32)
        tl.store(y_at + to, index.to(y_at.dtype.element_ty), mask=there)


@triton.jit(do_not_specialize=["H", "OH"])  # fewer kinds to compile
def give_back(y, y_at, x, x_at, images, C, H, W, OH, OW,
              KH: constexpr, KW: constexpr, SH: constexpr, SW: constexpr,
              PH, PW, HANGS_H: constexpr, HANGS_W: constexpr, SUM: constexpr, PADDED: constexpr,
              DIVISOR: constexpr, WIDTH: constexpr, TYPE: constexpr, ROWS: constexpr, CELLS: constexpr,
              UNROLL: constexpr):  # fmt: skip
    """Add up in each cell of x its gradient from y.

    With SUM a cell gets a share of the gradient of each window that holds it. Else it gets the whole gradient
    of each window whose winner it is, as y_at tells. In the first of two passes x_at takes the winners'
    columns.
    """
    row, cell, there, to = _tile(images * H, W * C, ROWS, CELLS)
    h, w = row % H + PH, cell // C + PW
    # the last window that may hold the cell, the cell's place in it, and how many windows before it hold it
    o, q = tl.minimum(h // SH, OH - 1), tl.minimum(w // SW, OW - 1)
    up, aside = h - o * SH, w - q * SW
    above = tl.where(up < KH, tl.minimum((KH - 1 - up) // SH, o), -1)
    before = tl.where(aside < KW, tl.minimum((KW - 1 - aside) // SW, q), -1)
    start = ((row // H).to(tl.int64) * OH + o) * OW * C + q * C + cell % C
    total, column = tl.zeros((ROWS, CELLS), TYPE), tl.zeros((ROWS, CELLS), tl.int32)
    across: constexpr = (KW + SW - 1) // SW  # at most so many windows hold a cell, along rows
    taps: constexpr = (KH + SH - 1) // SH * across
    for t in tl.range(0, taps, loop_unroll_factor=UNROLL if taps > UNROLL else taps):
        i, j = t // across, t % across
        owes = there & (i <= above) & (j <= before)
        if not SUM:
            named = tl.load(y_at + start - i * OW * C - j * C, mask=owes, other=0).to(tl.int32)
            named -= (up + i * SH) * WIDTH
            owes &= ((named >= 0) & (named < WIDTH)) if x_at is not None else named == aside + j * SW
            column = tl.where(owes, named, column)
        value = tl.load(y + start - i * OW * C - j * C, mask=owes, other=0).to(TYPE)
        if SUM and DIVISOR == 0:
            value = _divided(
                value, (o - i) * SH - PH, (q - j) * SW - PW, H, W, KH, KW, PH, PW, PADDED, DIVISOR
            )
        total += value
    total = _divided(total, 0, 0, H, W, KH, KW, PH, PW, PADDED, DIVISOR) if SUM and DIVISOR != 0 else total
    tl.store(x + to, total.to(x.dtype.element_ty), mask=there)
    if x_at is not None:
        tl.store(x_at + to, column.to(x_at.dtype.element_ty), mask=there)


@triton.jit
def _whole(x, y, y_at, planes, cells, ROWS: constexpr, CELLS: constexpr):
    """Find the largest cell of whole planes: the last NaN, or the first one that equals the largest."""
    plane, at = tl.program_id(0) * ROWS + tl.arange(0, ROWS), tl.arange(0, CELLS)[None, :]
    start, there = x + plane.to(tl.int64) * cells, plane < planes
    value = tl.load(start[:, None] + at, mask=there[:, None] & (at < cells), other=float("-inf"))
    value = value.to(tl.float64 if x.dtype.element_ty == tl.float64 else tl.float32)
    first = tl.where(value == tl.max(value, 1)[:, None], at, CELLS)
    winner = tl.min(tl.where(value != value, -1 - at, first), 1)
    winner = tl.where(winner < 0, -1 - winner, winner)
    tl.store(y + plane, tl.load(start + winner, mask=there), mask=there)
    if y_at is not None:
        tl.store(y_at + plane, winner.to(y_at.dtype.element_ty), mask=there)


@triton.jit
def _place(y_at, places, images, C, H, W, OH, OW, KH, KW, SH, SW, PH, PW, ROWS: constexpr, CELLS: constexpr):
    """Convert offsets in the window to indices in the flattened plane."""
    row, cell, there, to = _tile(images * OH, OW * C, ROWS, CELLS)
    at = tl.load(y_at + to, mask=there, other=0).to(tl.int32)
    h, w = row % OH * SH - PH + at // KW, cell // C * SW - PW + at % KW
    tl.store(places + to, h.to(tl.int64) * W + w, mask=there)


def maximum(x: Tensor, y: Tensor, y_at: Tensor | None, geometry: list[int]) -> None:
    """Write the largest value of each window into y.

    If there is a y_at, write the offsets of the winners in their windows into it.
    """
    planes, cells = geometry[0], geometry[2] * geometry[3]
    if geometry[1:6] != [1, *geometry[6:8], 1, 1] or any(geometry[10:]) or cells > AT_ONCE:
        in_passes(pool, x, None, y, y_at, geometry)
    else:  # each window is a whole plane
        block = triton.next_power_of_2(cells)
        rows = max(2 * TILE // max(block, 32), 1)
        with torch.cuda.device_of(x):
            _whole[(triton.cdiv(planes, rows),)](
                x, y, y_at, planes, cells, ROWS=rows, CELLS=block, num_warps=WARPS
            )


def places(y_at: Tensor, geometry: list[int]) -> Tensor:
    """Return the index of each winner in the flattened plane."""
    result = torch.empty_like(y_at, dtype=torch.int64)
    _launch(_place, (y_at, result), dict(zip(NAMES, geometry, strict=True)), *geometry[4:6])
    return result


class Average(torch.autograd.Function):
    """Averages of windows, or their backward pass: each is the gradient of the other."""

    @staticmethod
    def forward(ctx: Any, given: Tensor, *settings: Any) -> Tensor:
        shape, geometry, padded, divisor, back = (
            settings  # shape of the result; ...; whether padding counts; 0 if not given; whether backward
        )
        ctx.settings = given.shape, geometry, padded, divisor, not back
        layout = torch.channels_last if geometry[1] > 1 else torch.contiguous_format
        result = torch.empty(shape, dtype=given.dtype, device=given.device, memory_format=layout)
        given = given.contiguous(memory_format=layout)
        in_passes(give_back if back else pool, given, None, result, None, geometry, True, padded, divisor)
        return result

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Any:
        return Average.apply(gradient, *ctx.settings), *[None] * 5


def in_passes(kernel: Any, x: Tensor, x_at: Tensor | None, y: Tensor, y_at: Tensor | None,
              geometry: list[int], SUM: bool = False, padded: bool = False,
              divisor: int = 0) -> None:  # fmt: skip
    """Run a kernel in one pass, or for large windows in two passes: along rows, then down columns.

    The backward pass takes the two in the opposite order.
    """
    g, back = dict(zip(NAMES, geometry, strict=True)), kernel is give_back
    g |= {
        f"S{n}": g[f"K{n}"] for n in "HW" if g[f"O{n}"] == 1
    }  # with a single window along an axis the stride does not matter
    steps = [(x, x_at, y, y_at, g, divisor)]
    if g["KH"] * g["KW"] > TOGETHER and 1 not in (g["KH"], g["KW"]):
        passes = [
            g | {"OH": g["H"], "KH": 1, "SH": 1, "PH": 0},
            g | {"W": g["OW"], "KW": 1, "SW": 1, "PW": 0},
        ]
        first, second = passes[::-1] if back else passes
        cells, offsets = g["images"] * g["H"] * g["OW"] * g["C"], y_at if x_at is None else x_at
        middle = x.new_empty(cells, dtype=torch.promote_types(x.dtype, torch.float32))
        named = None if offsets is None else offsets.new_empty(cells)
        steps = [(x, x_at, middle, named, first, divisor and 1), (middle, named, y, y_at, second, divisor)]
    for *tensors, one, by in steps:
        over = [
            (one[f"O{n}"] - 1) * one[f"S{n}"] + one[f"K{n}"] - one[f"P{n}"] - one[n] for n in "HW"
        ]  # cells of the last window beyond the end of the plane
        over = [max(end, one[f"P{n}"]) for n, end in zip("HW", over, strict=True)]
        if SUM and not by and over == [one["PH"] * padded, one["PW"] * padded]:
            by = one["KH"] * one["KW"]  # all windows have the same divisor
        special = {"SUM": SUM, "PADDED": int(padded), "DIVISOR": by, "WIDTH": g["KW"], "UNROLL": UNROLLED}
        special |= {"HANGS_H": over[0] > 0, "HANGS_W": over[1] > 0}
        special["TYPE"] = tl.float64 if x.dtype == torch.float64 else tl.float32
        _launch(kernel, tensors, one, *([one["H"], one["W"]] if back else [one["OH"], one["OW"]]), **special)


def _launch(kernel: Any, tensors: Any, g: dict[str, int], high: int, wide: int, **special: Any) -> None:
    """Start the programs for planes of results of the given height and width."""
    rows, cells = g["images"] * high, wide * g["C"]
    across = min(
        (256, 128, 64, 32), key=lambda n: triton.cdiv(cells, n) * n
    )  # the widest of those that waste the fewest cells
    programs = triton.cdiv(rows, TILE // across) * triton.cdiv(cells, across)
    with torch.cuda.device_of(tensors[0]):
        kernel[(programs,)](*tensors, **g, ROWS=TILE // across, CELLS=across, num_warps=WARPS, **special)
