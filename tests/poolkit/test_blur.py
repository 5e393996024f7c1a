"""Blurring agrees with a loop over the taps; polyphase pooling is consistent under shifts."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch

import poolkit
from poolkit import PoolingError

MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap", "zeros": "constant"}


def blur_by_loops(x: np.ndarray, size: int, stride: int, mode: str) -> np.ndarray:
    """Blur with loops: pad with numpy, then add up one tap at a time."""
    before, after = (size - 1) // 2, size // 2
    padded = np.pad(x, [(0, 0), (before, after), (before, after)], MODES[mode])  # type: ignore[call-overload]
    rows, columns = (-(-n // stride) for n in x.shape[1:])
    y = np.zeros((x.shape[0], rows, columns))
    for row, column in itertools.product(range(rows), range(columns)):
        for i, j in itertools.product(range(size), repeat=2):
            share = math.comb(size - 1, i) * math.comb(size - 1, j) / 4 ** (size - 1)
            y[:, row, column] += share * padded[:, row * stride + i, column * stride + j]
    return y


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_blur_pools_equal_the_loops(mode: str, size: int, stride: int) -> None:
    x = np.random.default_rng(size).normal(size=(2, 6, 7))
    got = poolkit.blur_pool2d(torch.from_numpy(x), size, stride, mode)
    np.testing.assert_allclose(got.numpy(), blur_by_loops(x, size, stride, mode), atol=1e-12)
    largest = poolkit.max_pool2d(torch.from_numpy(x), 2, 1)
    got = poolkit.max_blur_pool2d(torch.from_numpy(x), 2, stride, size, mode)
    np.testing.assert_allclose(got.numpy(), blur_by_loops(largest.numpy(), size, stride, mode), atol=1e-12)


def test_blur_keeps_a_constant() -> None:
    for mode in ("reflect", "replicate", "circular"):
        assert torch.equal(poolkit.blur_pool2d(torch.ones(1, 5, 5), padding_mode=mode), torch.ones(1, 3, 3))


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("norm", [1.0, 2.0, 3.5, float("inf")])
def test_polyphase_takes_the_phase_of_largest_norm(stride: int, norm: float) -> None:
    x = torch.randn(3, 2, 6, 12, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    y, phase = poolkit.polyphase_pool2d(x, stride, norm, return_phase=True)
    for sample in range(3):
        phases = [x[sample, :, i::stride, j::stride] for i in range(stride) for j in range(stride)]
        largest = max(range(len(phases)), key=lambda at: phases[at].norm(norm).item())
        assert phase[sample] == largest
        assert torch.equal(y[sample], phases[largest])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_polyphase_is_shift_consistent_to_the_last_bit(dtype: torch.dtype) -> None:
    """If the input is shifted circularly, the output is shifted circularly, with the same bits."""
    x = torch.randn(4, 3, 8, 8, dtype=dtype, generator=torch.Generator().manual_seed(0))
    y = poolkit.polyphase_pool2d(x)
    for rows, columns in itertools.product(range(8), repeat=2):
        shifted = poolkit.polyphase_pool2d(x.roll((rows, columns), (2, 3)))
        for sample in range(4):
            shifts = itertools.product(range(4), repeat=2)
            assert any(torch.equal(shifted[sample], y[sample].roll(shift, (1, 2))) for shift in shifts)


def test_polyphase_adds_the_same_numbers_up_in_the_same_order() -> None:
    """Two phases that hold the same 512 numbers in different order have exactly the same norm.

    If the numbers were added up in the order of the cells, the norms could differ in their last bits.
    """
    values = torch.rand(
        16, 32, dtype=torch.float64, generator=torch.Generator().manual_seed(0)
    ) * 10 ** torch.linspace(-9, 9, 32)
    for shuffle in range(20):
        order = torch.randperm(512, generator=torch.Generator().manual_seed(shuffle))
        x = torch.zeros(1, 16, 64, dtype=torch.float64)
        x[0, :, 0::2] = values
        x[0, :, 1::2] = values.flatten()[order].view(16, 32)
        _, phase = poolkit.polyphase_pool2d(x.repeat_interleave(2, 1), return_phase=True)
        assert phase == 0, "of equal phases the first must win"


def test_plain_subsampling_is_not_shift_consistent() -> None:
    x = torch.randn(1, 8, 8, generator=torch.Generator().manual_seed(0))
    shifted = x.roll(1, 2)[:, ::2, ::2]
    shifts = itertools.product(range(4), repeat=2)
    assert not any(torch.equal(shifted, x[:, ::2, ::2].roll(shift, (1, 2))) for shift in shifts)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda x: poolkit.blur_pool2d(x, 8),
            "blur_pool2d: filter_size: expected a reach of at most 3 .* got 8",
        ),
        (
            lambda x: poolkit.blur_pool2d(x, 10, 2, "circular"),
            "blur_pool2d: filter_size: .* at most 4 .* got 10",
        ),
        (lambda x: poolkit.blur_pool2d(x, 0), "blur_pool2d: filter_size: expected at least 1, got 0"),
        (
            lambda x: poolkit.blur_pool2d(x, (3, 3)),  # type: ignore[arg-type]
            "blur_pool2d: filter_size: expected a whole number, got",
        ),
        (lambda x: poolkit.blur_pool2d(x, 3, 0), "blur_pool2d: stride: expected at least 1"),
        (lambda x: poolkit.max_blur_pool2d(x, 0), "max_blur_pool2d: kernel_size: expected at least 1"),
        (lambda x: poolkit.max_blur_pool2d(x, padding=2), "max_blur_pool2d: padding: expected at most half"),
        (lambda x: poolkit.max_blur_pool2d(x, 2, 0), "max_blur_pool2d: stride: expected at least 1"),
        (
            lambda x: poolkit.max_blur_pool2d(x, filter_size=0),
            "max_blur_pool2d: filter_size: expected at least 1",
        ),
        (
            lambda x: poolkit.max_blur_pool2d(x, filter_size=8),
            "max_blur_pool2d: filter_size: expected a reach",
        ),
        (
            lambda x: poolkit.max_blur_pool2d(x, padding_mode="mirror"),
            "max_blur_pool2d: padding_mode: expected",
        ),
        (lambda x: poolkit.max_blur_pool2d(x.int()), "max_blur_pool2d: input: expected floating point"),
        (
            lambda x: poolkit.blur_pool2d(x, padding_mode="mirror"),
            "blur_pool2d: padding_mode: .* got mirror",
        ),
        (lambda x: poolkit.polyphase_pool2d(x, 3), "polyphase_pool2d: stride: expected a divisor .* got 3"),
        (
            lambda x: poolkit.polyphase_pool2d(x, 2, 0),
            "polyphase_pool2d: norm_type: expected a number above 0",
        ),
    ],
)
def test_wrong_arguments_are_refused(call: object, message: str) -> None:
    with pytest.raises(PoolingError, match=f"^{message}"):
        call(torch.zeros(1, 4, 4))  # type: ignore[operator]
