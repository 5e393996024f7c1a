"""Tests of all functions: derivatives, dtypes, layouts, the batch axis, and an unchanged input."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

import poolkit
from tests.poolkit.cases import CASES, IDS, Case

NOT_POOLINGS = {"Bins", "PoolingError", "Window", "receptive_field"}
FORMATS = {4: torch.channels_last, 5: torch.channels_last_3d}
each = pytest.mark.parametrize("case", CASES, ids=IDS)


@pytest.fixture(autouse=True)
def _same_draws() -> None:
    torch.manual_seed(0)


def seeded(case: Case, x: Tensor) -> Tensor:
    torch.manual_seed(0)
    return case.value(x)


def test_every_public_function_has_a_case() -> None:
    assert {case.name for case in CASES} == set(poolkit.__all__) - NOT_POOLINGS


@each
def test_first_and_second_derivatives(case: Case) -> None:
    x = case.input().requires_grad_()
    # The fast mode checks the derivative in a random direction instead of for each cell.
    fast = x.numel() > 150
    assert torch.autograd.gradcheck(lambda x: seeded(case, x), x, fast_mode=fast)
    assert torch.autograd.gradgradcheck(lambda x: seeded(case, x), x, fast_mode=fast)


@each
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_smaller_dtypes_are_kept_and_results_are_close(case: Case, dtype: torch.dtype) -> None:
    x = case.input(dtype)
    y = seeded(case, x)
    assert y.dtype == dtype
    # Results of random poolings are not compared: a smaller dtype gives other random numbers.
    if not case.name.startswith(("stochastic", "fractional")) or case.variant == "expected":
        torch.testing.assert_close(y.double(), seeded(case, x.double()), rtol=2e-2, atol=2e-2)


@pytest.mark.parametrize("case", [case for case in CASES if len(case.shape) >= 4], ids=str)
def test_channels_last_is_kept_and_changes_nothing(case: Case) -> None:
    x = case.input()
    y = seeded(case, x)
    moved = seeded(case, x.contiguous(memory_format=FORMATS[x.dim()]))
    torch.testing.assert_close(moved, y, rtol=1e-12, atol=1e-12)
    if y.dim() == x.dim() and "roi" not in case.name:
        assert moved.is_contiguous(memory_format=FORMATS[x.dim()])
    strided = seeded(case, x.transpose(-1, -2).contiguous().transpose(-1, -2))
    torch.testing.assert_close(strided, y, rtol=1e-12, atol=1e-12)


@each
def test_a_sample_without_batch_axis_equals_a_batch_of_one(case: Case) -> None:
    x = case.input()[:1]
    if not case.unbatched:
        with pytest.raises(poolkit.PoolingError):
            case(x[0] if case.name.startswith("roi") else x[0, 0])
        return
    torch.testing.assert_close(seeded(case, x[0]), seeded(case, x)[0], rtol=1e-12, atol=1e-12)


@each
def test_samples_and_channels_are_pooled_independently(case: Case) -> None:
    """A change of one sample does not change the results of other samples.

    The same holds for channels, except in poolings that combine channels, such as polyphase pooling.
    """
    x = case.input()
    y = seeded(case, x)
    # Each box of a region pooling names its sample; test_regions.py tests these functions.
    if case.name.startswith("roi"):
        return
    changed = x.clone()
    changed[1] += 1
    assert torch.equal(seeded(case, changed)[0], y[0])
    if case.name not in ("polyphase_pool2d", "attention_pool", "spatial_pyramid_pool"):
        changed = x.clone()
        changed[:, 1] += 1
        assert torch.equal(seeded(case, changed)[:, 0], y[:, 0])


@each
def test_an_empty_batch_gives_an_empty_batch(case: Case) -> None:
    x = case.input()
    if case.name.startswith("roi"):
        y = getattr(poolkit, case.name)(x, torch.zeros(0, 5), **case.settings)
        assert y.shape == (0, 2, *case.value(x).shape[2:])
        return
    empty = x[:0].clone().requires_grad_()
    y = case.value(empty)
    assert y.shape == (0, *case.value(x).shape[1:])
    (gradient,) = torch.autograd.grad(y.sum(), empty)
    assert gradient.shape == empty.shape


@each
def test_the_output_shares_no_memory_with_the_input(case: Case) -> None:
    x = case.input()
    before = x.clone()
    seeded(case, x).fill_(7)
    assert torch.equal(x, before)


@pytest.mark.parametrize(
    "pool", ["max_pool", "avg_pool", "lp_pool", "adaptive_avg_pool", "adaptive_max_pool"]
)
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_a_window_of_one_cell_shares_no_memory_with_the_input(pool: str, axes: int) -> None:
    x = torch.rand((1, 2, *[3] * axes)) + 1
    before = x.clone()
    arguments = {"lp_pool": (1, 1), "max_pool": (1,), "avg_pool": (1,)}.get(pool, (3,))
    getattr(poolkit, f"{pool}{axes}d")(x, *arguments).fill_(7)
    assert torch.equal(x, before)


@each
def test_no_channels_and_booleans_are_refused(case: Case) -> None:
    x = case.input()
    if case.name != "attention_pool":
        with pytest.raises(poolkit.PoolingError, match=f"^{case.name}: input: expected no empty axis"):
            case(x[:, :0])
    with pytest.raises(poolkit.PoolingError, match=f"^{case.name}: input: expected .* torch.bool"):
        getattr(poolkit, case.name)(x > 0, *case.extra(x), **case.settings)
