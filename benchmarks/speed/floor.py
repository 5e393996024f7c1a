"""The floor: the time to read the input once and to write a new output once.

Reading is done by a sum, whose time is that of reading on all processors that we know. Writing is done by
creating a tensor of ones. With gradients, the floor also includes the backward pass: reading the gradient of
the output and writing a new gradient of the input. The floor is no strict bound: if input and output fit into
a cache together, a pooling that has just read its input may be faster.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def floor(x: Tensor, y: Tensor, backward: bool) -> Callable[[], Tensor]:
    """A call that reads and writes only what every pooling must read and write.

    Args:
        x: the input.
        y: the output; only its shape counts.
        backward: whether the backward pass is included.
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
    """How many bytes a pooling must read and write."""
    return (x.nbytes + y.nbytes) * (2 if backward else 1)
