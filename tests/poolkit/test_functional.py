"""The sliding poolings agree with the numpy loops, and with torch where torch has the same pooling."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional as F

import poolkit
from poolkit import PoolingError, Window, reference, sliding
from tests.poolkit.strategies import AWKWARD, Setting, arrays, settings

DTYPES = [torch.float32, torch.float64]
AXES = st.integers(1, 3)
Array = np.ndarray[Any, Any]


def arguments_of(setting: Setting) -> dict[str, Any]:
    return {
        "kernel_size": setting.kernel_size,
        "stride": list(setting.stride),
        "padding": setting.padding,
        "dilation": setting.dilation,
        "ceil_mode": setting.ceil_mode,
    }


def gradient_of(
    y: Tensor, x: Tensor, data: st.DataObject
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Draw a gradient for the output, and return both it and the resulting gradient of the input."""
    weights = data.draw(arrays(tuple(y.shape)))
    (gradient,) = torch.autograd.grad(y, x, torch.from_numpy(weights).to(y.dtype))
    return weights.astype(gradient.numpy().dtype), gradient.numpy()


def lp_pool_backward(grad_output: Array, x: Array, norm_type: float, window: Window) -> Array:
    """Compute the gradient of Lp pooling with loops.

    An output passes its gradient to each cell x of its window, times the sign of x and ``(|x| / y)^(p - 1)``,
    or times 0 if the output y is 0.
    """
    y = reference.lp_pool(x, norm_type, window)
    size, grad_input = x.shape[-window.axes :], np.zeros(x.shape, dtype=grad_output.dtype)
    for o in np.ndindex(y.shape[-window.axes :]):
        here: Any = (..., *o)
        scale = math.prod(window.kernel) / window.divisor(o, size)
        for tap in window.taps(o, size):
            seen: Any = (..., *tap)
            ratio = np.abs(x[seen]) / np.where(y[here] == 0, np.inf, y[here])
            share = np.where(x[seen] == 0, 0, ratio ** (norm_type - 1) * np.sign(x[seen]))
            grad_input[seen] += grad_output[here] * share * scale
    return grad_input


def refused_by_torch(setting: Setting) -> bool:
    """Whether torch's avg_pool3d refuses a setting, because its kernel is longer than the input.

    The other poolings of torch accept such a kernel if it fits with the padding.
    """
    plain = all(
        before == after and 2 * before <= k
        for (before, after), k in zip(setting.window.padding, setting.kernel_size, strict=True)
    )
    longer = any(n < k for n, k in zip(setting.size, setting.kernel_size, strict=True))
    return setting.axes == 3 and set(setting.dilation) == {1} and plain and longer


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data(), axes=AXES)
def test_max_pool(data: st.DataObject, axes: int, dtype: torch.dtype) -> None:
    setting: Setting = data.draw(settings(axes, beyond_torch=True))
    x = torch.from_numpy(data.draw(arrays(setting.shape, AWKWARD))).to(dtype).requires_grad_()
    pool = getattr(poolkit, f"max_pool{axes}d")
    values, indices = pool(x, **arguments_of(setting), return_indices=True)
    expected, places = reference.max_pool(x.detach().numpy(), setting.window, return_indices=True)
    np.testing.assert_array_equal(values.detach().numpy(), expected)
    np.testing.assert_array_equal(np.signbit(values.detach().numpy()), np.signbit(expected))
    np.testing.assert_array_equal(indices.numpy(), places)
    assert values.dtype == dtype
    weights, gradient = gradient_of(values, x, data)
    expected = reference.max_pool_backward(weights, x.detach().numpy(), setting.window)
    np.testing.assert_array_equal(gradient, expected)


@given(data=st.data(), axes=AXES)
def test_the_loop_over_taps_equals_torchs_max_pool(data: st.DataObject, axes: int) -> None:
    """Wherever torch's operator can pool an input, poolkit's loop over the taps gives the same bits."""
    setting: Setting = data.draw(settings(axes))
    x = torch.from_numpy(data.draw(arrays(setting.shape, AWKWARD))).requires_grad_()
    for got, expected in zip(
        sliding.max_over_taps(x, setting.window), sliding.max_pool(x, setting.window), strict=True
    ):
        torch.testing.assert_close(got, expected, rtol=0, atol=0, equal_nan=True)


@given(data=st.data(), axes=AXES, dtype=st.sampled_from([torch.uint8, torch.int8, torch.int16, torch.int32]))
def test_max_pool_of_integers(data: st.DataObject, axes: int, dtype: torch.dtype) -> None:
    setting: Setting = data.draw(settings(axes, beyond_torch=True))
    lowest = torch.iinfo(dtype).min
    x = torch.from_numpy(data.draw(arrays(setting.shape, (lowest, lowest + 1, 0, 5)))).to(dtype)
    values, indices = getattr(poolkit, f"max_pool{axes}d")(x, **arguments_of(setting), return_indices=True)
    expected, places = reference.max_pool(x.numpy(), setting.window, return_indices=True)
    assert values.dtype == dtype
    np.testing.assert_array_equal(values.numpy(), expected)
    np.testing.assert_array_equal(indices.numpy(), places)


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data(), axes=AXES)
def test_avg_pool(data: st.DataObject, axes: int, dtype: torch.dtype) -> None:
    setting: Setting = data.draw(settings(axes, beyond_torch=True))
    counted = data.draw(st.booleans())
    override = {"divisor_override": data.draw(st.sampled_from([None, 1, 3, -2]))} if axes > 1 else {}
    x = torch.from_numpy(data.draw(arrays(setting.shape, AWKWARD))).to(dtype).requires_grad_()
    pool = getattr(poolkit, f"avg_pool{axes}d")
    if refused_by_torch(setting):
        with pytest.raises(PoolingError, match="padding left out"):
            pool(x, **arguments_of(setting))
        return
    y = pool(x, **arguments_of(setting), count_include_pad=counted, **override)
    expected = reference.avg_pool(x.detach().numpy(), setting.window, counted, *override.values())
    np.testing.assert_allclose(y.detach().numpy(), expected, rtol=1e-6, atol=1e-6)
    assert y.dtype == dtype
    weights, gradient = gradient_of(y, x, data)
    expected = reference.avg_pool_backward(weights, setting.size, setting.window, counted, *override.values())
    np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-6)


@given(data=st.data(), axes=AXES)
def test_avg_pool_of_integers(data: st.DataObject, axes: int) -> None:
    setting: Setting = data.draw(settings(axes, beyond_torch=True))
    x = torch.from_numpy(data.draw(arrays(setting.shape, (-9, -2, 0, 3, 8)))).long()
    window = setting.window
    counted = data.draw(st.booleans())
    expected = reference.avg_pool(x.numpy(), window, counted)
    count = sliding.divisors(x, window, counted)
    got = sliding.patches(x, window).sum(-1).div(count, rounding_mode="trunc")
    np.testing.assert_array_equal(got.numpy(), expected)
    if not refused_by_torch(setting):
        y = getattr(poolkit, f"avg_pool{axes}d")(x, **arguments_of(setting), count_include_pad=counted)
        assert y.dtype == torch.int64
        np.testing.assert_array_equal(y.numpy(), expected)


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data(), axes=AXES, p=st.sampled_from([1, 2, 3, 2.5]))
def test_lp_pool(data: st.DataObject, axes: int, p: float, dtype: torch.dtype) -> None:
    setting: Setting = data.draw(settings(axes, beyond_torch=True))
    x = torch.from_numpy(data.draw(arrays(setting.shape))).to(dtype).requires_grad_()
    if setting.window.has_empty_window(setting.size):
        return
    y = getattr(poolkit, f"lp_pool{axes}d")(x, p, **arguments_of(setting))
    expected = reference.lp_pool(x.detach().numpy(), p, setting.window)
    np.testing.assert_allclose(y.detach().numpy(), expected, rtol=1e-5, atol=1e-6)
    weights, gradient = gradient_of(y, x, data)
    expected = lp_pool_backward(weights, x.detach().numpy(), p, setting.window)
    np.testing.assert_allclose(gradient, expected, rtol=1e-4, atol=1e-5)


@given(data=st.data(), axes=AXES, p=st.sampled_from([1, 2, 3, float("inf"), -float("inf"), -2]))
def test_lp_pool_of_positive_values_equals_torchs(data: st.DataObject, axes: int, p: float) -> None:
    setting: Setting = data.draw(settings(axes, dilated=False))
    x = torch.from_numpy(data.draw(arrays(setting.shape, (0.5, 1.0, 2.0))))
    window = Window.of(setting.kernel_size, setting.stride, ceil_mode=setting.ceil_mode, axes=axes)
    try:
        window.output_size(setting.size)
    except PoolingError:
        return
    kernel = setting.kernel_size[0] if axes == 1 else setting.kernel_size
    if axes == 3 and any(n < k for n, k in zip(setting.size, setting.kernel_size, strict=True)):
        return
    expected = getattr(F, f"lp_pool{axes}d")(x, p, kernel, setting.stride, setting.ceil_mode)
    got = getattr(poolkit, f"lp_pool{axes}d")(x, p, kernel, setting.stride, setting.ceil_mode)
    torch.testing.assert_close(got, expected)


@pytest.mark.parametrize(
    "arguments", [(2,), ((2, 3),), ([2], [1]), (2, None), (3, 2, [1]), (3, [], 1, (1, 2))]
)
def test_arguments_are_accepted_in_torchs_forms(arguments: tuple[Any, ...]) -> None:
    x = torch.rand(1, 2, 7, 7, generator=torch.Generator().manual_seed(0))
    assert torch.equal(poolkit.max_pool2d(x, *arguments), F.max_pool2d(x, *arguments))


def test_numpy_integers_are_accepted_as_numbers() -> None:
    x = torch.rand(1, 2, 7, 7, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(poolkit.avg_pool2d(x, np.int64(2)), F.avg_pool2d(x, 2))  # type: ignore[arg-type]


def test_halves_are_added_up_in_single_precision() -> None:
    for dtype in (torch.float16, torch.bfloat16):
        x = torch.full((1, 64, 64), 0.1, dtype=dtype)
        got = poolkit.avg_pool2d(x, 64, padding=((0, 0), (0, 0)), dilation=1)
        assert torch.equal(got, x[:, :1, :1])
        assert torch.equal(poolkit.avg_pool2d(x, 32, dilation=2), x[:, :1, :1])


def test_importing_poolkit_imports_no_heavy_module() -> None:
    """Heavy modules such as matplotlib, which only figures need, would make the import of poolkit slow."""
    program = (
        "import sys, torch; before = set(sys.modules); import poolkit.modules; "
        "print(*sorted({name.split('.')[0] for name in set(sys.modules) - before}))"
    )
    got = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert got.split() == ["poolkit"]


def test_the_reference_does_not_import_torch() -> None:
    text = Path(reference.__file__).read_text(encoding="utf-8")
    assert "import torch" not in text
    assert "from torch" not in text


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: poolkit.max_pool2d(torch.zeros(4, 4), 2),
            r"max_pool2d: input: .*got 2 axes \(shape at hand: \(4, 4\)\)",
        ),
        (lambda: poolkit.max_pool2d([[1.0]], 2), r"max_pool2d: input: expected a tensor, got list"),  # type: ignore[arg-type]
        (
            lambda: poolkit.max_pool2d(torch.zeros(1, 4, 4), 5),
            r"max_pool2d: input: .* got an output of \(0, 0\)",
        ),
        (
            lambda: poolkit.avg_pool2d(torch.zeros(1, 4, 4), 2, divisor_override=0),
            "avg_pool2d: divisor_override: .*got 0",
        ),
        (
            lambda: poolkit.avg_pool2d(torch.zeros(1, 4, 4).int(), 2),
            "avg_pool2d: input: .* int64, got torch.int32",
        ),
        (
            lambda: poolkit.avg_pool3d(torch.zeros(1, 1, 4, 4), 2, padding=1),
            r"avg_pool3d: .* padding left out, got \(1",
        ),
        (
            lambda: poolkit.max_pool1d(torch.zeros(1, 4).to(torch.cfloat), 2),
            "max_pool1d: input: .* got torch.complex64",
        ),
        (
            lambda: poolkit.lp_pool2d(torch.zeros(1, 4, 4), 0, 2),
            "lp_pool2d: norm_type: expected any number but 0, got 0",
        ),
        (lambda: poolkit.gem_pool(torch.zeros(1, 1, 4), eps=0), "gem_pool: eps: expected above 0, got 0"),
        (lambda: poolkit.gem_pool(torch.zeros(1, 1, 4), 0), "gem_pool: p: expected any number but 0, got 0"),
        (
            lambda: poolkit.gem_pool(torch.zeros(1, 3, 4), torch.ones(2)),
            r"gem_pool: p: .* of 1 or of 3 .* got \(2,\)",
        ),
        (lambda: poolkit.global_max_pool(torch.zeros(3, 4)), "global_max_pool: input: .* got 2 axes"),
    ],
)
def test_errors_name_operation_argument_expected_and_got(call: Any, message: str) -> None:
    with pytest.raises(PoolingError, match=f"^{message}"):
        call()
