"""What memory alone takes: read the input once, write a fresh output once.

Reading is a sum, which does nothing else than read on all processors that we know; writing is a tensor of
ones. With gradients the floor is that of the values, and once more for the way back: read what came from
behind, write a fresh gradient of the input. It is no strict bound: where input and output fit into a cache
together, a pooling that has just read its input may be faster.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def floor(x: Tensor, y: Tensor, backward: bool) -> Callable[[], Tensor]:
    """The call that reads and writes as much as must be read and written.

    Args:
        x: the input.
        y: the output; only its shape counts.
        backward: whether gradients are asked for.
    """
    given = torch.ones_like(y)

    def forth() -> Tensor:
        x.sum()
        return torch.ones_like(y)

    def forth_and_back() -> Tensor:
        forth()
        given.sum()
        return torch.ones_like(x)

    return forth_and_back if backward else forth


def bytes_moved(x: Tensor, y: Tensor, backward: bool) -> int:
    """How many bytes that is."""
    return (x.nbytes + y.nbytes) * (2 if backward else 1)
