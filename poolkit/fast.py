"""The largest of every ``k`` neighbours, at a cost that hardly grows with ``k``: what chapter 14 builds.

A maximum over a plane of windows is one over rows and then one over columns. Both functions work along one
axis of a floating point tensor, at stride 1 and without padding. NaN wins; of +0 and -0 either may come out.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from poolkit.errors import PoolingError


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
