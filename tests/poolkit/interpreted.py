"""Tests of the GPU's kernels, run on the CPU by Triton's interpreter.

test_on_cuda.py runs this file in a separate process. The tests in this file repeat the tests of test_paths.py
that force an implementation, but on fewer and smaller random inputs. The interpreter runs the same source
that is compiled for a GPU.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from poolkit import compiled, on_cuda
from poolkit.windows import Window
from tests.poolkit.test_paths import AWKWARD, drawn, equal

HALVES = {torch.float32: torch.float16, torch.float64: torch.bfloat16}


@pytest.fixture(autouse=True)
def _as_on_a_gpu() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "_gpu", lambda input: on_cuda)
        # The interpreter's time depends on the number of programs. Large tiles need few programs.
        patch.setattr(on_cuda, "TILE", 1 << 13)
        yield


def small(seed: int) -> tuple[Tensor, dict[str, Any], Window]:
    """Draw an input and a window as test_paths does, but with fewer channels and smaller planes.

    Every fifth input has half precision.
    """
    x, window = drawn(seed)
    k, w = window["kernel_size"]
    x = x[:, :3, : k + 5, : w + 12].contiguous()
    x = x.contiguous(memory_format=torch.channels_last) if seed % 5 == 2 else x
    x = x.to(HALVES[x.dtype]) if seed % 5 == 3 else x
    return (
        x,
        window,
        Window.of(window["kernel_size"], window["stride"], window["padding"], 1, window["ceil_mode"]),
    )


def weights(y: Tensor) -> Tensor:
    return torch.randn(y.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64).to(y.dtype)


def close(got: Tensor, expected: Tensor) -> None:
    """Check a result against one in double precision; results in half precision have a larger tolerance."""
    rough = 1e-5 if got.element_size() > 2 else 2e-2
    torch.testing.assert_close(got.double(), expected.double(), equal_nan=True, rtol=rough, atol=rough)


@pytest.mark.parametrize("tile", [256, 1 << 13])
@pytest.mark.parametrize("seed", range(40))
def test_maxima_equal_torchs_to_the_bit(seed: int, tile: int, monkeypatch: pytest.MonkeyPatch) -> None:
    x, settings, window = small(seed)
    # With the small tile, many programs of Triton pool one plane.
    if tile == 256:
        monkeypatch.setattr(on_cuda, "TILE", tile)
        x = x[:1, :1].contiguous()
    expected, places = F.max_pool2d(x, **settings, return_indices=True)
    assert equal(compiled.max_pool(x, window), expected)
    values, indices = compiled.max_pool(x, window, True)
    assert equal(values, expected)
    assert torch.equal(indices, places)
    leaf = x.clone().requires_grad_()
    y = compiled.max_pool(leaf, window)
    given = weights(y)
    (ours,) = torch.autograd.grad(y, leaf, given)
    flat = torch.zeros(*x.shape[:2], x[0, 0].numel(), dtype=torch.float64)
    flat.scatter_add_(-1, places.flatten(2), given.double().flatten(2))
    close(ours, flat.view(x.shape))
    assert ours.is_contiguous() == x.is_contiguous()


@pytest.mark.parametrize("seed", range(40))
def test_averages_differ_by_rounding_alone(seed: int) -> None:
    x, settings, window = small(seed)
    padded, divisor = seed % 7 > 3, 3 if seed % 11 == 0 else None
    leaf, exact = x.clone().requires_grad_(), x.double().requires_grad_()
    y = compiled.avg_pool(leaf, window, padded, divisor)
    expected = F.avg_pool2d(exact, **settings, count_include_pad=padded, divisor_override=divisor)
    close(y, expected)
    assert (y.dtype, y.stride()) == (x.dtype, expected.stride())
    given = weights(y)
    # A NaN in the gradient of an output must reach only the cells of its window.
    given.view(-1)[0] = torch.nan if seed % 6 == 0 else 1.0
    close(torch.autograd.grad(y, leaf, given)[0], torch.autograd.grad(expected, exact, given.double())[0])


@pytest.mark.parametrize("kernel", [3, 7])
@pytest.mark.parametrize("padded", [True, False])
def test_gradients_of_gradients(kernel: int, padded: bool) -> None:
    x = (
        torch.randperm(30, generator=torch.Generator().manual_seed(0))
        .double()
        .view(1, 1, 6, 5)
        .requires_grad_()
    )
    window = Window.of(kernel, 2, kernel // 2)
    for pool in (lambda x: compiled.max_pool(x, window), lambda x: compiled.avg_pool(x, window, padded)):
        assert torch.autograd.gradcheck(pool, (x,), fast_mode=True)
        assert torch.autograd.gradgradcheck(pool, (x,), fast_mode=True)


@pytest.mark.parametrize("kernel", [2, 3, 6, 15])
def test_errors_of_averages_are_no_larger_than_torchs(kernel: int) -> None:
    x = torch.randn(1, 4, 40, 40, generator=torch.Generator().manual_seed(kernel)) + 100
    exact = F.avg_pool2d(x.double(), kernel, 1, kernel // 2)
    ours = compiled.avg_pool(x, Window.of(kernel, 1, kernel // 2), True)
    assert (ours - exact).abs().max() <= (F.avg_pool2d(x, kernel, 1, kernel // 2) - exact).abs().max()


@pytest.mark.parametrize("value", [torch.inf, -torch.inf, torch.nan])
@pytest.mark.parametrize("kernel", [5, 6])
def test_an_infinity_or_nan_changes_only_the_windows_that_hold_it(value: float, kernel: int) -> None:
    x = torch.zeros(1, 2, 20, 20)
    x[0, 0, 9, 11] = value
    assert (~compiled.avg_pool(x, Window.of(kernel, 1), True).isfinite()).sum() == kernel**2


@pytest.mark.parametrize("cells", [1, 5, 49, 300])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16])
@pytest.mark.parametrize("number", [1, 5, 6, 8])
def test_whole_planes(cells: int, dtype: torch.dtype, number: int) -> None:
    order = torch.randint(0, number, (3, 7, cells), generator=torch.Generator().manual_seed(cells))
    leaf = AWKWARD.flip(0)[order].to(dtype) if number == 1 else AWKWARD[order].to(dtype)
    window = Window.of(cells, 1, axes=1)
    expected, places = F.max_pool1d(leaf, cells, 1, return_indices=True)
    assert equal(compiled.max_pool(leaf, window), expected)
    leaf.requires_grad_()
    values, indices = compiled.max_pool(leaf, window, True)
    assert equal(values.detach(), expected)
    assert torch.equal(indices, places)
    given = weights(values)
    (gradient,) = torch.autograd.grad(values, leaf, given)
    assert torch.equal(gradient, torch.zeros_like(leaf).scatter(-1, places, given))


def test_offsets_of_two_bytes_and_planes_of_minus_infinity() -> None:
    x = torch.full((1, 2, 18, 305), -torch.inf)
    x[0, 0, 10:, 290:] = 1.0
    for kernel, padding in (((20, 300), (10, 150)), ((1, 300), (0, 0))):
        expected, places = F.max_pool2d(x, kernel, 1, padding, return_indices=True)
        values, indices = compiled.max_pool(x, Window.of(kernel, 1, padding), True)
        assert equal(values, expected)
        assert torch.equal(indices, places)


def test_one_axis_and_an_empty_batch() -> None:
    x = torch.randn(2, 3, 50, generator=torch.Generator().manual_seed(0))
    window = Window.of(7, 3, 2, axes=1)
    assert equal(compiled.max_pool(x, window), F.max_pool1d(x, 7, 3, 2))
    close(compiled.avg_pool(x, window, False), F.avg_pool1d(x, 7, 3, 2, count_include_pad=False))
    assert compiled.max_pool(x[:0], window, True)[1].shape == (0, 3, 16)
    assert compiled.avg_pool(x[:0], window, True).shape == (0, 3, 16)
