"""Sliding windows: where each window lies, which input cells it sees, and how many windows there are.

:meth:`Window.output_size` holds the only copy of the formula of the output size. The window for a torch
tensor is built in ``poolkit.inputs.window_over``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

from poolkit.arguments import Index, Pair, read_numbers, read_padding
from poolkit.errors import PoolingError

Slices = tuple[Any, ...]  # of slices; mypy does not accept tuple[slice, ...] as an index of a tensor

PADDING_RULES = ("valid", "same", "same_upper", "same_lower")


@dataclass(frozen=True)
class Window:
    """A sliding window over one or more spatial axes.

    :param kernel: Taps along each axis (``k``).
    :param stride: Steps between neighbouring windows, in input cells (``s``).
    :param padding: Cells added (before, after) each axis (``p``).
    :param dilation: Input cells from one tap to the next (``d``).
    :param ceil_mode: Whether a last window that is only partly filled counts.
    :param operation: The name of the calling function, for error messages.

    :meth:`Window.of` builds a window from the arguments that torch's functions take.

    >>> window = Window((3,), (2,), ((1, 1),), (1,))
    >>> window.output_size((5,))
    (3,)
    >>> window.taps((0,), (5,))
    [(0,), (1,)]

    Source: Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning".
    """

    kernel: Index
    stride: Index
    padding: tuple[Pair, ...]
    dilation: Index
    ceil_mode: bool = False
    operation: str = field(default="Window", compare=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("stride", "padding", "dilation"):
            if len(getattr(self, name)) != len(self.kernel):
                expected = f"{len(self.kernel)} entries, one for each axis of the kernel"
                raise PoolingError(self.operation, name, expected, getattr(self, name))
        for name in ("kernel", "stride", "dilation"):
            if any(length < 1 for length in getattr(self, name)):
                argument = "kernel_size" if name == "kernel" else name
                raise PoolingError(
                    self.operation, argument, "at least 1 along each axis", getattr(self, name)
                )
        if any(cells < 0 for pair in self.padding for cells in pair):
            raise PoolingError(self.operation, "padding", "at least 0 on each side", self.padding)

    @classmethod
    def of(
        cls,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        ceil_mode: bool = False,
        *,
        axes: int = 2,
        input_size: Sequence[int] | None = None,
        operation: str = "Window.of",
    ) -> Window:
        """Build a window from the arguments of torch's pooling functions.

        :param kernel_size: One number for all axes, or one for each axis.
        :param stride: One number, or one for each axis; the kernel size where it is None or empty.
        :param padding: One number, or one for each axis: the cells added on both sides, at most half of the
            kernel, as in torch. Or a (before, after) pair for each axis, of any size. Or a rule: ``"valid"``
            (no padding); ``"same"`` or ``"same_upper"`` (one output for every ``stride`` inputs; if the
            number of padding cells is odd, the end gets one more); ``"same_lower"`` (as ``"same"``, but the
            start gets one more).
        :param dilation: One number, or one for each axis.
        :param ceil_mode: Whether to keep a last window that is only partly filled; with the ``"same"`` rules
            there is no such window.
        :param axes: How many spatial axes the window has.
        :param input_size: Length of each spatial axis; the ``"same"`` rules need it.
        :param operation: The name of the calling function, for error messages.
        :returns: The window.
        :raises PoolingError: Where torch would refuse the argument too.

        >>> Window.of(3, stride=2, padding=1, axes=1)
        Window(kernel=(3,), stride=(2,), padding=((1, 1),), dilation=(1,), ceil_mode=False)
        >>> Window.of(2, padding="same", input_size=(5, 4)).padding
        ((0, 1), (0, 0))
        """
        kernel = read_numbers(kernel_size, axes, "kernel_size", operation)
        empty = stride is None or (isinstance(stride, Sequence) and len(stride) == 0)
        strides = kernel if empty else read_numbers(stride, axes, "stride", operation)
        dilations = read_numbers(dilation, axes, "dilation", operation)
        if isinstance(padding, str):
            window = cls(kernel, strides, ((0, 0),) * axes, dilations, operation=operation)
            pairs = window._padding_by_rule(padding, input_size)
            return cls(kernel, strides, pairs, dilations, ceil_mode and padding == "valid", operation)
        pairs, limited = read_padding(padding, axes, operation)
        window = cls(kernel, strides, pairs, dilations, ceil_mode, operation)
        # torch's limit applies to plain numbers only. Pairs follow ONNX, which has no limit.
        if limited and any(2 * before > k for (before, _), k in zip(pairs, kernel, strict=True)):
            raise PoolingError(operation, "padding", f"at most half of the kernel {kernel}", padding)
        return window

    @property
    def axes(self) -> int:
        """How many spatial axes the window has."""
        return len(self.kernel)

    @cached_property
    def extent(self) -> Index:
        """How many input cells a window spans along each axis, ``d * (k - 1) + 1``."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation, strict=True))

    def along(self, axis: int) -> Window:
        """Return the same window along a single axis."""
        k, s, p, d = self.kernel[axis], self.stride[axis], self.padding[axis], self.dilation[axis]
        return Window((k,), (s,), (p,), (d,), self.ceil_mode, self.operation)

    def output_size(self, input_size: Sequence[int]) -> Index:
        """Count the windows along each axis.

        With ``n`` inputs: ``floor((n + before + after - extent) / s) + 1``; under ``ceil_mode`` the
        quotient is rounded up, but no window may start beyond the input and the padding before it.

        :param input_size: Length of each spatial axis.
        :returns: Length of each axis of the output.
        :raises PoolingError: Where an axis would have no output.

        >>> Window.of(2, axes=1).output_size((5,)), Window.of(2, ceil_mode=True, axes=1).output_size((5,))
        ((2,), (3,))
        """
        self._check_rank(input_size, "input_size")
        if min(input_size) < 1:
            raise PoolingError(
                self.operation, "input", "at least one cell along each axis", tuple(input_size)
            )
        sizes = []
        for n, extent, s, (before, after) in zip(
            input_size, self.extent, self.stride, self.padding, strict=True
        ):
            free = n + before + after - extent
            size = (-(-free // s) if self.ceil_mode else free // s) + 1
            if self.ceil_mode and (size - 1) * s >= n + before:
                size -= 1
            sizes.append(size)
        if min(sizes) < 1:
            expected = f"room for at least one window, which covers {self.extent}"
            raise PoolingError(self.operation, "input", expected, f"an output of {tuple(sizes)}", input_size)
        return tuple(sizes)

    def positions(self, axis: int, output: int) -> range:
        """List the positions of one output's taps along one axis; positions in the padding are included.

        >>> list(Window.of(3, stride=2, padding=1, axes=1).positions(0, 0))
        [-1, 0, 1]
        """
        start = output * self.stride[axis] - self.padding[axis][0]
        return range(start, start + self.extent[axis], self.dilation[axis])

    def taps(self, output_index: Sequence[int], input_size: Sequence[int]) -> list[Index]:
        """List the input cells that one output sees, in row-major order, without the padding.

        :param output_index: Which output, counted from 0 along each axis.
        :param input_size: Length of each spatial axis.
        :returns: One index into the input for each tap that lies in the input.
        :raises PoolingError: Where there is no such output.

        >>> Window.of(2).taps((1, 0), (4, 4))
        [(2, 0), (2, 1), (3, 0), (3, 1)]
        """
        self._check_output(output_index, input_size)
        inside = [
            [at for at in self.positions(axis, output_index[axis]) if 0 <= at < n]
            for axis, n in enumerate(input_size)
        ]
        return list(product(*inside))

    def divisors(self, axis: int, input_size: Sequence[int], count_include_pad: bool = True) -> list[int]:
        """Count the cells that an average divides by, along one axis and for each output.

        With ``ceil_mode`` taps may lie beyond the padding; these are never counted. The divisor of an
        average is the product of the counts along the axes.

        >>> Window.of(3, stride=2, padding=1, axes=1).divisors(0, (5,))
        [3, 3, 3]
        >>> Window.of(3, stride=2, padding=1, axes=1).divisors(0, (5,), count_include_pad=False)
        [2, 3, 2]
        """
        return [
            self._count(axis, output, input_size[axis], count_include_pad)
            for output in range(self.output_size(input_size)[axis])
        ]

    def divisor(self, output_index: Index, input_size: Sequence[int], count_include_pad: bool = True) -> int:
        """Count the cells that the average of one output divides by.

        >>> Window.of(3, padding=1).divisor((0, 0), (4, 4), count_include_pad=False)
        4
        """
        self._check_output(output_index, input_size)
        return math.prod(
            self._count(axis, output_index[axis], input_size[axis], count_include_pad)
            for axis in range(self.axes)
        )

    def has_empty_window(self, input_size: Sequence[int]) -> bool:
        """Say whether some output sees nothing but padding.

        >>> Window.of(2, padding=((2, 0),), axes=1).has_empty_window((4,))
        True
        """
        # Without dilation, a window sees at least one cell if the padding is smaller than the kernel, so such
        # an axis is not examined.
        reach = zip(self.padding, self.kernel, self.dilation, strict=True)
        doubtful = [axis for axis, (pair, k, d) in enumerate(reach) if d > 1 or max(pair) >= k]
        return any(0 in self.divisors(axis, input_size, False) for axis in doubtful)

    def slices(self, input_size: Sequence[int]) -> Iterator[tuple[Slices, Slices]]:
        """Yield, for each tap of the kernel, a slice of outputs and the input cells that it sees there.

        With these slices an array is pooled by a loop over taps instead of a loop over outputs. Taps come in
        row-major order.

        :yields: Slices of the output and slices of the input, of the same length along each axis.

        >>> for outputs, inputs in Window.of(2, padding=1, stride=2, axes=1).slices((4,)):
        ...     print(outputs, inputs)
        (slice(1, 3, None),) (slice(1, 4, 2),)
        (slice(0, 2, None),) (slice(0, 3, 2),)
        """
        sizes = self.output_size(input_size)
        along: list[list[tuple[slice, slice]]] = []
        for axis, n in enumerate(input_size):
            pairs = []
            for at in self.positions(axis, 0):
                s = self.stride[axis]
                first = max(0, -(at // s))
                last = min(sizes[axis] - 1, (n - 1 - at) // s)
                if first <= last:
                    pairs.append((slice(first, last + 1), slice(at + first * s, at + last * s + 1, s)))
            along.append(pairs)
        for chosen in product(*along):
            yield tuple(pair[0] for pair in chosen), tuple(pair[1] for pair in chosen)

    def _padding_by_rule(self, rule: str, input_size: Sequence[int] | None) -> tuple[Pair, ...]:
        if rule not in PADDING_RULES:
            expected = f"numbers, pairs or one of {', '.join(PADDING_RULES)}"
            raise PoolingError(self.operation, "padding", expected, rule)
        if rule == "valid":
            return self.padding
        if input_size is None or len(input_size) != self.axes:
            raise PoolingError(self.operation, "input_size", f"{self.axes} lengths for {rule!r}", input_size)
        pairs = []
        for n, extent, s in zip(input_size, self.extent, self.stride, strict=True):
            missing = max((-(-n // s) - 1) * s + extent - n, 0)
            smaller, larger = missing // 2, missing - missing // 2
            pairs.append((larger, smaller) if rule == "same_lower" else (smaller, larger))
        return tuple(pairs)

    def _count(self, axis: int, output: int, n: int, count_include_pad: bool) -> int:
        before, after = self.padding[axis] if count_include_pad else (0, 0)
        return sum(-before <= at < n + after for at in self.positions(axis, output))

    def _check_rank(self, entries: Sequence[int], name: str) -> None:
        if len(entries) != self.axes:
            raise PoolingError(self.operation, name, f"{self.axes} entries, one for each axis", entries)

    def _check_output(self, output_index: Sequence[int], input_size: Sequence[int]) -> None:
        self._check_rank(output_index, "output_index")
        sizes = self.output_size(input_size)
        if not all(0 <= at < size for at, size in zip(output_index, sizes, strict=True)):
            raise PoolingError(
                self.operation, "output_index", f"an index into {sizes}", output_index, input_size
            )


def receptive_field(windows: Sequence[Window]) -> tuple[Index, Index]:
    """Compute how many cells of the first input one output of a stack of windows sees.

    :param windows: The windows, in the order in which data passes through them.
    :returns: The extent along each axis and the step from one output to its neighbour, in input cells.
    :raises PoolingError: For an empty stack, or windows with different numbers of axes.

    Source: Araujo, Norris and Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks".

    >>> receptive_field([Window.of(3, stride=1), Window.of(2)])
    ((4, 4), (2, 2))
    """
    if not windows:
        raise PoolingError("receptive_field", "windows", "at least one window", windows)
    field_size, step = [1] * windows[0].axes, [1] * windows[0].axes
    for window in windows:
        if window.axes != len(step):
            raise PoolingError("receptive_field", "windows", f"windows of {len(step)} axes", window)
        for axis in range(window.axes):
            field_size[axis] += (window.extent[axis] - 1) * step[axis]
            step[axis] *= window.stride[axis]
    return tuple(field_size), tuple(step)
