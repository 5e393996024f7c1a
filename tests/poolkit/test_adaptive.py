"""Adaptive pooling agrees with the reference's loops over bins; global pooling with torch's reductions."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import poolkit
from poolkit import Bins, PoolingError, reference
from tests.poolkit.strategies import AWKWARD, arrays

AXES = st.integers(1, 3)


@given(data=st.data(), axes=AXES)
def test_adaptive_equals_the_reference(data: st.DataObject, axes: int) -> None:
    size = data.draw(st.tuples(*[st.integers(1, 7)] * axes))
    outputs = data.draw(st.tuples(*[st.integers(1, 8)] * axes))
    x = torch.from_numpy(data.draw(arrays((2, 2, *size), AWKWARD))).requires_grad_()
    bins = Bins.adaptive(size, outputs)
    values, indices = getattr(poolkit, f"adaptive_max_pool{axes}d")(x, outputs, return_indices=True)
    expected, places = reference.max_pool(x.detach().numpy(), bins, return_indices=True)
    np.testing.assert_array_equal(values.detach().numpy(), expected)
    np.testing.assert_array_equal(indices.numpy(), places)
    weights = data.draw(arrays(tuple(values.shape)))
    (gradient,) = torch.autograd.grad(values, x, torch.from_numpy(weights))
    np.testing.assert_allclose(gradient, reference.max_pool_backward(weights, x.detach().numpy(), bins))
    y = getattr(poolkit, f"adaptive_avg_pool{axes}d")(x, outputs)
    np.testing.assert_allclose(y.detach().numpy(), reference.avg_pool(x.detach().numpy(), bins))
    (gradient,) = torch.autograd.grad(y, x, torch.from_numpy(weights))
    np.testing.assert_allclose(gradient, reference.avg_pool_backward(weights, size, bins), atol=1e-12)


@given(data=st.data(), axes=AXES)
def test_global_equals_torchs_reductions(data: st.DataObject, axes: int) -> None:
    size = data.draw(st.tuples(*[st.integers(1, 5)] * axes))
    x = torch.from_numpy(data.draw(arrays((2, 3, *size)))).requires_grad_()
    for name, reduce in (("avg", torch.mean), ("max", torch.amax)):
        y = getattr(poolkit, f"global_{name}_pool")(x)
        assert y.shape == (2, 3, *[1] * axes)
        torch.testing.assert_close(y, reduce(x, tuple(range(2, 2 + axes)), keepdim=True))
    (gradient,) = torch.autograd.grad(poolkit.global_max_pool(x).sum(), x)
    # If several cells are the maximum, argmax gives the first one.
    winners = x.detach().flatten(2).numpy().argmax(-1)
    assert (gradient.flatten(2).argmax(-1).numpy() == winners).all()
    assert gradient.sum() == 6


def test_five_cells_to_three_bins_as_in_the_course() -> None:
    assert poolkit.adaptive_avg_pool1d(torch.arange(5.0)[None], 3).tolist() == [[0.5, 2.0, 3.5]]


@pytest.mark.parametrize(
    ("size", "message"),
    [((2, 2, 2), "2 numbers"), ([2], "2 numbers"), (-1, "at least 0"), (1.5, "a whole number")],
)
def test_wrong_sizes_are_refused(size: object, message: str) -> None:
    for pool in (poolkit.adaptive_avg_pool2d, poolkit.adaptive_max_pool2d):
        with pytest.raises(PoolingError, match=f"output_size: expected {message}"):
            pool(torch.zeros(1, 4, 4), size)  # type: ignore[arg-type]


def test_bins_that_do_not_fit_are_refused() -> None:
    with pytest.raises(PoolingError, match="an input that holds each bin"):
        reference.max_pool(np.zeros((1, 3)), Bins((((0, 4),),)))
