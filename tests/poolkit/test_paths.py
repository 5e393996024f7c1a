"""Tests of poolkit.dispatch: each of its implementations ("paths") gives the same results as torch.

Further tests cover the rows of the dispatch table, and the inputs that an implementation cannot pool.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F
from torch.utils.cpp_extension import include_paths

import poolkit
from benchmarks.speed import cases
from poolkit import PoolingError, compiled, dispatch, fast
from tests.poolkit.conftest import build_or_skip

AWKWARD = torch.tensor([0.0, -0.0, 1.0, 2.0, -1.0, -torch.inf, torch.inf, torch.nan])
SEEDS = range(120)
FORCED = pytest.mark.parametrize("path", ["fast", "compiled"])


@pytest.fixture(autouse=True)
def _compiled(request: pytest.FixtureRequest) -> None:
    if "compiled" in str(getattr(request.node, "callspec", "")) + request.node.name:
        build_or_skip()


def drawn(seed: int) -> tuple[Tensor, dict[str, Any]]:
    """Draw an input and the arguments of a window that fits into it.

    Some inputs hold ties, zeros of both signs, NaN and infinities. Inputs are contiguous or channels_last,
    and float32 or float64.
    """
    rng = np.random.default_rng(seed)
    kernel = rng.choice([1, 2, 3, 4, 5, 7, 16, 17, 20], 2)
    padding = [int(rng.integers(0, k // 2 + 1)) for k in kernel]
    size = [max(int(k) - 2 * p, 1) + int(rng.integers(0, 40)) for k, p in zip(kernel, padding, strict=True)]
    shape = (int(rng.integers(1, 3)), int(rng.choice([1, 3, 16, 17])), *size)
    generator = torch.Generator().manual_seed(seed)
    number = int(rng.choice([5, 6, 8]))
    x = AWKWARD[torch.randint(0, number, shape, generator=generator)]
    x = torch.randn(shape, generator=generator) if seed % 3 == 0 else x
    x = x.to(torch.float64 if seed % 4 == 1 else torch.float32)
    x = x.contiguous(memory_format=torch.channels_last) if seed % 5 == 2 else x
    return x, {
        "kernel_size": tuple(kernel.tolist()),
        "stride": tuple(rng.integers(1, 5, 2).tolist()),
        "padding": tuple(padding),
        "ceil_mode": bool(seed % 2),
    }


def equal(got: Tensor, expected: Tensor) -> bool:
    """Compare shape, strides and values, including the sign of zeros; any NaN equals any NaN."""
    signs = torch.signbit(got) == torch.signbit(expected)
    both = (got == expected) & signs | (got.isnan() & expected.isnan())
    return got.shape == expected.shape and got.stride() == expected.stride() and bool(both.all())


@FORCED
@pytest.mark.parametrize("block", [1 << 18, 300])
def test_maxima_equal_torchs_to_the_bit(path: str, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # With the small block, planes are pooled in bands of few rows.
    monkeypatch.setattr(fast, "BLOCK", block)
    for seed in SEEDS:
        x, window = drawn(seed)
        expected, places = F.max_pool2d(x, **window, return_indices=True)
        assert equal(poolkit.max_pool2d(x, **window, impl=path), expected), seed
        values, indices = poolkit.max_pool2d(x, **window, return_indices=True, impl=path)
        assert equal(values, expected), seed
        assert torch.equal(indices, places), seed
        x.requires_grad_()
        weights = torch.randn(expected.shape, generator=torch.Generator().manual_seed(1), dtype=x.dtype)
        (theirs,) = torch.autograd.grad(F.max_pool2d(x, **window), x, weights)
        (ours,) = torch.autograd.grad(poolkit.max_pool2d(x, **window, impl=path), x, weights)
        torch.testing.assert_close(ours, theirs)


@FORCED
def test_averages_differ_by_rounding_alone(path: str) -> None:
    for seed in SEEDS:
        x, window = drawn(seed)
        x.requires_grad_()
        settings: dict[str, Any] = {
            "count_include_pad": seed % 7 > 3,
            "divisor_override": 3 if seed % 11 == 0 else None,
        }
        theirs = F.avg_pool2d(x, **window, **settings)
        ours = poolkit.avg_pool2d(x, **window, **settings, impl=path)
        torch.testing.assert_close(ours, theirs, equal_nan=True)
        weights = torch.randn(theirs.shape, generator=torch.Generator().manual_seed(1), dtype=x.dtype)
        # A NaN in the gradient of an output must reach only the cells of its window.
        weights.view(-1)[0] = torch.nan if seed % 6 == 0 else 1.0
        (expected,) = torch.autograd.grad(theirs, x, weights)
        (gradient,) = torch.autograd.grad(ours, x, weights)
        torch.testing.assert_close(gradient, expected, equal_nan=True)


@FORCED
@pytest.mark.parametrize("kernel", [2, 3, 7, 15, 31])
@pytest.mark.parametrize("offset", [0.0, 100.0])
def test_errors_of_averages_are_no_larger_than_torchs(path: str, kernel: int, offset: float) -> None:
    x = torch.randn(8, 64, 56, 56, generator=torch.Generator().manual_seed(kernel)) + offset
    exact = F.avg_pool2d(x.double(), kernel, 1, kernel // 2)
    ours = poolkit.avg_pool2d(x, kernel, 1, kernel // 2, impl=path)
    theirs = F.avg_pool2d(x, kernel, 1, kernel // 2)
    assert (ours - exact).abs().max() <= (theirs - exact).abs().max()


@FORCED
@pytest.mark.parametrize("value", [torch.inf, -torch.inf, torch.nan])
def test_an_infinity_or_nan_changes_only_the_windows_that_hold_it(path: str, value: float) -> None:
    x = torch.zeros(1, 2, 20, 20)
    x[0, 0, 9, 11] = value
    assert (~poolkit.avg_pool2d(x, 5, 1, impl=path).isfinite()).sum() == 25


def huge_cells(seed: int, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    """Draw normal random numbers, and put pairs of neighbours near the largest finite number among them.

    Every fifth seed adds an infinity or a NaN.
    """
    rng = np.random.default_rng(seed)
    x = torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(dtype)
    cells = x.view(-1)
    for _ in range(int(rng.integers(1, 9))):
        at = int(rng.integers(0, cells.numel() - 1))
        step = 1 if rng.random() < 0.5 else shape[-1]
        size = torch.finfo(dtype).max * float(rng.choice([1.0, 0.6, 0.26]))
        for place, sign in ((at, 1), (at + step, rng.choice([1, 1, -1]))):
            cells[place % cells.numel()] = size * sign * (1 if seed % 2 else -1)
    if seed % 5 == 4:
        cells[int(rng.integers(0, cells.numel()))] = rng.choice([torch.inf, -torch.inf, torch.nan])
    return x


def no_worse(ours: Tensor, theirs: Tensor, error: Tensor, exact: bool) -> None:
    """Compare poolkit's average, or its gradient, with torch's.

    Finite results may differ by the rounding of another order of additions. Where torch's result is finite,
    poolkit's must be finite too. Torch's sum may overflow on the way although the sum of all cells is finite;
    poolkit's result may be finite there, unless `exact` is True.
    """
    finite = theirs.isfinite()
    assert ours[finite].isfinite().all()
    assert bool(((ours.double() - theirs.double())[finite].abs() <= error[finite]).all())
    same = (ours == theirs) | (ours.isnan() & theirs.isnan())
    assert bool((same | finite | (ours.isfinite() & theirs.isinf() & (not exact))).all())


@FORCED
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_huge_cells_give_no_nan_where_torch_gives_none(path: str, dtype: torch.dtype) -> None:
    exact = path == "fast"
    for seed in range(80):
        rng = np.random.default_rng(seed)
        axes, stride = int(rng.choice([1, 2, 2])), int(rng.choice([1, 1, 1, 2, 3]))
        k = int(rng.choice([2, 3, 5, 7, 9, 12]))
        x = huge_cells(seed, (2, 3, *rng.integers(12, 30, axes).tolist()), dtype)
        x = x.contiguous(memory_format=torch.channels_last) if axes == 2 and seed % 3 == 2 else x
        mine, other = x.clone().requires_grad_(), x.clone().requires_grad_()
        window = (k, stride, k // 2, bool(seed % 2), seed % 7 > 3)
        our_pool, their_pool = (getattr(module, f"avg_pool{axes}d") for module in (poolkit, F))
        ours, theirs = our_pool(mine, *window, impl=path), their_pool(other, *window)
        unit = 2 * k**axes * torch.finfo(dtype).eps
        error = unit * their_pool((x.nan_to_num(0, 0, 0).abs() * 1e-9).double(), *window) * 1e9
        no_worse(ours, theirs, error, exact)
        weights = huge_cells(seed + 1000, tuple(theirs.shape), dtype)
        (gradient,), (expected,) = (
            torch.autograd.grad(ours, mine, weights),
            torch.autograd.grad(theirs, other, weights),
        )
        small = other.detach().double().requires_grad_()
        (bound,) = torch.autograd.grad(
            their_pool(small, *window), small, weights.nan_to_num(0, 0, 0).abs().double() * 1e-9
        )
        no_worse(gradient, expected, unit * bound * 1e9, exact)


def test_two_huge_neighbours_change_only_the_windows_that_hold_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_loaded", False)
    x = torch.randn(1, 1, 128, 128, generator=torch.Generator().manual_seed(0))
    x[0, 0, 60, 60:62] = torch.finfo(x.dtype).min
    assert taken("auto", x, 7, 1, name="avg_pool2d") == "fast"
    torch.testing.assert_close(poolkit.avg_pool2d(x, 7, 1), F.avg_pool2d(x, 7, 1))


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_huge_cells_in_averages_of_whole_planes(axes: int) -> None:
    """The sum of a whole plane is computed as several partial sums.

    A partial sum may overflow although torch's sum, from cell to cell, does not.
    """
    size = (2,) * (axes - 1) + (1 << (10 - axes),)
    x = torch.full((2, 64, *size), torch.finfo(torch.float32).max)
    x[..., 1::2] *= -1
    x[0, 0] = 1.0
    pool, their_pool = getattr(poolkit, f"avg_pool{axes}d"), getattr(F, f"avg_pool{axes}d")
    assert taken("auto", x, size, name=f"avg_pool{axes}d") == "fast"
    assert torch.equal(pool(x, size), their_pool(x, size))
    for seed in range(20):
        x = huge_cells(seed, (4, 64, *size), torch.float32)
        error = 2 * 1024 * torch.finfo(x.dtype).eps * their_pool(x.nan_to_num(0, 0, 0).double().abs(), size)
        no_worse(pool(x, size), their_pool(x, size), error, False)


def taken(impl: str, x: Tensor, *arguments: Any, name: str = "max_pool2d", indices: bool = False) -> str:
    defaults = (None, 0, 1, False) if name.startswith("max") else (None, 0, 1, False, True, None)
    given = arguments + defaults[len(arguments) - 1 :]
    row = dispatch.choose(dispatch.plan_of(name, x, given), x, impl, indices)
    return row.path if row else "torch"


def test_a_forced_path_runs_where_it_can_and_torch_elsewhere() -> None:
    build_or_skip()
    x = torch.rand(2, 3, 12, 12)
    last = x.contiguous(memory_format=torch.channels_last)
    for impl in ("fast", "compiled"):
        assert (
            taken(impl, x, 3)
            == taken(impl, x, 3, indices=True)
            == taken(impl, x, 3, name="avg_pool2d")
            == impl
        )
        # The last argument is a dilation of 2, which no path but torch's can pool.
        assert taken(impl, x, 2, 1, 0, 2) == "torch"
        assert taken(impl, x.half(), 3) == taken(impl, x.transpose(2, 3), 3) == "torch"
    assert (taken("compiled", last, 3), taken("fast", last, 3)) == ("compiled", "torch")
    assert taken("torch", torch.rand(8, 64, 56, 56), 7, 1, 3) == "torch"


def test_auto_leaves_small_inputs_to_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_loaded", False)
    large, small = torch.rand(8, 64, 56, 56), torch.rand(1, 3, 12, 12)
    for name in ("max_pool2d", "avg_pool2d"):
        assert taken("auto", small, 3, name=name) == "torch"
        assert taken("auto", large, 15, 1, 7, name=name) == "fast"
        # The fast path leaves half precision to torch, which adds up in float32.
        assert taken("auto", large.to(torch.bfloat16), 15, 1, 7, name=name) == "torch"


def test_each_row_names_the_benchmark_cases_that_justify_it() -> None:
    named = {name for row in dispatch.TABLE for name in row.measured.split()}
    assert {"A", "B", "G"} <= named <= {*cases.FIXED, "C"}
    assert all(row.measured for row in dispatch.TABLE)


def test_an_unknown_path_is_refused() -> None:
    with pytest.raises(
        PoolingError, match="max_pool2d: impl: expected one of auto, torch, fast, compiled, got quick"
    ):
        poolkit.max_pool2d(torch.zeros(1, 4, 4), 2, impl="quick")


def test_without_a_compiler_forcing_its_path_raises_and_auto_works(tmp_path: Path) -> None:
    program = (
        "import torch, poolkit; x = torch.rand(4, 64, 56, 56)\n"
        "assert torch.equal(poolkit.max_pool2d(x, 3), torch.nn.functional.max_pool2d(x, 3))\n"
        "try: poolkit.max_pool2d(x, 3, impl='compiled')\n"
        "except poolkit.PoolingError as error: print(error)"
    )
    environment = {**os.environ, "CXX": "no-such-compiler", "TORCH_EXTENSIONS_DIR": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert "max_pool2d: impl: expected a C++ compiler (c++, or $CXX) and ninja" in ran.stdout
    assert not list(tmp_path.iterdir())


def test_vmap_and_jvp_use_torchs_operators() -> None:
    x = torch.rand(3, 2, 4, 12, 12)
    for impl in ("auto", "fast"):
        mapped = torch.func.vmap(lambda x, impl=impl: poolkit.max_pool2d(x, 3, impl=impl))(x)
        assert torch.equal(mapped, F.max_pool2d(x.flatten(0, 1), 3).view(mapped.shape))
        slope = torch.func.jvp(lambda x, impl=impl: poolkit.avg_pool2d(x, 3, impl=impl), (x[0],), (x[1],))[1]
        torch.testing.assert_close(slope, F.avg_pool2d(x[1], 3))


def test_a_global_maximum_of_two_zeros_is_the_first_zero() -> None:
    x = torch.full((1, 4, 3, 4), -1.0)
    for channel, (first, later) in enumerate([(0.0, -0.0), (-0.0, 0.0), (0.0, torch.nan), (1.0, -0.0)]):
        x[0, channel, 1, 2], x[0, channel, 2, 0] = first, later
    assert equal(poolkit.global_max_pool(x), F.adaptive_max_pool2d(x, 1))


@pytest.mark.parametrize("size", [(4, 4), (7, 7), (1, 16), (5, 13), (20, 31)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_whole_planes_compiled(size: tuple[int, int], dtype: torch.dtype) -> None:
    """The kernel may look at cells in any order, but must take the first of the zeros or the last NaN."""
    generator = torch.Generator().manual_seed(0)
    for number in (2, 5, 6, 8):
        x = AWKWARD[torch.randint(0, number, (3, 50, *size), generator=generator)].to(dtype)
        got = poolkit.max_pool2d(x, size, impl="compiled")
        assert equal(got, F.max_pool2d(x, size))
    # The result must have the sign of the plane's first zero, though the kernel looks at many cells at once.
    zeros = AWKWARD[[0, 1, 4]].to(dtype)
    x = zeros[torch.randint(0, 3, (3, 50, *size), generator=generator)]
    assert equal(poolkit.max_pool2d(x, size, impl="compiled"), F.max_pool2d(x, size))
    x = torch.randn(3, 50, *size, generator=generator, dtype=dtype)
    assert equal(poolkit.max_pool2d(x, size, impl="compiled"), F.max_pool2d(x, size))
    # This window does not cover the plane, though each plane has only one window.
    smaller = (size[0], size[1] - 1)
    assert equal(poolkit.max_pool2d(x, smaller, size, impl="compiled"), F.max_pool2d(x, smaller, size))


@pytest.mark.parametrize("k", [2, 3, 4])
def test_nan_in_planes_that_are_not_copied_compiled(k: int) -> None:
    """If windows tile a plane without padding, the kernel reads it directly, without a search for NaN."""
    x = torch.randn(2, 3, 5 * k, 40 * k, generator=torch.Generator().manual_seed(k))
    for cell in range(k * k):
        x[1, 2, cell // k, 7 * cell + cell % k] = torch.nan
    assert equal(poolkit.max_pool2d(x, k, impl="compiled"), F.max_pool2d(x, k))


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("k", [2, 3, 7, 8, 31])
@pytest.mark.parametrize("last", [False, True], ids=["contiguous", "channels_last"])
def test_bands_of_tall_planes_compiled(threads: int, k: int, last: bool) -> None:
    """The kernel pools a tall plane in bands of rows; in this test only one band holds a NaN."""
    x = torch.randn(1, 3, 900, 40, generator=torch.Generator().manual_seed(k))
    x[0, 1, 450, 20], x[0, 2, 3, 3] = torch.nan, -0.0
    x = x.contiguous(memory_format=torch.channels_last) if last else x
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        for stride in (1, 2, k):
            window = (k, stride, k // 2)
            assert equal(poolkit.max_pool2d(x, *window, impl="compiled"), F.max_pool2d(x, *window))
            means = poolkit.avg_pool2d(x, *window, impl="compiled")
            torch.testing.assert_close(means, F.avg_pool2d(x, *window), equal_nan=True, rtol=1e-4, atol=1e-5)
    finally:
        torch.set_num_threads(before)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is protected by a call to Linux")
def test_no_read_beyond_the_end_of_inputs_and_gradients_compiled() -> None:
    """Poolings run in a separate process, which crashes if they read memory beyond the end of a tensor."""
    command = [sys.executable, "-m", "tests.poolkit.guarded"]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert ran.returncode == 0, (ran.returncode, ran.stderr[-2000:])
    assert "read nothing beyond the end of their tensors" in ran.stdout


@pytest.mark.parametrize("stride", [1, 2, 5])
def test_gradients_of_averages_along_one_axis_compiled(stride: int) -> None:
    x = torch.randn(3, 8, 500, dtype=torch.float64, generator=torch.Generator().manual_seed(stride))
    mine, theirs = x.clone().requires_grad_(), x.clone().requires_grad_()
    y = poolkit.avg_pool1d(mine, 5, stride, 2, count_include_pad=False, impl="compiled")
    expected = F.avg_pool1d(theirs, 5, stride, 2, count_include_pad=False)
    given = torch.linspace(-1, 1, y.numel(), dtype=torch.float64).view(y.shape)
    torch.testing.assert_close(y, expected)
    torch.testing.assert_close(
        torch.autograd.grad(y, mine, given), torch.autograd.grad(expected, theirs, given)
    )


@pytest.mark.parametrize("last", [False, True], ids=["contiguous", "channels_last"])
@pytest.mark.parametrize("operation", ["avg", "max"])
def test_global_poolings_of_many_cells(operation: str, last: bool) -> None:
    """The inputs are large enough for poolkit to choose an implementation faster than torch's."""
    x = torch.randn(16, 100, 7, 9, generator=torch.Generator().manual_seed(0))
    x = x.contiguous(memory_format=torch.channels_last) if last else x
    theirs = F.adaptive_avg_pool2d if operation == "avg" else F.adaptive_max_pool2d
    pool = getattr(poolkit, f"global_{operation}_pool")
    mine, other = x.clone().requires_grad_(), x.clone().requires_grad_()
    y, expected = pool(mine), theirs(other, 1)
    given = torch.linspace(-1, 1, y.numel()).view(y.shape)
    torch.testing.assert_close(pool(x), expected.detach(), rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(y, expected, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(
        torch.autograd.grad(y, mine, given), torch.autograd.grad(expected, other, given)
    )


@pytest.mark.skipif(
    not Path("/sys/kernel/mm/transparent_hugepage").exists(), reason="the system has no huge pages"
)
def test_large_results_ask_for_huge_pages() -> None:
    fresh = fast.huge_pages(torch.empty(16 << 20, dtype=torch.uint8))
    inside, flags = False, []
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if "-" in line.split()[0] and not line.split()[0].endswith(":"):
            begin, end = (int(part, 16) for part in line.split()[0].split("-"))
            inside = begin <= fresh.data_ptr() + (8 << 20) < end
        elif inside and line.startswith("VmFlags:"):
            flags = line.split()[1:]
    assert "hg" in flags


@pytest.mark.skipif(sys.platform != "linux", reason="the C library is used on Linux alone")
def test_the_c_library_is_opened_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    opened, ctypes_opens = [], ctypes.CDLL

    def counted(*given: Any, **settings: Any) -> ctypes.CDLL:
        opened.append(given)
        return ctypes_opens(*given, **settings)

    monkeypatch.setattr(ctypes, "CDLL", counted)
    fast.c_library.cache_clear()
    for _ in range(3):
        fast.huge_pages(torch.empty(fast.MANY, dtype=torch.uint8))
    assert opened == [(None,)]


def test_the_kernel_uses_no_builtin_that_only_gcc_has() -> None:
    named = set(re.findall(r"__builtin_\w+", compiled.SOURCE.read_text(encoding="utf-8")))
    assert named == {"__builtin_shufflevector", "__builtin_prefetch"}


@pytest.mark.skipif(not shutil.which("clang++"), reason="no clang on this machine")
def test_clang_accepts_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "clang++")
    folders = [*include_paths(), sysconfig.get_path("include")]
    looked_in = [part for folder in folders for part in ("-isystem", folder)]
    command = ["clang++", "-fsyntax-only", "-std=c++20", *compiled.flags(), *looked_in, str(compiled.SOURCE)]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("version", ["g++ (Debian 12.2.0) 12.2.0", "Debian clang version 14.0.6"])
def test_clang_is_not_given_openmp(version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """clang would add its own OpenMP library to torch's, and two such libraries do not share threads."""
    compiler = tmp_path / "a compiler"
    compiler.write_text(f"#!/bin/sh\necho '{version}'\n", encoding="utf-8")
    compiler.chmod(0o755)
    monkeypatch.setenv("CXX", f"'{compiler}'")
    without = [flag for flag in compiled.FLAGS if flag != "-fopenmp"]
    assert compiled.flags() == (without if "clang" in version else compiled.FLAGS)


def test_the_command_in_the_readme_builds_the_kernel_compiled() -> None:
    root = Path(__file__).parents[2]
    (program,) = re.findall(
        r'`python -c "(from poolkit [^"`]+)"`', (root / "README.md").read_text(encoding="utf-8")
    )
    subprocess.run([sys.executable, "-c", f"{program}; assert compiled.available()"], cwd=root, check=True)
