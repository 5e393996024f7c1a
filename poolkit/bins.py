"""Windows that do not slide at a fixed stride: the bins of adaptive and fractional pooling."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from poolkit.arguments import Index, Pair
from poolkit.errors import PoolingError


@dataclass(frozen=True)
class Bins:
    """One span of input cells for each output along each axis; the numpy reference pools them like windows.

    :param spans: For each axis and each output the start and the end of its bin; the end is not included.
    :param operation: The name of the calling function, for error messages.

    >>> Bins.adaptive((5,), (3,)).taps((1,), (5,))
    [(1,), (2,), (3,)]
    """

    spans: tuple[tuple[Pair, ...], ...]
    operation: str = "Bins"

    @classmethod
    def adaptive(cls, input_size: Sequence[int], output_size: Sequence[int]) -> Bins:
        """Cut each axis into bins of about the same length.

        Starts are rounded down and ends are rounded up, so neighbouring bins may overlap.

        :param input_size: Length of each spatial axis.
        :param output_size: Number of bins along each axis.

        Source: He et al. 2014, "Spatial Pyramid Pooling in Deep Convolutional Networks"; PyTorch 2.13.

        >>> Bins.adaptive((5,), (3,)).spans
        (((0, 2), (1, 4), (3, 5)),)
        """
        return cls(
            tuple(
                tuple((o * n // bins, -(-(o + 1) * n // bins)) for o in range(bins))
                for n, bins in zip(input_size, output_size, strict=True)
            )
        )

    @classmethod
    def fractional(
        cls, input_size: Sequence[int], kernel: Sequence[int], output_size: Sequence[int], u: Sequence[float]
    ) -> Bins:
        """Place windows of the same length at steps of ``(n - k) / (outputs - 1)``, rounded up or down.

        :param input_size: Length of each spatial axis.
        :param kernel: Length of the windows along each axis.
        :param output_size: Number of windows along each axis.
        :param u: For each axis a number from 0 to 1, without 1, that decides which steps are rounded up.

        Source: Graham 2014, "Fractional Max-Pooling"; the last window ends at the border, as in PyTorch 2.13.

        >>> Bins.fractional((5,), (2,), (3,), (0.9,)).spans
        (((0, 2), (1, 3), (3, 5)),)
        """
        spans = []
        for n, k, outputs, phase in zip(input_size, kernel, output_size, u, strict=True):
            step = (n - k) / (outputs - 1) if outputs > 1 else 0.0
            starts = [int((o + phase) * step) - int(phase * step) for o in range(outputs - 1)] + [n - k]
            spans.append(tuple((start, start + k) for start in starts))
        return cls(tuple(spans))

    @property
    def axes(self) -> int:
        """How many spatial axes there are."""
        return len(self.spans)

    def output_size(self, input_size: Sequence[int]) -> Index:
        """Count the bins along each axis.

        :raises PoolingError: If a bin reaches beyond the input.
        """
        for n, along in zip(input_size, self.spans, strict=True):
            if any(start < 0 or end > n for start, end in along):
                raise PoolingError(self.operation, "input", "an input that holds each bin", along, input_size)
        return tuple(len(along) for along in self.spans)

    def taps(self, output_index: Sequence[int], input_size: Sequence[int]) -> list[Index]:
        """List the input cells of one bin, in row-major order."""
        spans = zip(self.spans, output_index, strict=True)
        return list(product(*(range(*along[output]) for along, output in spans)))

    def divisor(self, output_index: Index, input_size: Sequence[int], count_include_pad: bool = True) -> int:
        """Count the input cells of one bin; bins have no padding, so ``count_include_pad`` has no effect."""
        return math.prod(along[o][1] - along[o][0] for along, o in zip(self.spans, output_index, strict=True))
