"""Links a failed check to the book's playground: the failing input, its window, the first wrong output.

The playground's window stepper checks the setting in the link strictly (`book/_static/explorers/state.js`):
an input that it would refuse gets no link.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.values import Array
from poolgrader.questions.draws import positive
from poolgrader.questions.question import Case, Question
from poolkit import reference
from poolkit.windows import Window

from .addresses import site
from .outlines import OutlinedWindow

Plane = NDArray[Any]
PAGE = "book/playground.html"
STEPPER = "window-stepper"
MOST_CELLS = 12  # along an axis
LIMITS = (("kernel", "k", 1, 7), ("stride", "s", 1, 6), ("dilation", "d", 1, 4))
MOST_PADDING = 3
NUMBER = re.compile(r"-?\d{1,7}(\.\d{1,6})?|-?inf|nan")


def playground_link(question: Question, case: Case, aspect: str, where: tuple[int, ...]) -> tuple[str, str]:
    """What the playground asks about a failing input, and its address with the input loaded.

    Args:
        question, case: what was asked, with which input.
        aspect: what differs between the answer and the reference, as "values" or "shape".
        where: index of the first wrong number; () where the shape is wrong.

    Returns:
        the text of the link and its address; both empty if the book is published nowhere (addresses.py), if
        the question pools with no window, if neither a value nor the shape is wrong, or if the input is too
        large for the page.
    """
    if not site() or not isinstance(question.outline, OutlinedWindow) or aspect not in ("values", "shape"):
        return "", ""
    try:
        setting = _setting(question, case, aspect, where, question.outline.window(case))
    except ValueError:  # no such window, or none that fits
        return "", ""
    if not setting:
        return "", ""
    asks = "how many outputs are there" if aspect == "shape" else "what does its first wrong window give"
    # A URL fragment may contain commas and semicolons unescaped, which makes the link easier to read.
    address = f"{site()}{PAGE}#{STEPPER}?{urlencode(setting, safe=',;')}"
    return f"This input in the playground: {asks}?", address


def _setting(
    question: Question, case: Case, aspect: str, where: tuple[int, ...], window: Window
) -> dict[str, str]:
    """The setting for the stepper, as parameters of its address; empty if it cannot show this input."""
    position = next((i for i, value in enumerate(case.args) if isinstance(value, Array)), None)
    if position is None or window.axes != 2:
        return {}
    x: Array = case.args[position]
    where = where or (0,) * x.data.ndim
    if x.data.ndim < 2 or len(where) != x.data.ndim:
        return {}
    cells, pairs = _cells(x.data[where[:-2]]), _pairs(window)
    rule = _rule(question, case, position, window) if cells and pairs else {}
    if not rule:
        return {}
    asked = {} if aspect == "shape" else {"ask": "value", "r": str(where[-2]), "c": str(where[-1])}
    return {"x": cells, **pairs, **rule, **asked}


def _cells(plane: Plane) -> str:
    """A plane as `1,2;3,4`; empty where it is too large, or a number has too many digits."""
    if not plane.size or max(plane.shape) > MOST_CELLS or plane.dtype.kind not in "iuf":
        return ""
    rows = [[_number(value) for value in row] for row in plane]
    if not all(NUMBER.fullmatch(one) for row in rows for one in row):
        return ""
    return ";".join(",".join(row) for row in rows)


def _number(value: np.generic) -> str:
    return np.format_float_positional(value, trim="-") if isinstance(value, np.floating) else str(value)


def _pairs(window: Window) -> dict[str, str]:
    """Kernel, stride, dilation and padding as `2x3`; empty where the stepper has no such window."""
    pairs = {}
    for name, letter, least, most in LIMITS:
        both = getattr(window, name)
        if not all(least <= one <= most for one in both):
            return {}
        pairs[letter] = f"{both[0]}x{both[1]}"
    before = [first for first, _ in window.padding]
    fits = [first <= min(MOST_PADDING, k // 2) for first, k in zip(before, window.kernel, strict=True)]
    if not all(fits) or any(first != last for first, last in window.padding):
        return {}
    return {**pairs, "p": f"{before[0]}x{before[1]}", "ceil": str(int(window.ceil_mode))}


def _rule(question: Question, case: Case, position: int, window: Window) -> dict[str, str]:
    """Which pooling the question asks for with this input; empty if the stepper does not know it.

    The reference is tried on many different numbers in place of the input: if an input is one cell, or all of
    its cells are 1, all poolings agree.
    """
    x: Array = case.args[position]
    *leading, high, wide = x.data.shape
    # Positive, because a question may take roots and logarithms; whole, because its dtype may be an integer.
    tried = (2 * positive(np.random.default_rng(0), *leading, max(high, 6), max(wide, 6))).astype(
        x.data.dtype
    )
    answer = question.expected(question.with_values(case, position, tried)).value
    tried = tried.astype(np.float64)
    for rule, pooled in (
        ({"op": "max"}, reference.max_pool(tried, window)),
        ({"op": "average", "counted": "1"}, reference.avg_pool(tried, window)),
        ({"op": "average", "counted": "0"}, reference.avg_pool(tried, window, False)),
    ):
        if (
            isinstance(answer, Array)
            and answer.data.shape == pooled.shape
            and np.allclose(answer.data, pooled)
        ):
            return rule
    return {}
