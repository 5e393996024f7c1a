"""Results on a CUDA device equal those on the CPU, and are as deterministic as poolkit.functional states."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from torch.nn import functional as F

import poolkit
from poolkit import compiled, dispatch, functional
from tests.poolkit.cases import CASES, IDS, Case
from tests.poolkit.test_paths import AWKWARD, drawn, equal

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device"),
]
each = pytest.mark.parametrize("case", CASES, ids=IDS)
FORMATS = {4: torch.channels_last, 5: torch.channels_last_3d}

# The part of the docstring of poolkit.functional that says which gradients are deterministic on a GPU.
STATED = re.sub(r"\s+", " ", functional.__doc__ or "")
STATED = STATED[STATED.index("On a GPU the results have the same bits") :]
GROUPS = {"global": "the global poolings", "max_unpool": "unpooling", "attention": "attention"}


def stated_deterministic(name: str) -> bool:
    return f"``{name}``" in STATED or any(
        name.startswith(at) and words in STATED for at, words in GROUPS.items()
    )


def pool(
    case: Case, device: str, dtype: torch.dtype, last: bool = False
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the output of a call and its gradient on a device.

    The random numbers of a call come from the CPU, so that they are the same for all devices.
    """
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
def test_results_and_gradients_equal_those_on_the_cpu(case: Case, dtype: torch.dtype, last: bool) -> None:
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
    """In planes with NaN, infinities, ties and signed zeros the GPU chooses the same cells as the CPU."""
    values = torch.tensor([torch.nan, torch.inf, -torch.inf, 0.0, -0.0, 1.0])
    order = torch.randint(0, 6, (2, 3, 9, 9), generator=torch.Generator().manual_seed(0))
    x = values[order]
    pool: Callable[..., Any] = poolkit.max_pool2d
    for arguments in ((3, 2, 1), (2, 1, ((1, 0), (0, 1))), (2, 2, 0, 2)):
        expected = pool(x, *arguments, return_indices=True)
        got = pool(x.cuda(), *arguments, return_indices=True)
        torch.testing.assert_close(got[0].cpu(), expected[0], rtol=0, atol=0, equal_nan=True)
        assert torch.equal(got[1].cpu(), expected[1])
    places = torch.tensor([[[[0, 0], [3, 0]]]]).cuda()
    y = poolkit.max_unpool2d(torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]).cuda(), places, 2)
    assert y.cpu()[0, 0].flatten().tolist()[:4] == [4.0, 0.0, 0.0, 3.0]


def strange(seed: int) -> torch.Tensor:
    """Draw planes with ties, NaN, infinities or zeros of both signs, or planes of minus infinity alone."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(2, 3, 70, 66, generator=generator)
    if seed % 2:
        x = torch.randint(-2, 3, x.shape, generator=generator).float()
    for every, share, value in ((3, 0.01, torch.nan), (4, 0.01, torch.inf), (5, 0.4, -0.0)):
        if seed % every == 1:
            x = torch.where(torch.rand(x.shape, generator=generator) < share, value, x)
    return torch.full_like(x, -torch.inf) if seed % 7 == 6 else x


@pytest.mark.parametrize("seed", range(20))
def test_large_windows_on_the_fast_path_equal_torchs_on_the_cpu(seed: int) -> None:
    settings: dict[str, Any] = {
        "kernel_size": (31, (33, 35), 63)[seed % 3],
        "stride": (1, 2)[seed % 2],
        "padding": (15, 0)[seed % 2],
    }
    results = []
    for device, impl in (("cpu", "torch"), ("cuda", "fast")):
        x = strange(seed).to(device).requires_grad_()
        y, indices = functional.max_pool2d(x, **settings, return_indices=True, impl=impl)
        weights = torch.linspace(-1, 1, y.numel()).view(y.shape).to(device)
        (gradient,) = torch.autograd.grad(y, x, weights)
        with torch.no_grad():
            alone = functional.max_pool2d(x, **settings, impl=impl)
        results.append([result.detach().cpu() for result in (y, indices, alone, gradient)])
    (y, indices, alone, gradient), (y_, indices_, alone_, gradient_) = results
    assert torch.equal(indices, indices_)
    for expected, got in ((y, y_), (alone, alone_)):
        same = expected.view(torch.int32) == got.view(torch.int32)
        assert (same | (expected.isnan() & got.isnan())).all()
    torch.testing.assert_close(gradient_, gradient, rtol=1e-4, atol=1e-4)


def both(seed: int) -> tuple[torch.Tensor, torch.Tensor, dict[str, Any]]:
    """Draw an input and a window as test_paths does, and copy the input to the GPU.

    Two of ten seeds use half precision.
    """
    x, window = drawn(seed)
    x = x.to({7: torch.float16, 8: torch.bfloat16}.get(seed % 10, x.dtype))
    return x.requires_grad_(), x.detach().cuda().requires_grad_(), window


def back(y: torch.Tensor, x: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    return torch.autograd.grad(y, x, weights.to(y))[0].detach().double().cpu()


@pytest.mark.parametrize("seed", range(40))
def test_maxima_of_the_compiled_kernel_equal_torchs_on_the_cpu(seed: int) -> None:
    x, ours, window = both(seed)
    expected, places = F.max_pool2d(x, **window, return_indices=True)
    with torch.no_grad():
        assert equal(poolkit.max_pool2d(ours, **window, impl="compiled").cpu(), expected)
    values, indices = poolkit.max_pool2d(ours, **window, return_indices=True, impl="compiled")
    assert equal(values.detach().cpu(), expected)
    assert torch.equal(indices.cpu(), places)
    weights = torch.randn(expected.shape, generator=torch.Generator().manual_seed(1)).to(x.dtype)
    gradient = back(values, ours, weights)
    exact = torch.zeros(*x.shape[:2], x[0, 0].numel(), dtype=torch.float64)
    exact.scatter_add_(-1, places.flatten(2), weights.double().flatten(2))
    torch.testing.assert_close(gradient, exact.view(x.shape), **tolerance(x))
    values = poolkit.max_pool2d(ours, **window, impl="compiled")
    assert torch.equal(back(values, ours, weights), gradient), "the gradient differs between two runs"


@pytest.mark.parametrize("seed", range(40))
def test_averages_of_the_compiled_kernel_differ_by_rounding_alone(seed: int) -> None:
    x, ours, window = both(seed)
    exact = x.detach().double().requires_grad_()
    settings: dict[str, Any] = {
        "count_include_pad": seed % 7 > 3,
        "divisor_override": 3 if seed % 11 == 0 else None,
    }
    expected = F.avg_pool2d(exact, **window, **settings)
    y = poolkit.avg_pool2d(ours, **window, **settings, impl="compiled")
    assert (y.dtype, y.stride()) == (x.dtype, expected.stride())
    torch.testing.assert_close(y.detach().double().cpu(), expected.detach(), equal_nan=True, **tolerance(x))
    weights = torch.randn(y.shape, generator=torch.Generator().manual_seed(1)).to(x.dtype)
    # A NaN in the gradient of an output must reach only the cells of its window.
    weights.view(-1)[0] = torch.nan if seed % 6 == 0 else 1.0
    wanted = back(expected, exact, weights)
    torch.testing.assert_close(back(y, ours, weights), wanted, equal_nan=True, **tolerance(x))


def tolerance(x: torch.Tensor) -> dict[str, Any]:
    return dict.fromkeys(("rtol", "atol"), {2: 2e-2, 4: 1e-5, 8: 1e-12}[x.element_size()])


@pytest.mark.parametrize("kernel", [2, 3, 7, 15, 31])
@pytest.mark.parametrize("offset", [0.0, 100.0])
def test_errors_of_averages_are_no_larger_than_torchs(kernel: int, offset: float) -> None:
    x = torch.randn(8, 64, 56, 56, generator=torch.Generator().manual_seed(kernel)).cuda() + offset
    exact = F.avg_pool2d(x.double(), kernel, 1, kernel // 2)
    ours, theirs = (
        poolkit.avg_pool2d(x, kernel, 1, kernel // 2, impl=impl) for impl in ("compiled", "torch")
    )
    assert (ours - exact).abs().max() <= (theirs - exact).abs().max()


@pytest.mark.parametrize("kernel", [2, 3, 7])
def test_gradients_of_gradients_by_the_compiled_kernel(kernel: int) -> None:
    x = torch.randperm(2 * 9 * 8, generator=torch.Generator().manual_seed(0)).double().view(1, 2, 9, 8)
    for name in ("max_pool2d", "avg_pool2d"):
        pool = partial(
            getattr(poolkit, name), kernel_size=kernel, stride=2, padding=kernel // 2, impl="compiled"
        )
        assert torch.autograd.gradgradcheck(pool, x.cuda().requires_grad_())


@pytest.mark.parametrize("value", [torch.inf, -torch.inf, torch.nan])
@pytest.mark.parametrize("kernel", [3, 9])
def test_an_infinity_or_nan_changes_only_the_windows_that_hold_it(value: float, kernel: int) -> None:
    x = torch.zeros(1, 2, 20, 20, device="cuda")
    x[0, 0, 9, 11] = value
    assert (~poolkit.avg_pool2d(x, kernel, 1, impl="compiled").isfinite()).sum() == kernel**2


@pytest.mark.parametrize("cells", [1, 49, 3136, 1 << 14, 20000])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("number", [6, 8])
def test_maxima_of_whole_planes_by_the_compiled_kernel(cells: int, dtype: torch.dtype, number: int) -> None:
    x = AWKWARD[torch.randint(0, number, (3, 700, cells), generator=torch.Generator().manual_seed(cells))].to(
        dtype
    )
    expected, places = F.max_pool1d(x, cells, return_indices=True)
    ours = x.cuda().requires_grad_()
    values, indices = poolkit.max_pool1d(ours, cells, return_indices=True, impl="compiled")
    assert equal(values.detach().cpu(), expected)
    assert torch.equal(indices.cpu(), places)
    weights = torch.randn(expected.shape, generator=torch.Generator().manual_seed(1)).to(dtype)
    wanted = torch.zeros(x.shape, dtype=torch.float64).scatter_(-1, places, weights.double())
    assert torch.equal(back(values, ours, weights), wanted)
    with torch.no_grad():
        assert equal(poolkit.global_max_pool(ours).cpu(), expected), "global_max_pool with impl auto"


def test_offsets_of_two_bytes_empty_batches_and_streams() -> None:
    x = torch.full((1, 2, 18, 305), -torch.inf)
    x[0, 0, 10:, 290:] = 1.0
    settings: dict[str, Any] = {
        "kernel_size": (20, 300),
        "stride": 1,
        "padding": (10, 150),
        "return_indices": True,
    }
    expected, places = F.max_pool2d(x, **settings)
    with torch.cuda.stream(torch.cuda.Stream()):
        values, indices = poolkit.max_pool2d(x.cuda(), **settings, impl="compiled")
        assert equal(values.cpu(), expected)
        assert torch.equal(indices.cpu(), places)
    empty = torch.empty(0, 3, 8, 8, device="cuda", requires_grad=True)
    for name in ("max_pool2d", "avg_pool2d"):
        y = getattr(poolkit, name)(empty, 2, impl="compiled")
        assert y.shape == (0, 3, 4, 4)
        assert torch.autograd.grad(y.sum(), empty)[0].shape == empty.shape


def test_a_cuda_graph_replays_the_compiled_kernel() -> None:
    x = torch.rand(2, 3, 40, 40, device="cuda")
    pools = [
        partial(getattr(poolkit, n), kernel_size=9, impl="compiled") for n in ("max_pool2d", "avg_pool2d")
    ]
    for pool in pools:
        pool(x)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            y = pool(x)
        x.copy_(torch.rand_like(x))
        graph.replay()
        assert torch.equal(y, pool(x))


def test_auto_takes_the_compiled_kernel_once_it_has_been_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    x = torch.rand(8, 64, 56, 56, device="cuda")
    plan = dispatch.plan_of("max_pool2d", x, (3, 1, 1, 1, False))
    monkeypatch.setattr(compiled, "_loaded", False)
    monkeypatch.setattr(compiled, "_asked", False)
    assert dispatch.choose(plan, x) is None
    for impl in ("compiled", "auto"):
        row = dispatch.choose(plan, x, impl)
        assert row is not None
        assert (row.path, row.device) == ("compiled", "cuda")
    small = torch.rand(1, 3, 12, 12, device="cuda")
    assert dispatch.choose(dispatch.plan_of("max_pool2d", small, (3, 1, 1, 1, False)), small) is None


@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d"])
def test_more_cells_than_32_bits_can_count(name: str) -> None:
    if torch.cuda.mem_get_info()[0] < 2**34:
        pytest.skip("needs 16 GiB of the device")
    x = torch.zeros(2**17 + 1, 1, 128, 128, dtype=torch.float16, device="cuda")
    x[-1, 0, -2:, -2:] = 4.0
    x.requires_grad_()
    y = getattr(poolkit, name)(x, 2, impl="compiled")
    assert y[-1, 0, -1, -1] == 4.0
    assert y.detach().count_nonzero() == 1
    (gradient,) = torch.autograd.grad(y[-1, 0, -1, -1], x)
    assert gradient[-1, 0, -2:, -2:].tolist() == (
        [[1, 0], [0, 0]] if name == "max_pool2d" else [[0.25, 0.25]] * 2
    )
    assert gradient.count_nonzero() == (1 if name == "max_pool2d" else 4)
