"""A program that finds reads beyond the end of inputs and gradients; it runs on Linux only.

It puts the tensors at the very end of a page of memory, and forbids all access to the next page. A read
beyond the end of a tensor then causes a segmentation fault. So a test runs this program as a separate
process: ``python -m tests.poolkit.guarded``.
"""

from __future__ import annotations

import ctypes
import math
import mmap
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

import poolkit
from poolkit import compiled

Pool = Callable[..., Any]
TORCH: dict[int, tuple[Pool, Pool]] = {1: (F.max_pool1d, F.avg_pool1d), 2: (F.max_pool2d, F.avg_pool2d)}
POOLKIT: dict[int, tuple[Pool, Pool]] = {
    1: (poolkit.max_pool1d, poolkit.avg_pool1d),
    2: (poolkit.max_pool2d, poolkit.avg_pool2d),
}
KERNELS = (1, 2, 3, 4, 5, 7, 8, 9, 17, 40)
STRIDES = (1, 2, 3, 4, 5, 7, 8, 11, 16, 31)
FAR_STRIDES = (100, 1000, 16384, 65536, 70000)
# The size of the largest input in bytes.
ROOM = 16 << 20
PROT_NONE = 0


class Guarded:
    """Memory that ends at the end of a page; reading the next page causes a segmentation fault."""

    def __init__(self, size: int = ROOM) -> None:
        page = mmap.PAGESIZE
        self.end = -(-size // page) * page
        self.memory = mmap.mmap(-1, self.end + page)
        start = ctypes.addressof(ctypes.c_char.from_buffer(self.memory))
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mprotect(ctypes.c_void_p(start + self.end), ctypes.c_size_t(page), PROT_NONE):
            raise OSError(ctypes.get_errno(), "mprotect")

    def tensor(self, shape: Sequence[int], dtype: torch.dtype, last: bool = False) -> Tensor:
        """Return a tensor of random numbers that fills the last bytes of the memory.

        If ``last`` is True, its layout is channels_last.
        """
        count = math.prod(shape)
        flat = torch.frombuffer(
            self.memory, dtype=dtype, count=count, offset=self.end - count * dtype.itemsize
        )
        flat.copy_(torch.randn(count))
        if not last:
            return flat.view(*shape)
        batch, channels, height, width = shape
        return flat.view(batch, height, width, channels).permute(0, 3, 1, 2)


class Call(NamedTuple):
    """The arguments of one pooling, and the shape, dtype and layout of its input."""

    shape: tuple[int, ...]
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    ceil_mode: bool = False
    dtype: torch.dtype = torch.float32
    last: bool = False


def small_calls() -> list[Call]:
    """List calls with small inputs, at the strides for which the compiled kernel has separate loops."""
    shapes = (
        (1, 1, 7, 7),
        (2, 3, 5, 3),
        (1, 2, 33, 33),
        (1, 3, 20, 67),
        (1, 1, 64, 64),
        (3, 2, 16, 1),
        (1, 5, 40, 40),
    )
    return [
        Call(shape, (k, k), (stride, stride), (padding, padding), False, dtype, last)
        for shape in shapes
        for k in (1, 2, 3, 4, 5, 7, 9, 16, 33)
        for stride in (1, 2, 3, k)
        for padding in (0, k // 2)
        if k - 2 * padding <= min(shape[2:])
        for dtype in (torch.float32, torch.float64)
        for last in (False, True)
    ]


def drawn_call(seed: int) -> Call:
    """Draw a call along one or two axes; two in three have a small stride, the others a very large one."""
    rng = np.random.default_rng(seed)
    axes, far = int(rng.choice([1, 2, 2, 2])), seed % 3 == 0
    kernel = [int(k) for k in rng.choice(KERNELS[:5] if far else KERNELS, axes)]
    stride = [int(s) for s in rng.choice(STRIDES[:5] if far else STRIDES, axes)]
    stride[-1] = int(rng.choice(FAR_STRIDES)) if far else stride[-1]
    padding = [int(rng.integers(0, k // 2 + 1)) for k in kernel]
    most = [2] * (axes - 1) + [min(40, 1 + 140_000 // stride[-1])]
    size = [
        max(1, int(rng.integers(0, outputs)) * s + k - 2 * p) + int(rng.integers(0, min(s, 50)))
        for k, s, p, outputs in zip(kernel, stride, padding, most, strict=True)
    ]
    few = math.prod(size) > 10_000
    shape = (1 if few else 2, 1 if few else int(rng.choice([1, 3, 16, 17])), *size)
    dtype = torch.float64 if seed % 4 == 1 else torch.float32
    return Call(
        shape,
        tuple(kernel),
        tuple(stride),
        tuple(padding),
        seed % 5 == 3,
        dtype,
        axes == 2 and seed % 2 == 1,
    )


def known_calls() -> list[Call]:
    """List calls that once read beyond the end of a tensor, some with strides much longer than the input."""
    plane = [Call((1, 1, 1000, 1000), (3, 3), (s, s), (0, 0)) for s in (8, 999, 65536, 70000)]
    return [
        Call((1, 3, 40), (3,), (8,), (0,)),
        Call((8, 16, 112, 112), (32, 32), (16, 16), (0, 0)),
        Call((1, 1, 1, 70000), (1, 65536), (1, 16384), (0, 0)),
        *plane,
    ]


def compare(call: Call, inputs: Guarded, gradients: Guarded) -> None:
    """Compare values, indices and gradients of max and average pooling with torch's."""
    max_pool, avg_pool = POOLKIT[len(call.kernel)]
    their_max, their_avg = TORCH[len(call.kernel)]
    window = call[1:4]
    x = inputs.tensor(call.shape, call.dtype, call.last).requires_grad_()
    expected, places = their_max(x, *window, ceil_mode=call.ceil_mode, return_indices=True)
    expected_mean = their_avg(x, *window, call.ceil_mode)
    weights = gradients.tensor(expected.shape, call.dtype, call.last)
    (expected_back,) = torch.autograd.grad(expected, x, weights)
    (expected_mean_back,) = torch.autograd.grad(expected_mean, x, weights)
    for impl in ("auto", "compiled"):
        values, indices = max_pool(x, *window, ceil_mode=call.ceil_mode, return_indices=True, impl=impl)
        assert torch.equal(values, expected), impl
        assert torch.equal(indices, places), impl
        assert torch.equal(max_pool(x.detach(), *window, ceil_mode=call.ceil_mode, impl=impl), expected), impl
        (back,) = torch.autograd.grad(values, x, weights)
        torch.testing.assert_close(back, expected_back)
        mean = avg_pool(x, *window, call.ceil_mode, impl=impl)
        torch.testing.assert_close(mean, expected_mean)
        (mean_back,) = torch.autograd.grad(mean, x, weights)
        torch.testing.assert_close(mean_back, expected_mean_back)


def main() -> None:
    """Run all calls, compare them with torch's, and print how many there were."""
    compiled.build()
    torch.set_num_threads(1)
    inputs, gradients = Guarded(), Guarded()
    calls = [*small_calls()[::3], *map(drawn_call, range(300)), *known_calls()]
    for call in calls:
        try:
            compare(call, inputs, gradients)
        except Exception as error:
            raise AssertionError(str(call)) from error
    print(f"{len(calls)} calls read nothing beyond the end of their tensors")


if __name__ == "__main__":
    main()
