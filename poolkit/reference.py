"""The definition of each pooling as numpy loops, for any number of spatial axes.

Nothing here is fast. These loops share no pooling code with the torch functions, because the tests compare
the two. The last axes of an array are the spatial ones, as many as the window has. Along the axes before them
(batch, channel, or none) each entry is pooled on its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from poolkit.bins import Bins
from poolkit.errors import PoolingError
from poolkit.windows import Window

Array = npt.NDArray[Any]


def max_pool_row(x: Array, kernel_size: int, stride: int) -> Array:
    """Take the largest value of each window of a row, without padding.

    :param x: A row: width.
    :param kernel_size: Cells in a window.
    :param stride: Cells from the start of one window to the start of the next.
    :returns: The pooled row.

    Built in chapter 3, Max pooling.

    >>> max_pool_row(np.array([1, 3, 2, 5, 4]), kernel_size=3, stride=2)
    array([3, 5])
    """
    outputs = (len(x) - kernel_size) // stride + 1
    y = np.empty(outputs, dtype=x.dtype)
    for o in range(outputs):
        start = o * stride
        largest = x[start]
        for tap in range(start + 1, start + kernel_size):
            if x[tap] > largest:
                largest = x[tap]
        y[o] = largest
    return y


def max_pool(x: Array, window: Window | Bins, return_indices: bool = False) -> Any:
    """Take the largest value that each window sees.

    Of equal values the first one in row-major order wins. NaN wins over every number, and of several NaN the
    last one wins, as in torch. A window that sees only padding gives the identity of the maximum (minus
    infinity, or the smallest integer) and the index -1.

    :param x: Any leading axes, then the spatial axes of the window.
    :param window: The windows to pool.
    :param return_indices: Whether to return the winners' indices as well.
    :returns: The leading axes, then one cell for each window. With ``return_indices`` a pair: the values, and
        for each the index of the winner in the flattened spatial axes.
    :raises PoolingError: For booleans and complex numbers, or where no window fits.

    Source: Fukushima 1980 and Riesenhuber and Poggio 1999; corners as in PyTorch 2.13.
    Built in chapter 3, Max pooling.

    >>> x = np.array([[1.0, 3.0, 2.0], [4.0, 4.0, 0.0]])
    >>> values, indices = max_pool(x, Window.of(2, stride=1), return_indices=True)
    >>> values
    array([[4., 4.]])
    >>> indices
    array([[3, 4]])
    """
    size = _spatial(x, window, allowed="iuf")
    outputs = window.output_size(size)
    y = np.full(x.shape[: -window.axes] + outputs, lowest(x.dtype), dtype=x.dtype)
    winners = np.full(y.shape, -1, dtype=np.int64)
    planes = x.reshape(*x.shape[: -window.axes], math.prod(size))
    for o in np.ndindex(outputs):
        taps = window.taps(o, size)
        if taps:
            cells = np.ravel_multi_index(tuple(zip(*taps, strict=True)), size)
            seen = planes[..., cells]
            winner = _largest(seen)
            y[(..., *o)] = np.take_along_axis(seen, winner[..., None], axis=-1)[..., 0]
            winners[(..., *o)] = cells[winner]
    return (y, winners) if return_indices else y


def _largest(seen: Array) -> Array:
    """Find the position of the winner along the last axis: the last NaN, or else the first largest value."""
    nan = np.isnan(seen)
    first, last = seen.argmax(axis=-1), seen.shape[-1] - 1 - nan[..., ::-1].argmax(axis=-1)
    winner: Array = np.where(nan.any(axis=-1), last, first)
    return winner


def max_pool_backward(grad_output: Array, x: Array, window: Window | Bins) -> Array:
    """Send each output's gradient to the one input that won its window.

    :param grad_output: Gradient of the loss by each output, shaped like the output.
    :param x: The input of the forward pass.
    :param window: The window of the forward pass.
    :returns: Gradient of the loss by each input, shaped like ``x``.
    :raises PoolingError: Where ``grad_output`` is not shaped like the output.

    Source: Scherer, Müller and Behnke 2010; ties as in PyTorch 2.13.
    Built in chapter 6, The backward pass.

    >>> max_pool_backward(np.ones((1, 1)), np.array([[1.0, 1.0], [0.0, 1.0]]), Window.of(2))
    array([[1., 0.],
           [0., 0.]])
    """
    _, winners = max_pool(x, window, return_indices=True)
    _check_gradient(grad_output, winners.shape, window)
    grad_input = np.zeros(x.shape, dtype=grad_output.dtype)
    planes = grad_input.reshape(-1, *x.shape[-window.axes :])
    for plane, gradient, winner in zip(
        planes, _planes(grad_output, window), _planes(winners, window), strict=True
    ):
        for o in np.ndindex(winner.shape):
            if winner[o] >= 0:
                # Windows may overlap, so one input may win several of them: add, never assign.
                plane[np.unravel_index(winner[o], plane.shape)] += gradient[o]
    return grad_input


def avg_pool(
    x: Array, window: Window | Bins, count_include_pad: bool = True, divisor_override: int | None = None
) -> Array:
    """Take the mean of what each window sees.

    Averages of integers are integers, rounded towards zero, as in torch. A window that sees only padding
    gives 0.

    :param x: Any leading axes, then the spatial axes of the window.
    :param window: The windows to pool.
    :param count_include_pad: Whether padding counts as cells that hold 0.
    :param divisor_override: What to divide by instead of the number of cells.
    :returns: The leading axes, then one cell for each window.
    :raises PoolingError: For booleans, a divisor of 0, or where no window fits.

    Source: LeCun et al. 1998 (without its coefficient and bias); corners as in PyTorch 2.13.
    Built in chapter 4, Average pooling.

    >>> avg_pool(np.array([[1.0, 2.0], [3.0, 6.0]]), Window.of(2))
    array([[3.]])
    """
    size = _spatial(x, window, allowed="iuf")
    _check_divisor(divisor_override, window)
    outputs = window.output_size(size)
    sums = np.zeros(x.shape[: -window.axes] + outputs, dtype=_accumulator(x.dtype))
    divisors = np.ones(outputs, dtype=sums.dtype)
    for o in np.ndindex(outputs):
        here: Any = (..., *o)
        for tap in window.taps(o, size):
            seen: Any = (..., *tap)
            with np.errstate(invalid="ignore", over="ignore"):  # no warning where inf - inf gives NaN
                sums[here] += x[seen]
        # A window that sees only padding has the sum 0, so its average is 0 with any divisor.
        divisors[o] = divisor_override or max(window.divisor(o, size, count_include_pad), 1)
    if x.dtype.kind in "iu":
        return (np.sign(sums) * np.sign(divisors) * (abs(sums) // abs(divisors))).astype(x.dtype)
    return (sums / divisors).astype(x.dtype)


def avg_pool_backward(
    grad_output: Array,
    input_size: Sequence[int],
    window: Window | Bins,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Array:
    """Share each output's gradient evenly among the inputs that its window sees.

    :param grad_output: Gradient of the loss by each output, shaped like the output.
    :param input_size: Length of each spatial axis of the input.
    :param window: The window of the forward pass.
    :param count_include_pad: As in the forward pass.
    :param divisor_override: As in the forward pass.
    :returns: Gradient of the loss by each input; the leading axes, then ``input_size``.
    :raises PoolingError: Where ``grad_output`` is not shaped like the output.

    Source: LeCun et al. 1998; corners as in PyTorch 2.13.
    Built in chapter 6, The backward pass.

    >>> avg_pool_backward(np.ones((1, 2)), (2, 3), Window.of(2, stride=1))
    array([[0.25, 0.5 , 0.25],
           [0.25, 0.5 , 0.25]])
    """
    _check_divisor(divisor_override, window)
    lead = grad_output.shape[: grad_output.ndim - window.axes]
    _check_gradient(grad_output, lead + window.output_size(input_size), window)
    grad_input = np.zeros((*lead, *input_size), dtype=grad_output.dtype)
    for o in np.ndindex(window.output_size(input_size)):
        divisor = divisor_override or max(window.divisor(o, input_size, count_include_pad), 1)
        for tap in window.taps(o, input_size):
            seen: Any = (..., *tap)
            grad_input[seen] += grad_output[..., *o] / divisor
    return grad_input


def lp_pool(x: Array, norm_type: float, window: Window) -> Array:
    """Take the Lp norm of what each window sees.

    With ``ceil_mode`` the last window may be partly filled; its sum is scaled up to that of a full window.

    :param x: Any leading axes, then the spatial axes of the window; floating point.
    :param norm_type: The ``p`` of the norm, finite and above 0.
    :param window: The windows to pool.
    :returns: The leading axes, then one cell for each window.

    Source: Sermanet, Chintala and LeCun 2012. Built in chapter 12, The pooling zoo.

    >>> lp_pool(np.array([3.0, -4.0, 0.0]), 2, Window.of(2, stride=1, axes=1))
    array([5., 4.])
    """
    size = _spatial(x, window, allowed="f")
    sums = np.zeros(x.shape[: -window.axes] + window.output_size(size), dtype=_accumulator(x.dtype))
    for o in np.ndindex(window.output_size(size)):
        here: Any = (..., *o)
        for tap in window.taps(o, size):
            seen: Any = (..., *tap)
            sums[here] += np.abs(x[seen]).astype(sums.dtype) ** norm_type
        sums[here] *= math.prod(window.kernel) / window.divisor(o, size)
    return (sums ** (1 / norm_type)).astype(x.dtype)


def lowest(dtype: npt.DTypeLike) -> Any:
    """Return the identity of the maximum: minus infinity, or the smallest integer of the dtype.

    >>> float(lowest(np.float32)), int(lowest(np.int8))
    (-inf, -128)
    """
    kind = np.dtype(dtype)
    return np.array(-np.inf if kind.kind == "f" else np.iinfo(kind).min, dtype=kind)[()]


def _accumulator(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Return the dtype of sums: float32 for half precision, as in torch; int64 for integers."""
    if dtype.kind == "f":
        return np.promote_types(dtype, np.float32)
    return np.dtype(np.int64)


def _spatial(x: Array, window: Window | Bins, allowed: str) -> tuple[int, ...]:
    if x.dtype.kind not in allowed:
        raise PoolingError(window.operation, "x", "integers or floating point", str(x.dtype), x.shape)
    if x.ndim < window.axes:
        expected = f"at least {window.axes} axes, one for each of the window"
        raise PoolingError(window.operation, "x", expected, f"{x.ndim} axes", x.shape)
    return x.shape[-window.axes :]


def _planes(a: Array, window: Window | Bins) -> Array:
    return a.reshape(-1, *a.shape[-window.axes :])


def _check_gradient(grad_output: Array, shape: tuple[int, ...], window: Window | Bins) -> None:
    if grad_output.shape != shape:
        raise PoolingError(
            window.operation, "grad_output", f"the output's shape {shape}", grad_output.shape, shape
        )


def _check_divisor(divisor_override: int | None, window: Window | Bins) -> None:
    if divisor_override == 0:
        raise PoolingError(window.operation, "divisor_override", "any number but 0", divisor_override)
