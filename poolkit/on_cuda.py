"""The compiled kernels of a GPU, in Triton;
:mod:`poolkit.compiled` imports this when a CUDA tensor asks for it.

A program makes a tile of results, some rows by some cells of each: of planes, or, in channels_last, of all
channels of each cell. Large windows take two passes, along rows and then down columns: ``2 k`` looks for each
output of windows of ``k`` by ``k``. On the way back each cell of the input looks at the windows that hold it,
and adds up what they owe it: every run adds in the same order. Maxima follow the rules of ``kernel.cpp``, but
that offsets are of cells inside alone.

Beside input and output stands one byte for each output of a maximum that keeps its winners (two where ``k >
16``). What lies between two passes has the rows of the input and the columns of the output, and such bytes
where they are kept.
"""

from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor
from triton.language import constexpr

TOGETHER = 25  # taps that one pass takes; more of them take two
AT_ONCE = 1 << 14  # cells of a plane of which one program finds the largest
# results of a program, its warps, and the taps between two turns of a loop
TILE, WARPS, UNROLLED = (256, 2, 32)
# in the order of compiled._geometry
NAMES = ("images", "C", "H", "W", "OH", "OW", "KH", "KW", "SH", "SW", "PH", "PW")


@triton.jit
def _tile(rows, cells, ROWS: constexpr, CELLS: constexpr):
    """Number the rows, and the cells in them, that a program makes; say which of them there are."""
    across = tl.cdiv(cells, CELLS)
    row = tl.program_id(0) // across * ROWS + tl.arange(0, ROWS)[:, None]
    cell = tl.program_id(0) % across * CELLS + tl.arange(0, CELLS)[None, :]
    return row, cell, (row < rows) & (cell < cells), row.to(tl.int64) * cells + cell


@triton.jit
def _divided(total, top, left, H, W, KH, KW, PH, PW, PADDED: constexpr, DIVISOR: constexpr):
    """Divide by the divisor, or where it is 0 by the cells of a window
    that lie in the plane or on its padded edge.
    """
    high = tl.minimum(top + KH, H + PH * PADDED) - tl.maximum(top, -PH * PADDED)
    wide = tl.minimum(left + KW, W + PW * PADDED) - tl.maximum(left, -PW * PADDED)
    by = tl.full(total.shape, DIVISOR, total.dtype) if DIVISOR else tl.maximum(high * wide, 1).to(total.dtype)
    # "/" of single precision is not exact
    return total / by if total.dtype == tl.float64 else tl.div_rn(total, by)


@triton.jit(do_not_specialize=["H", "OH"])  # fewer kinds to compile
def pool(x, x_at, y, y_at, images, C, H, W, OH, OW,
         KH: constexpr, KW: constexpr, SH: constexpr, SW: constexpr,
         PH, PW, HANGS_H: constexpr, HANGS_W: constexpr, SUM: constexpr, PADDED: constexpr,
         DIVISOR: constexpr, WIDTH: constexpr, TYPE: constexpr, ROWS: constexpr, CELLS: constexpr,
         UNROLL: constexpr):  # fmt: skip
    """Pool windows, with offsets to y_at; x_at has the columns, of WIDTH,
    from which a pass along rows took values.
    """
    row, cell, there, to = _tile(images * OH, OW * C, ROWS, CELLS)
    top, left = row % OH * SH - PH, cell // C * SW - PW
    start = ((row // OH).to(tl.int64) * H + top) * W * C + left * C + cell % C
    best = tl.full((ROWS, CELLS), 0.0 if SUM else float("-inf"), TYPE)
    if y_at is not None:  # begin with the first cell inside
        up, aside = tl.maximum(-top, 0), tl.maximum(-left, 0)
        best, index = (
            tl.load(x + start + up * W * C + aside * C, mask=there, other=0).to(TYPE),
            up * KW + aside,
        )
    for t in tl.range(0, KH * KW, loop_unroll_factor=UNROLL if KH * KW > UNROLL else KH * KW):
        h, w = t // KW, t % KW  # without a sign, what is below 0 is too large
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
    """Add up what y owes each cell of x: its share, or where y_at names it all;
    x_at takes the columns named.
    """
    row, cell, there, to = _tile(images * H, W * C, ROWS, CELLS)
    h, w = row % H + PH, cell // C + PW
    # the last windows that may hold the cell, where in them it is, and how many before them hold it too
    o, q = tl.minimum(h // SH, OH - 1), tl.minimum(w // SW, OW - 1)
    up, aside = h - o * SH, w - q * SW
    above = tl.where(up < KH, tl.minimum((KH - 1 - up) // SH, o), -1)
    before = tl.where(aside < KW, tl.minimum((KW - 1 - aside) // SW, q), -1)
    start = ((row // H).to(tl.int64) * OH + o) * OW * C + q * C + cell % C
    total, column = tl.zeros((ROWS, CELLS), TYPE), tl.zeros((ROWS, CELLS), tl.int32)
    across: constexpr = (KW + SW - 1) // SW  # so many windows hold a cell, along rows
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
    """Turn offsets in the window into places in the flattened plane."""
    row, cell, there, to = _tile(images * OH, OW * C, ROWS, CELLS)
    at = tl.load(y_at + to, mask=there, other=0).to(tl.int32)
    h, w = row % OH * SH - PH + at // KW, cell // C * SW - PW + at % KW
    tl.store(places + to, h.to(tl.int64) * W + w, mask=there)


def maximum(x: Tensor, y: Tensor, y_at: Tensor | None, geometry: list[int]) -> None:
    """Write the largest value of each window into y, and into y_at, if there is one,
    its offset in the window.
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
    """Say where in the flattened plane each winner is."""
    result = torch.empty_like(y_at, dtype=torch.int64)
    _launch(_place, (y_at, result), dict(zip(NAMES, geometry, strict=True)), *geometry[4:6])
    return result


class Average(torch.autograd.Function):
    """Means of windows, or the way back from them: each is the other's gradient."""

    @staticmethod
    def forward(ctx: Any, given: Tensor, *settings: Any) -> Tensor:
        shape, geometry, padded, divisor, back = (
            settings  # of the result; ...; whether padding counts; 0 for none
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
    """Take windows at once, or along rows and down the columns of what that leaves;
    back in the other order.
    """
    g, back = dict(zip(NAMES, geometry, strict=True)), kernel is give_back
    g |= {f"S{n}": g[f"K{n}"] for n in "HW" if g[f"O{n}"] == 1}  # a single window makes no step
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
        ]  # the end
        over = [max(end, one[f"P{n}"]) for n, end in zip("HW", over, strict=True)]
        if SUM and not by and over == [one["PH"] * padded, one["PW"] * padded]:
            by = one["KH"] * one["KW"]  # all windows count the same cells
        special = {"SUM": SUM, "PADDED": int(padded), "DIVISOR": by, "WIDTH": g["KW"], "UNROLL": UNROLLED}
        special |= {"HANGS_H": over[0] > 0, "HANGS_W": over[1] > 0}
        special["TYPE"] = tl.float64 if x.dtype == torch.float64 else tl.float32
        _launch(kernel, tensors, one, *([one["H"], one["W"]] if back else [one["OH"], one["OW"]]), **special)


def _launch(kernel: Any, tensors: Any, g: dict[str, int], high: int, wide: int, **special: Any) -> None:
    """Start as many programs as planes of results, so high and so wide, take."""
    rows, cells = g["images"] * high, wide * g["C"]
    across = min((256, 128, 64, 32), key=lambda n: triton.cdiv(cells, n) * n)  # of the best the widest
    programs = triton.cdiv(rows, TILE // across) * triton.cdiv(cells, across)
    with torch.cuda.device_of(tensors[0]):
        kernel[(programs,)](*tensors, **g, ROWS=TILE // across, CELLS=across, num_warps=WARPS, **special)
