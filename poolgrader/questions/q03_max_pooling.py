"""Chapter 3, max pooling: six questions, 20 points."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.mistakes_03 import BATCH, EXPOSE, PLANE, PREDICT, RULE, TORCH
from poolgrader.questions.mixing import WRONG_POOLINGS, slips_through
from poolgrader.questions.question import Case, Group, Question, arrays
from poolkit import reference
from poolkit.windows import Window

Generator = np.random.Generator
Array = NDArray[Any]


def _predict() -> tuple[list[int], list[int], list[int]]:
    row = np.array([3, -1, 0, -2, -5, -4])
    settings = ((3, 1), (2, 2), (3, 2))
    first, second, third = (reference.max_pool_row(row, k, s).tolist() for k, s in settings)
    return first, second, third


def _predict_cases(rng: Generator) -> list[Case]:
    names = ("kernel 3, stride 1", "kernel 2, stride 2", "kernel 3, stride 2")
    return [Case(name, part=(index,), note=f"the row for {name}") for index, name in enumerate(names)]


def _distinct(rng: Generator, *shape: int) -> Array:
    """Distinct values of both signs, in an order of their own, none of them zero."""
    values = np.arange(1, np.prod(shape) + 1) - 0.5
    return np.asarray((rng.permutation(values) - np.prod(shape) / 2 + 0.25).reshape(shape))


def _plane(x: Array, kernel_size: tuple[int, int]) -> Array:
    y: Array = reference.max_pool(x, Window.of(kernel_size, stride=1))
    return y


def _plane_cases(rng: Generator) -> list[Case]:
    x = _distinct(rng, 4, 4)
    tall = _distinct(rng, 7, 5)
    mixed = _distinct(rng, 5, 6)
    below = -1.0 - rng.permutation(20).reshape(4, 5)
    holed = _distinct(rng, 4, 5)
    holed[1, 2] = np.nan
    first = _distinct(rng, 3, 3)
    first[0, 0] = np.nan
    whole = rng.permutation(np.arange(-10, 10)).reshape(4, 5)
    return [
        Case(
            "square windows",
            arrays(_distinct(rng, 3, 3), (2, 2)),
            "the lecture's 3 by 3 plane, 2 by 2 window",
        ),
        Case("square windows", arrays(x, (3, 3)), "a 4 by 4 plane, 3 by 3 window"),
        Case("square windows", arrays(_distinct(rng, 3, 3), (3, 3)), "a window as large as the plane"),
        Case("rectangular planes and windows", arrays(tall, (2, 3)), "taller than wide"),
        Case("rectangular planes and windows", arrays(mixed, (3, 1)), "a window one column wide"),
        Case("all negative", arrays(below, (2, 2)), "every value is negative"),
        Case("NaN", arrays(holed, (2, 2)), "one NaN, inside"),
        Case("NaN", arrays(first, (2, 2)), "one NaN, in the corner"),
        Case("dtype", arrays(_distinct(rng, 4, 5).astype(np.float32), (2, 2)), "float32"),
        Case("dtype", arrays(whole, (2, 2)), "whole numbers"),
    ]


def _batch(x: Array, kernel_size: Any, stride: Any = None, padding: Any = 0) -> Array:
    y: Array = reference.max_pool(x, Window.of(kernel_size, stride, padding))
    return y


def _batch_cases(rng: Generator) -> list[Case]:
    layered = _distinct(rng, 2, 3, 4, 4) + 100.0 * np.arange(3).reshape(1, 3, 1, 1)
    below = -1.0 - rng.permutation(2 * 25).reshape(1, 2, 5, 5)
    holed = _distinct(rng, 1, 2, 5, 5)
    holed[0, 1, 2, 2] = np.nan
    return [
        Case("channels and images", arrays(layered, 2, 2), "channels 100 apart"),
        Case("channels and images", arrays(_distinct(rng, 3, 2, 4, 5), 2, 1), "three images, two channels"),
        Case("stride", arrays(_distinct(rng, 1, 1, 5, 7), 2, 2), "5 by 7, kernel 2, stride 2"),
        Case("stride", arrays(_distinct(rng, 1, 2, 6, 7), 3, 1), "overlapping windows"),
        Case("stride", arrays(_distinct(rng, 1, 1, 4, 6), (2, 3)), "no stride given"),
        Case("stride", arrays(_distinct(rng, 1, 1, 8, 7), 2, 3), "a stride larger than the kernel"),
        Case("padding", arrays(np.full((1, 1, 3, 3), -1.0), 3, 1, 1), "every input is -1"),
        Case("padding", arrays(below, 3, 2, 1), "all negative, 3 by 3, stride 2, padding 1"),
        Case("padding", arrays(_distinct(rng, 1, 1, 4, 4), 3, 1, 1), "3 by 3 with padding 1 keeps the size"),
        Case("rectangles", arrays(_distinct(rng, 1, 1, 5, 7), (2, 3), 1), "kernel (2, 3)"),
        Case("rectangles", arrays(_distinct(rng, 1, 1, 6, 6), 2, (2, 1)), "stride (2, 1)"),
        Case("rectangles", arrays(_distinct(rng, 1, 1, 5, 5), (3, 3), 1, (0, 1)), "padding (0, 1)"),
        Case("NaN and negative values", arrays(holed, 2, 1), "one NaN"),
        Case("NaN and negative values", arrays(below, 2, 2), "all negative, no padding"),
    ]


def _expose_cases(rng: Generator) -> list[Case]:
    return [
        Case(wrong.group, note=f"a pooling that {wrong.says}", hidden=(wrong, int(rng.integers(2**31))))
        for wrong in WRONG_POOLINGS
    ]


def _rule(
    x: Array, weights: Array, stride: int, padding: int, border: str, operation: str, identity: float
) -> Array:
    """By numpy's own padding and reductions: nothing in common with loops over taps."""
    combine = {"max": np.maximum, "min": np.minimum, "sum": np.add, "product": np.multiply}[operation]
    modes: dict[str, Any] = {
        "edge": {"mode": "edge"},
        "wrap": {"mode": "wrap"},
        "skip": {"constant_values": 0.0},
    }
    padded = np.pad(x, padding, **modes[border])
    inside = np.pad(np.ones(x.shape, bool), padding, constant_values=border != "skip")
    window = Window.of(weights.shape, stride)
    y = np.empty(window.output_size(padded.shape))
    for index in np.ndindex(y.shape):
        rows, columns = (slice(i * stride, i * stride + k) for i, k in zip(index, weights.shape, strict=True))
        seen = (padded[rows, columns] * weights)[inside[rows, columns]]
        y[index] = combine.reduce(seen, initial=identity)
    return y


def _rule_cases(rng: Generator) -> list[Case]:
    def rule(border: str, operation: str, identity: float, stride: int = 1, padding: int = 1) -> Any:
        weights = _distinct(rng, int(rng.integers(2, 4)), 3) / 4 + (1.0 if operation == "product" else 0.0)
        return arrays(_distinct(rng, 5, 6) / 8, weights, stride, padding, border, operation, identity)

    return [
        Case("operations", rule("skip", "max", -np.inf, padding=0), "max, no padding"),
        Case("operations", rule("skip", "min", np.inf, padding=0), "min, no padding"),
        Case("operations", rule("skip", "product", 1.0, padding=0), "product, no padding"),
        Case(
            "operations", rule("skip", "sum", float(rng.integers(2, 9)), padding=0), "sum from a given start"
        ),
        Case("borders that are skipped", rule("skip", "max", -np.inf), "max, border skipped"),
        Case("borders that are skipped", rule("skip", "product", 2.0), "product from 2, border skipped"),
        Case("borders that are filled", rule("edge", "sum", 0.0), "sum, border from the edge"),
        Case("borders that are filled", rule("wrap", "sum", 0.0), "sum, border wrapped"),
        Case(
            "borders that are filled",
            rule("wrap", "max", -np.inf, padding=2),
            "max, border wrapped, padding 2",
        ),
        Case("stride", rule("skip", "sum", 0.0, stride=2, padding=0), "sum, stride 2"),
        Case("stride", rule("edge", "min", np.inf, stride=3), "min, stride 3, border from the edge"),
    ]


def _in_torch(x: Any, kernel_size: int, stride: int) -> Any:
    from poolkit import functional

    return functional.max_pool2d(x, kernel_size, stride)


def _torch_cases(rng: Generator) -> list[Case]:
    import torch

    from poolgrader.jail.values import Array as Plain
    from poolgrader.jail.values import describe

    def case(
        group: str, shape: tuple[int, ...], k: int, s: int, note: str, dtype: Any = torch.float64
    ) -> Case:
        x = torch.from_numpy(_distinct(rng, *shape)).to(dtype)
        size = Window.of(k, s).output_size(shape[-2:])
        cotangent = describe(torch.from_numpy(_distinct(rng, *shape[:2], *size)).to(dtype))
        assert isinstance(cotangent, Plain)
        return Case(group, arrays(x, k, s), note, cotangent=cotangent)

    return [
        case("values and gradient", (2, 3, 6, 6), 2, 2, "windows side by side"),
        case("values and gradient", (1, 2, 7, 6), 3, 2, "overlapping windows"),
        case("values and gradient", (1, 1, 5, 5), 3, 1, "one winner shared by several windows"),
        case("dtype", (1, 2, 5, 4), 2, 1, "float32", torch.float32),
        case("dtype", (1, 1, 4, 4), 2, 2, "bfloat16", torch.bfloat16),
    ]


QUESTIONS = (
    Question(
        id="3.1",
        title="Predict",
        name="predict",
        points=2,
        library="numpy",
        groups=(
            Group("kernel 3, stride 1", 0.5),
            Group("kernel 2, stride 2", 0.25),
            Group("kernel 3, stride 2", 0.25),
        ),
        draw=_predict_cases,
        reference=_predict,
        mistakes=PREDICT,
        hints=(
            "Slide a frame of k cells along the row. How far does it move each time, and where must it stop?",
            "Write every window out before you take a maximum. The second one has three windows, the third one two.",
            "Kernel 3, stride 1: the windows start at cells 0, 1, 2, 3. Kernel 3, stride 2: at cells 0 and 2.",
        ),
        loose=True,
    ),
    Question(
        id="3.2",
        title="One plane, with loops",
        name="max_pool_plane",
        points=4,
        library="numpy",
        groups=(
            Group("square windows", 0.3),
            Group("rectangular planes and windows", 0.25),
            Group("all negative", 0.15),
            Group("NaN", 0.15),
            Group("dtype", 0.15),
        ),
        draw=_plane_cases,
        reference=_plane,
        mistakes=PLANE,
        hints=(
            "An output cell is the largest value of one window. How many windows fit into the plane, along each axis?",
            "Two loops choose the output cell (i, j); its window is x[i : i + kh, j : j + kw]. What may the maximum start from, "
            "if all values may be negative?",
            "Start from the window's first cell, x[i, j], and replace it whenever a cell is larger or is NaN. "
            "Make the output with np.empty((h - kh + 1, w - kw + 1), dtype=x.dtype).",
        ),
        window=lambda case: Window.of(case.args[1], stride=1),
    ),
    Question(
        id="3.3",
        title="A batch with channels, stride and padding",
        name="max_pool2d",
        points=4,
        library="numpy",
        groups=(
            Group("channels and images", 0.2),
            Group("stride", 0.2),
            Group("padding", 0.2),
            Group("rectangles", 0.2),
            Group("NaN and negative values", 0.2),
        ),
        draw=_batch_cases,
        reference=_batch,
        mistakes=BATCH,
        hints=(
            "Padding adds cells, stride chooses where windows start. Neither changes what a window does.",
            "The window of output (i, j) starts at row i * sh, column j * sw of the padded plane. "
            "What must a padded cell hold so that it never wins?",
            "Fill an array of shape (n, c, h + 2 * ph, w + 2 * pw) with -np.inf, put x in its middle, and reduce each window over its "
            "last two axes only: window.max(axis=(2, 3)).",
        ),
        window=lambda case: Window.of(*case.args[1:]),
    ),
    Question(
        id="3.4",
        title="An input that exposes mixed channels",
        name="expose_mixing",
        points=3,
        library="numpy",
        groups=(
            Group("pooling across channels", 0.4),
            Group("channels in another order", 0.3),
            Group("images mixed", 0.3),
        ),
        draw=_expose_cases,
        reference=lambda: np.arange(128.0).reshape(2, 4, 4, 4),
        mistakes=EXPOSE,
        hints=(
            "A mistake shows only where the right output and the wrong one differ. Which inputs make all planes look alike?",
            "You need more than one image and more than one channel, and every plane must pool to something else.",
            "Give every cell of a (2, 4, 4, 4) array a value of its own, for instance by counting.",
        ),
        accepts=slips_through,
        shrinks=(),
    ),
    Question(
        id="3.5",
        title="A rule that comes as arguments",
        name="pool_by_rule",
        points=5,
        library="numpy",
        groups=(
            Group("operations", 0.3),
            Group("borders that are skipped", 0.25),
            Group("borders that are filled", 0.25),
            Group("stride", 0.2),
        ),
        draw=_rule_cases,
        reference=_rule,
        mistakes=RULE,
        hints=(
            "Every pooling is a loop over taps that carries one running result. Here you are told what it starts from and how it grows.",
            "For output (i, j) and tap (u, v), the cell is row i * stride + u - padding, column j * stride + v - padding. "
            "Decide what happens when that is outside, before you read x.",
            '"edge" clamps the row and the column into the plane, "wrap" takes them modulo h and w, "skip" goes on to the next tap. '
            "Then result = combine(result, weights[u, v] * x[row, column]).",
        ),
    ),
    Question(
        id="3.6",
        title="In torch, with a gradient",
        name="max_pool2d_torch",
        points=2,
        library="torch",
        groups=(Group("values and gradient", 0.8), Group("dtype", 0.2)),
        draw=_torch_cases,
        reference=_in_torch,
        mistakes=TORCH,
        hints=(
            "If all windows stood in axes of their own, one reduction would be enough.",
            "x.unfold(axis, size, step) adds a last axis that holds the windows along one axis. You need it twice.",
            "After two unfolds the axes are n, c, output rows, output columns, kernel rows, kernel columns: reduce the last two.",
        ),
        call="gradient",
        window=lambda case: Window.of(*case.args[1:]),
    ),
)
