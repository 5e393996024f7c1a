"""Build an input that exposes wrong backward passes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.values import Array as Described
from poolgrader.calls.values import Plain
from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit import reference
from poolkit.windows import Window

Generator = np.random.Generator
Array = NDArray[Any]
Routed = Callable[[Array, float], Array]  # (window, gradient of its output) -> what each of its cells gets

WINDOW = Window.of(2, stride=1)
MOST = 16
OVERLAP, TIES, CELLS, AMOUNT = (
    "gradients that meet in one cell",
    "equal winners",
    "which cell",
    "how much",
)


def _first(window: Array, sent: float) -> Array:
    """Route as the right backward pass does: the whole gradient goes to the first greatest cell."""
    routed = np.zeros(window.shape)
    routed.flat[window.argmax()] = sent
    return routed


def _to(find: Callable[[Array], int]) -> Routed:
    def routed(window: Array, sent: float) -> Array:
        grid = np.zeros(window.shape)
        grid.flat[find(window)] = sent
        return grid

    return routed


@dataclass(frozen=True)
class WrongBackward:
    """A wrong backward pass.

    `routed` says what each cell of a window gets of its gradient; `joins` combines what a cell has with what
    arrives.
    """

    group: str
    says: str
    routed: Routed = _first
    joins: Callable[[Array, Array], Array] = np.add

    def gradient(self, grad_output: Array, x: Array) -> Array:
        """Return the gradient that this backward pass sends back to x."""
        grad_input = np.zeros(x.shape)
        for (i, j), sent in np.ndenumerate(grad_output):
            arriving = self.routed(x[i : i + 2, j : j + 2], float(sent))
            had = grad_input[i : i + 2, j : j + 2]
            had[...] = np.where(arriving != 0, self.joins(had, arriving), had)
        return grad_input


WRONG_BACKWARDS = (
    WrongBackward(OVERLAP, "keeps what arrives last in a cell", joins=lambda had, new: new),
    WrongBackward(
        OVERLAP, "keeps what arrives first in a cell", joins=lambda had, new: np.where(had, had, new)
    ),
    WrongBackward(OVERLAP, "keeps the greatest of what arrives in a cell", joins=np.maximum),
    WrongBackward(
        TIES, "sends the whole gradient to each of several winners", lambda w, g: g * (w == w.max())
    ),
    WrongBackward(
        TIES,
        "splits the gradient between equal winners",
        lambda w, g: g * (w == w.max()) / np.sum(w == w.max()),
    ),
    WrongBackward(
        TIES,
        "sends the gradient to the last of equal winners",
        _to(lambda w: w.size - 1 - int(w.ravel()[::-1].argmax())),
    ),
    WrongBackward(CELLS, "sends the gradient to every cell of the window", lambda w, g: np.full(w.shape, g)),
    WrongBackward(CELLS, "sends each cell an equal share", lambda w, g: np.full(w.shape, g / w.size)),
    WrongBackward(
        CELLS, "sends the gradient to the cell furthest from zero", _to(lambda w: int(abs(w).argmax()))
    ),
    WrongBackward(CELLS, "swaps the winner's row and column", lambda w, g: _first(w, g).T),
    WrongBackward(AMOUNT, "sends 1 for every output", lambda w, g: _first(w, 1.0)),
    WrongBackward(AMOUNT, "turns the sign", lambda w, g: _first(w, -g)),
    WrongBackward(AMOUNT, "sends the size of the gradient without its sign", lambda w, g: _first(w, abs(g))),
)


def slips_through(case: Case, value: Plain) -> str:
    """Return why the input does not expose the case's wrong backward pass, or "" if it does."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        return "A pair was asked for: x and grad_output."
    x, grad_output = value
    if not isinstance(x, Described) or not isinstance(grad_output, Described):
        return "Both x and grad_output must be numpy arrays."
    if x.data.ndim != 2 or min(x.data.shape) < 2 or x.data.size > MOST:
        return (
            f"x has the shape {tuple(x.shape)}: it must be a plane, at least 2 by 2, of at most {MOST} "
            "numbers."
        )
    size = WINDOW.output_size(x.data.shape)
    if grad_output.data.shape != size:
        return f"grad_output has the shape {tuple(grad_output.shape)}: x has {size[0]} by {size[1]} windows."
    if not all(
        array.data.dtype.kind in "fiu" and np.all(np.isfinite(array.data)) for array in (x, grad_output)
    ):
        return "Both arrays must hold finite numbers."
    plane, sent = x.data.astype(np.float64), grad_output.data.astype(np.float64)
    right = reference.max_pool_backward(sent, plane, WINDOW)
    if not np.allclose(right, case.hidden.gradient(sent, plane), 1e-9, 1e-12):
        return ""
    return (
        f"A backward pass that {case.hidden.says} answers your input as the right one does: it slips through."
    )


def _cases(rng: Generator) -> list[Case]:
    return [
        Case(wrong.group, note=f"a backward pass that {wrong.says}", hidden=wrong)
        for wrong in WRONG_BACKWARDS
    ]


def _answer() -> tuple[Array, Array]:
    x = np.array([[5.0, 5.0, 1.0, 0.0], [2.0, 3.0, 9.0, 4.0], [0.0, -7.0, 2.0, 3.0]])
    return x, np.array([[1.0, -2.0, 3.0], [4.0, 5.0, 6.0]])


_X = "[[5.0, 5.0, 1.0, 0.0], [2.0, 3.0, 9.0, 4.0], [0.0, -7.0, 2.0, 3.0]]"
_G = "[[1.0, -2.0, 3.0], [4.0, 5.0, 6.0]]"

MISTAKES = (
    Mistake(
        "no_tie",
        "No window of your input has two equal greatest values.",
        "On which windows do the rules for ties differ?",
        ((_X, _X.replace("[[5.0, 5.0", "[[5.0, 4.0")),),
    ),
    Mistake(
        "nothing_meets",
        "Every window of your input has a winner of its own, so no two gradients meet in one cell.",
        "Where must a large value stand so that several windows see it?",
        ((_X, "[[5.0, 5.0, 1.0, 2.0], [2.0, 3.0, 0.0, 1.0], [4.0, -7.0, 6.0, 8.0]]"),),
    ),
    Mistake(
        "gradient_of_ones",
        "Your grad_output holds ones only.",
        "Which wrong backward passes look right as long as every output sends 1?",
        ((_G, "[[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]"),),
    ),
    Mistake(
        "gradient_positive",
        "No number of your grad_output is negative, so a lost sign does not show.",
        "What is the gradient of a loss that falls when an output grows?",
        ((_G, _G.replace("-2.0", "2.0")),),
    ),
    Mistake(
        "gradient_of_zeros",
        "Your grad_output is all zeros: nothing is sent, and nothing can arrive in the wrong place.",
        "How large must a gradient be for its place to show?",
        ((_G, "[[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]"),),
    ),
    Mistake(
        "all_alike",
        "All numbers of your x are equal: there are ties only, and each window has another first cell.",
        "Which mistakes need one winner that stands out?",
        ((_X, "[[5.0] * 4] * 3"),),
    ),
    Mistake(
        "nothing_negative",
        "In no window of your input is a negative value further from zero than the winner.",
        "Which is greater, -7 or 3, and which is larger without its sign?",
        ((_X, _X.replace("-7.0", "1.0")),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="An input that exposes a wrong backward pass",
    task="Build an input that exposes a wrong backward pass",
    name="expose_backward",
    points=8,
    library="numpy",
    groups=(Group(OVERLAP, 0.3), Group(TIES, 0.3), Group(CELLS, 0.2), Group(AMOUNT, 0.2)),
    draw=_cases,
    reference=_answer,
    mistakes=MISTAKES,
    hints=(
        (
            "A mistake shows only where the right gradient and the wrong one differ. List the mistakes "
            "first, then ask which input each of them needs in order to show."
        ),
        (
            "You need a cell that wins several windows, a window with two equal winners, a negative "
            "value that is large without its sign, and gradients that differ, one of them negative. They "
            "can be in different corners of one plane."
        ),
        (
            "Give a 3 by 4 plane a 9 in the middle, an upper left corner whose two greatest values are "
            "equal, and a -7 in a window whose other values are small. Let grad_output count up, with "
            "the sign of one number reversed."
        ),
    ),
    accepts=slips_through,
    shrinks=(),
)
