"""Tests of Lp pooling and the generalised mean: formulas, limits, learned exponents, and corner cases."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import poolkit
from poolkit import PoolingError
from tests.poolkit.strategies import arrays

POSITIVE = (0.25, 0.5, 1.0, 2.0, 3.0)


@given(data=st.data(), p=st.sampled_from([-2.0, 0.5, 1.0, 3.0, 7.5]))
def test_gem_equals_its_formula(data: st.DataObject, p: float) -> None:
    x = torch.from_numpy(data.draw(arrays((2, 3, 4, 5), (*POSITIVE, -1.0, 0.0)))).requires_grad_()
    expected = x.clamp(min=0.1).pow(p).mean((2, 3), keepdim=True).pow(1 / p)
    exponent = torch.full((3,), p, dtype=torch.float64, requires_grad=True)
    got = poolkit.gem_pool(x, exponent, eps=0.1)
    torch.testing.assert_close(got, expected)
    torch.testing.assert_close(
        torch.autograd.grad(got.sum(), x, retain_graph=True)[0], torch.autograd.grad(expected.sum(), x)[0]
    )
    assert torch.autograd.gradcheck(lambda p: poolkit.gem_pool(x.detach(), p, eps=0.1), exponent)


def test_gem_approaches_mean_and_maximum() -> None:
    x = torch.rand(2, 3, 5, 5, generator=torch.Generator().manual_seed(0)) * 100
    torch.testing.assert_close(poolkit.gem_pool(x, 1.0), poolkit.global_avg_pool(x))
    torch.testing.assert_close(poolkit.gem_pool(x, 1e4), poolkit.global_max_pool(x), rtol=1e-3, atol=0)
    assert poolkit.gem_pool(torch.tensor([[[1.0, torch.inf]]])).item() == torch.inf


@given(data=st.data(), p=st.sampled_from([1.0, 2.0, 3.0, -1.0]))
def test_global_lp_equals_its_formula(data: st.DataObject, p: float) -> None:
    x = torch.from_numpy(data.draw(arrays((2, 3, 4, 5), (*POSITIVE, -1.0))))
    expected = x.abs().pow(p).sum((2, 3), keepdim=True).pow(1 / p)
    torch.testing.assert_close(poolkit.global_lp_pool(x, p), expected)


def test_the_gradient_of_lp_is_zero_at_zero() -> None:
    for p in (0.5, 1.0, 2.0, 3.0):
        x = torch.tensor([[[0.0, 0.0, 0.0, -2.0]]], requires_grad=True)
        (gradient,) = torch.autograd.grad(poolkit.lp_pool1d(x, p, 2).sum(), x)
        torch.testing.assert_close(gradient, torch.tensor([[[0.0, 0.0, 0.0, -1.0]]]))


def test_lp_of_nan_is_nan_and_of_infinity_is_infinity() -> None:
    x = torch.tensor([[[torch.nan, 1.0, torch.inf, 1.0, -torch.inf, 2.0]]])
    assert poolkit.lp_pool1d(x, 2, 2).isnan().tolist() == [[[True, False, False]]]
    assert poolkit.lp_pool1d(x, 2, 2)[..., 1:].tolist() == [[[torch.inf, torch.inf]]]
    assert poolkit.lp_pool1d(x[..., 2:], torch.inf, 2).tolist() == [[[torch.inf, torch.inf]]]


def test_integers_are_refused() -> None:
    with pytest.raises(PoolingError, match=r"lp_pool2d: input: expected floating point, got torch\.int64"):
        poolkit.lp_pool2d(torch.ones(1, 2, 2, dtype=torch.int64), 2, 2)
