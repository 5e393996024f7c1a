"""The numpy loops of poolkit.reference agree with torch in values, indices and gradients.

They agree bit for bit where nothing is summed.
"""

from __future__ import annotations

from typing import Any

import hypothesis
import numpy as np
import numpy.typing as npt
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from poolkit import PoolingError, Window, reference
from tests.poolkit.strategies import AWKWARD, Setting, arrays, settings

MAX = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
AVG: dict[int, Any] = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}
DTYPES = [np.float32, np.float64]


def same_bits(got: np.ndarray[Any, Any], expected: np.ndarray[Any, Any]) -> None:
    """Compare dtype and values, including the sign of zeros; any NaN equals any NaN."""
    assert got.dtype == expected.dtype
    np.testing.assert_array_equal(got, expected)
    np.testing.assert_array_equal(np.signbit(got), np.signbit(expected))


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data(), axes=st.integers(1, 3))
def test_max_pool(data: st.DataObject, axes: int, dtype: type) -> None:
    setting: Setting = data.draw(settings(axes))
    hypothesis.assume(not setting.window.has_empty_window(setting.size))
    x: npt.NDArray[Any] = data.draw(arrays(setting.shape, AWKWARD)).astype(dtype)
    tensor = torch.from_numpy(x).requires_grad_()
    expected, expected_indices = MAX[axes](
        tensor,
        setting.kernel_size,
        setting.stride,
        setting.padding,
        setting.dilation,
        setting.ceil_mode,
        return_indices=True,
    )
    values, indices = reference.max_pool(x, setting.window, return_indices=True)
    same_bits(values, expected.detach().numpy())
    np.testing.assert_array_equal(indices, expected_indices.numpy())
    same_bits(reference.max_pool(x, setting.window), values)
    gradient: npt.NDArray[Any] = data.draw(arrays(expected.shape)).astype(dtype)
    (expected_gradient,) = torch.autograd.grad(expected, tensor, torch.from_numpy(gradient))
    got = reference.max_pool_backward(gradient, x, setting.window)
    assert got.dtype == dtype
    np.testing.assert_array_equal(got, expected_gradient.numpy())


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data(), axes=st.integers(1, 3))
def test_avg_pool(data: st.DataObject, axes: int, dtype: type) -> None:
    setting: Setting = data.draw(settings(axes, dilated=False))
    hypothesis.assume(axes < 3 or np.all(np.array(setting.size) >= setting.kernel_size))
    count_include_pad = data.draw(st.booleans())
    override = None if axes == 1 else data.draw(st.sampled_from([None, 1, 3, -2]))
    x: npt.NDArray[Any] = data.draw(arrays(setting.shape, AWKWARD)).astype(dtype)
    tensor = torch.from_numpy(x).requires_grad_()
    arguments: list[Any] = [
        setting.kernel_size,
        setting.stride,
        setting.padding,
        setting.ceil_mode,
        count_include_pad,
    ]
    expected = AVG[axes](tensor, *arguments, *([] if axes == 1 else [override]))
    got = reference.avg_pool(x, setting.window, count_include_pad, override)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, expected.detach().numpy(), rtol=1e-6)
    gradient: npt.NDArray[Any] = data.draw(arrays(expected.shape)).astype(dtype)
    (expected_gradient,) = torch.autograd.grad(expected, tensor, torch.from_numpy(gradient))
    got = reference.avg_pool_backward(gradient, setting.size, setting.window, count_include_pad, override)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, expected_gradient.numpy(), rtol=1e-6, atol=1e-6)


@given(data=st.data())
def test_max_pool_row_equals_max_pool(data: st.DataObject) -> None:
    setting: Setting = data.draw(settings(1, dilated=False, batch=False))
    x = data.draw(arrays((setting.size[0] + 4,)))
    window = Window.of(setting.kernel_size, setting.stride, axes=1)
    got = reference.max_pool_row(x, setting.kernel_size[0], setting.stride[0])
    same_bits(got, reference.max_pool(x, window))


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.int32, np.int64])
def test_max_pool_of_integers(dtype: type) -> None:
    x: npt.NDArray[Any] = np.random.default_rng(0).integers(0, 100, size=(2, 3, 5, 6)).astype(dtype)
    x[0, 0, :2, :2] = np.iinfo(dtype).min
    window = Window.of(2, 2, 1)
    values, indices = reference.max_pool(x, window, return_indices=True)
    expected = F.max_pool2d(torch.from_numpy(x), 2, 2, 1, return_indices=True)
    same_bits(values, expected[0].numpy())
    np.testing.assert_array_equal(indices, expected[1].numpy())


def test_average_of_integers_rounds_towards_zero_as_torch_does() -> None:
    x = np.random.default_rng(0).integers(-9, 9, size=(2, 3, 5, 6))
    for override in (None, 3, -3):
        expected = F.avg_pool2d(torch.from_numpy(x), 2, divisor_override=override).numpy()
        same_bits(reference.avg_pool(x, Window.of(2), divisor_override=override), expected)


def test_half_precision_is_added_up_in_single_precision() -> None:
    x = np.full((1, 64, 64), 0.1, dtype=np.float16)
    y = reference.avg_pool(x, Window.of(64))
    assert y.dtype == np.float16
    np.testing.assert_array_equal(y, np.float16(0.1))


def test_a_window_that_sees_only_padding() -> None:
    window = Window.of(1, padding=((1, 0),), axes=1)
    values, indices = reference.max_pool(np.array([5.0]), window, return_indices=True)
    np.testing.assert_array_equal(values, [-np.inf, 5.0])
    np.testing.assert_array_equal(indices, [-1, 0])
    np.testing.assert_array_equal(reference.max_pool_backward(np.ones(2), np.array([5.0]), window), [1.0])
    for counted in (True, False):
        np.testing.assert_array_equal(reference.avg_pool(np.array([5.0]), window, counted), [0.0, 5.0])
        np.testing.assert_array_equal(reference.avg_pool_backward(np.ones(2), (1,), window, counted), [1.0])


def test_the_input_is_not_changed() -> None:
    x = np.random.default_rng(0).normal(size=(4, 4))
    before = x.copy()
    y = reference.max_pool(x, Window.of(1))
    y[...] = 7
    reference.avg_pool(x, Window.of(1))[...] = 7
    np.testing.assert_array_equal(x, before)


def test_errors_name_the_expected_and_the_given_value() -> None:
    window = Window.of(2, operation="max_pool2d")
    with pytest.raises(PoolingError, match=r"max_pool2d: x: expected integers or floating point, got bool"):
        reference.max_pool(np.zeros((2, 2), dtype=bool), window)
    with pytest.raises(PoolingError, match=r"x: expected at least 2 axes.*, got 1 axes .*\(2,\)"):
        reference.max_pool(np.zeros(2), window)
    with pytest.raises(
        PoolingError, match=r"grad_output: expected the output's shape \(1, 1\), got \(2, 2\)"
    ):
        reference.max_pool_backward(np.zeros((2, 2)), np.zeros((2, 2)), window)
    with pytest.raises(PoolingError, match="grad_output"):
        reference.avg_pool_backward(np.zeros((2, 2)), (2, 2), window)
    with pytest.raises(PoolingError, match="divisor_override: expected any number but 0, got 0"):
        reference.avg_pool(np.zeros((2, 2)), window, divisor_override=0)
