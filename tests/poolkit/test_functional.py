"""The torch side against ``torch.nn.functional``: values, indices and gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

import poolkit
from poolkit import PoolingError
from tests.poolkit.strategies import AWKWARD, Setting, arrays, settings

DTYPES = [torch.float32, torch.float64]


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data(), batch=st.booleans())
def test_max_pool2d(data: st.DataObject, dtype: torch.dtype, batch: bool) -> None:
    setting: Setting = data.draw(settings(2, batch=batch))
    if setting.window.has_empty_window(setting.size):
        return
    x = torch.from_numpy(data.draw(arrays(setting.shape, AWKWARD))).to(dtype).requires_grad_()
    arguments = (setting.kernel_size, setting.stride, setting.padding, setting.dilation, setting.ceil_mode)
    expected, expected_indices = F.max_pool2d(x, *arguments, return_indices=True)
    values, indices = poolkit.max_pool2d(x, *arguments, return_indices=True)
    torch.testing.assert_close(values, expected, rtol=0, atol=0, equal_nan=True)
    assert torch.equal(indices, expected_indices)
    gradient = torch.from_numpy(data.draw(arrays(tuple(expected.shape)))).to(dtype)
    (expected_gradient,) = torch.autograd.grad(expected, x, gradient)
    (got,) = torch.autograd.grad(poolkit.max_pool2d(x, *arguments), x, gradient)
    torch.testing.assert_close(got, expected_gradient, rtol=0, atol=0)


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data(), batch=st.booleans())
def test_avg_pool2d(data: st.DataObject, dtype: torch.dtype, batch: bool) -> None:
    setting: Setting = data.draw(settings(2, dilated=False, batch=batch))
    x = torch.from_numpy(data.draw(arrays(setting.shape, AWKWARD))).to(dtype).requires_grad_()
    arguments: tuple[Any, ...] = (
        setting.kernel_size,
        setting.stride,
        setting.padding,
        setting.ceil_mode,
        data.draw(st.booleans()),
        data.draw(st.sampled_from([None, 1, 3, -2])),
    )
    expected, got = F.avg_pool2d(x, *arguments), poolkit.avg_pool2d(x, *arguments)
    torch.testing.assert_close(got, expected, equal_nan=True)
    gradient = torch.from_numpy(data.draw(arrays(tuple(expected.shape)))).to(dtype)
    (expected_gradient,) = torch.autograd.grad(expected, x, gradient)
    (got_gradient,) = torch.autograd.grad(got, x, gradient)
    torch.testing.assert_close(got_gradient, expected_gradient)


def test_import_leaves_heavy_modules_alone() -> None:
    """Figures need matplotlib, and nobody who pools should wait for it."""
    import subprocess
    import sys

    program = (
        "import sys, torch; before = set(sys.modules); import poolkit; "
        "print(*sorted({name.split('.')[0] for name in set(sys.modules) - before}))"
    )
    got = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert got.split() == ["poolkit"]


def test_errors_say_expected_and_got() -> None:
    with pytest.raises(
        PoolingError, match=r"^max_pool2d: input: .*width, got 2 axes \(shape at hand: \(4, 4\)\)"
    ):
        poolkit.max_pool2d(torch.zeros(4, 4), 2)
    with pytest.raises(
        PoolingError, match=r"^avg_pool2d: divisor_override: expected any number but 0, got 0"
    ):
        poolkit.avg_pool2d(torch.zeros(1, 4, 4), 2, divisor_override=0)
    with pytest.raises(
        PoolingError, match=r"^max_pool2d: input: expected no empty axis but batch, got 0 chann"
    ):
        poolkit.max_pool2d(torch.zeros(1, 0, 4, 4), 2)
    with pytest.raises(PoolingError, match=r"^max_pool2d: input: expected room .* got an output of \(0, 0\)"):
        poolkit.max_pool2d(torch.zeros(1, 4, 4), 5)
    assert np.shape(poolkit.max_pool2d(torch.zeros(0, 1, 4, 4), 2)) == (0, 1, 2, 2)
