"""On a CUDA device: the same numbers as on the CPU, and the determinism that poolkit.functional states."""

from __future__ import annotations

import re

import pytest
import torch

import poolkit
from poolkit import functional
from tests.poolkit.cases import CASES, IDS, Case

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device"),
]
each = pytest.mark.parametrize("case", CASES, ids=IDS)
FORMATS = {4: torch.channels_last, 5: torch.channels_last_3d}

# Functions whose gradients the docstring of poolkit.functional calls the same in every run on a GPU.
STATED = re.sub(r"\s+", " ", functional.__doc__ or "")
STATED = STATED[STATED.index("On a GPU so have results") :]
GROUPS = {"global": "the global poolings", "max_unpool": "unpooling", "attention": "attention"}


def stated_deterministic(name: str) -> bool:
    return f"``{name}``" in STATED or any(name.startswith(at) and words in STATED for at, words in GROUPS.items())


def pool(case: Case, device: str, dtype: torch.dtype, last: bool = False) -> tuple[torch.Tensor, torch.Tensor]:
    """Pool and pull back, with draws taken on the CPU."""
    x = case.input(dtype).to(device)
    if last and x.dim() in FORMATS:
        x = x.contiguous(memory_format=FORMATS[x.dim()])
    x.requires_grad_()
    settings = dict(case.settings)
    generator = torch.Generator().manual_seed(0)
    if case.name.startswith("fractional"):
        axes = int(case.name[-2])
        settings["_random_samples"] = torch.rand(2, 2, axes, generator=generator).to(dtype).to(device)
    if case.name == "stochastic_pool2d" and settings.get("training", True):
        settings["samples"] = torch.rand(2, 2, 3, 2, generator=generator).to(device)
    y = getattr(poolkit, case.name)(x, *case.extra(x), **settings)
    weights = torch.linspace(-1, 1, y.numel()).view(y.shape).to(dtype).to(device)
    (gradient,) = torch.autograd.grad(y, x, weights)
    return y.detach(), gradient


@each
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("last", [False, True], ids=["contiguous", "channels_last"])
def test_parity_with_the_cpu(case: Case, dtype: torch.dtype, last: bool) -> None:
    y, gradient = pool(case, "cuda", dtype, last)
    expected, expected_gradient = pool(case, "cpu", dtype, last)
    assert y.is_cuda
    assert gradient.is_cuda
    torch.testing.assert_close(y.cpu(), expected)
    torch.testing.assert_close(gradient.cpu(), expected_gradient)


@each
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_smaller_dtypes(case: Case, dtype: torch.dtype) -> None:
    y, gradient = pool(case, "cuda", dtype)
    assert (y.dtype, gradient.dtype) == (dtype, dtype)
    if not case.name.startswith(("stochastic", "fractional")):
        expected, _ = pool(case, "cpu", dtype)
        torch.testing.assert_close(y.cpu(), expected, rtol=2e-2, atol=2e-2)


@each
def test_results_are_the_same_in_every_run(case: Case) -> None:
    y, gradient = pool(case, "cuda", torch.float32)
    for _ in range(5):
        again, gradient_again = pool(case, "cuda", torch.float32)
        assert torch.equal(again, y)
        if stated_deterministic(case.name):
            assert torch.equal(gradient_again, gradient)


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("dtype", [torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64])
def test_integers(axes: int, dtype: torch.dtype) -> None:
    x = torch.randint(0, 50, (2, 3, *[7] * axes), generator=torch.Generator().manual_seed(0)).to(dtype)
    call = getattr(poolkit, f"max_pool{axes}d")
    expected = call(x, 3, 2, 1, return_indices=True)
    got = call(x.cuda(), 3, 2, 1, return_indices=True)
    assert all(torch.equal(ours.cpu(), theirs) for ours, theirs in zip(got, expected, strict=True))
    if dtype == torch.int64:
        mean = getattr(poolkit, f"avg_pool{axes}d")
        assert torch.equal(mean(x.cuda() - 25, 3, 2, 1).cpu(), mean(x - 25, 3, 2, 1))


def test_corners() -> None:
    """NaN, infinities, ties and signed zeros: the same winners."""
    values = torch.tensor([torch.nan, torch.inf, -torch.inf, 0.0, -0.0, 1.0])
    order = torch.randint(0, 6, (2, 3, 9, 9), generator=torch.Generator().manual_seed(0))
    x = values[order]
    for arguments in ((3, 2, 1), (2, 1, ((1, 0), (0, 1))), (2, 2, 0, 2)):
        expected = poolkit.max_pool2d(x, *arguments, return_indices=True)
        got = poolkit.max_pool2d(x.cuda(), *arguments, return_indices=True)
        torch.testing.assert_close(got[0].cpu(), expected[0], rtol=0, atol=0, equal_nan=True)
        assert torch.equal(got[1].cpu(), expected[1])
    places = torch.tensor([[[[0, 0], [3, 0]]]]).cuda()
    y = poolkit.max_unpool2d(torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]).cuda(), places, 2)
    assert y.cpu()[0, 0].flatten().tolist()[:4] == [4.0, 0.0, 0.0, 3.0]


def strange(seed: int) -> torch.Tensor:
    """Planes with ties, NaN, infinities, both zeros, or nothing but minus infinity."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(2, 3, 70, 66, generator=generator)
    if seed % 2:
        x = torch.randint(-2, 3, x.shape, generator=generator).float()
    for every, share, value in ((3, 0.01, torch.nan), (4, 0.01, torch.inf), (5, 0.4, -0.0)):
        if seed % every == 1:
            x = torch.where(torch.rand(x.shape, generator=generator) < share, value, x)
    return torch.full_like(x, -torch.inf) if seed % 7 == 6 else x


@pytest.mark.parametrize("seed", range(20))
def test_large_windows_by_the_fast_path_are_torchs_on_the_cpu(seed: int) -> None:
    settings = {"kernel_size": (31, (33, 35), 63)[seed % 3], "stride": (1, 2)[seed % 2], "padding": (15, 0)[seed % 2]}
    results = []
    for device, impl in (("cpu", "torch"), ("cuda", "fast")):
        x = strange(seed).to(device).requires_grad_()
        y, indices = functional.max_pool2d(x, **settings, return_indices=True, impl=impl)
        weights = torch.linspace(-1, 1, y.numel()).view(y.shape).to(device)
        (gradient,) = torch.autograd.grad(y, x, weights)
        with torch.no_grad():
            alone = functional.max_pool2d(x, **settings, impl=impl)
        results.append([one.detach().cpu() for one in (y, indices, alone, gradient)])
    (y, indices, alone, gradient), (y_, indices_, alone_, gradient_) = results
    assert torch.equal(indices, indices_)
    for expected, got in ((y, y_), (alone, alone_)):
        same = expected.view(torch.int32) == got.view(torch.int32)
        assert (same | (expected.isnan() & got.isnan())).all()
    torch.testing.assert_close(gradient_, gradient, rtol=1e-4, atol=1e-4)
