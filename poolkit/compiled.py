"""Build, load and call the compiled kernels: ``kernel.cpp`` on the CPU, ``on_cuda.py`` on a GPU.

:func:`build` needs a C++ compiler, ninja and about half a minute; ``make fast`` and ``impl="compiled"`` call
it. A kernel from gcc runs on as many threads as torch does, one from clang on a single thread. The kernel is
stored in torch's folder of extensions, and from the next process on ``"auto"`` uses it. On a GPU Triton
compiles each kind of window at its first use, which takes about a second. ``"auto"`` allows that only after
:func:`build`, or once ``"compiled"`` was asked for on a GPU.

Costs for each output of windows of ``k`` by ``k``: along rows a maximum takes about ``3 log4(k)``
comparisons, and a sum ``2 sqrt(k)`` additions. Down columns they take as many; but from ``k = 8`` on only
three, unless the winners are kept. Memory besides input and output: each thread needs three times the size of
a band of rows of a plane with its padding (in channels_last of an image; 16 KiB, or ``5 k`` rows). A maximum
that keeps its winners needs one byte for each output, or two where ``k > 16``.
"""

from __future__ import annotations

import hashlib
import math
import os
import platform
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from subprocess import SubprocessError, run
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import Tensor

from poolkit.arguments import Index
from poolkit.errors import PoolingError
from poolkit.fast import average, huge_pages, in_any_order
from poolkit.steps import steps_of_max, steps_of_sum
from poolkit.windows import Window

SOURCE = Path(__file__).with_name("kernel.cpp")
FLAGS = ["-O3", "-march=native", "-fno-trapping-math", "-fopenmp"]
FLAGS += ["-mprefer-vector-width=512"] if platform.machine() == "x86_64" else []
OF_GCC = ["-fopenmp"]  # clang would add its own OpenMP library to the one that runs torch's threads
_loaded: bool | None = None  # None: not yet looked for
_asked = False  # whether build() was called for the GPU


@cache
def library() -> Path:
    """Return where the kernel is stored: one file for each kind of processor, source and torch version."""
    processor = platform.machine()
    if (facts := Path("/proc/cpuinfo")).exists():
        processor += str(
            {line for line in facts.read_text().splitlines() if line.startswith(("flags", "Features"))}
        )
    made_of = SOURCE.read_text(encoding="utf-8") + torch.__version__ + processor + " ".join(FLAGS)
    root = os.environ.get("TORCH_EXTENSIONS_DIR") or Path.home() / ".cache" / "torch_extensions"
    return Path(root) / f"poolkit_{hashlib.sha256(made_of.encode()).hexdigest()[:12]}.so"


def flags() -> list[str]:
    """List the compiler's flags; for clang without OpenMP, so that its kernel runs on one thread."""
    import shlex  # imported here because only a build needs it

    compiler = shlex.split(os.environ.get("CXX", "c++"))
    version = run([*compiler, "--version"], capture_output=True, text=True, check=True).stdout
    return [flag for flag in FLAGS if flag not in OF_GCC or "clang" not in version]


@cache
def _on_cuda() -> Any:
    """Import the GPU's kernels and try one on a single cell; return the error if that fails."""
    try:
        from poolkit import on_cuda  # imports Triton too, which is installed with a torch that has CUDA

        on_cuda.maximum(torch.zeros(1, device="cuda"), torch.empty(1, device="cuda"), None, [1] * 10 + [0, 0])
    except (ImportError, AssertionError, RuntimeError, OSError, SubprocessError) as error:
        return error
    return on_cuda


def _gpu(input: Tensor) -> Any:
    return _on_cuda() if input.is_cuda else None


def available(device: str = "cpu") -> bool:
    """Load the kernel if it has been built, and say whether it is available.

    For ``"cuda"`` say whether Triton works and may compile kernels.

    >>> available() in (True, False)
    True
    """
    global _loaded
    if device == "cuda":
        return (_asked or available()) and not isinstance(_on_cuda(), Exception)
    if _loaded is None and (_loaded := library().exists()):
        try:
            torch.ops.load_library(str(library()))
        except OSError:  # built on another system that shares this home directory
            _loaded = False
    return _loaded


def build(operation: str = "build", device: str = "cpu") -> Path:
    """Compile the kernel, unless it is already built; for ``"cuda"``, allow Triton to compile from now on.

    :param operation: The name of the calling function, for the error message.
    :returns: The path of the kernel.
    :raises PoolingError: Without a C++ compiler or ninja; for ``"cuda"`` without Triton or without the C
        compiler that Triton calls.
    """
    global _asked, _loaded
    if device == "cuda":
        if isinstance(found := _on_cuda(), Exception):
            expected, got = "Triton, and the C compiler that it calls", f"{type(found).__name__}: {found}"
            raise PoolingError(operation, "impl", expected, got) from found
        _asked = True
        return Path(found.__file__)
    if not available():
        # This import takes a third of a second, and most processes never build.
        from torch.utils.cpp_extension import load

        library().parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=library().parent) as folder:
            try:
                load("poolkit_kernel", [str(SOURCE)], flags(), build_directory=folder, is_python_module=False)
            except (RuntimeError, OSError, SubprocessError) as error:
                expected = "a C++ compiler (c++, or $CXX) and ninja, to compile poolkit's kernel"
                raise PoolingError(operation, "impl", expected, f"{type(error).__name__}: {error}") from error
            # Atomic: no other process sees a file that is only partly written.
            os.replace(Path(folder) / "poolkit_kernel.so", library())
        _loaded = True
    return library()


def max_pool(input: Tensor, window: Window, indices: bool = False) -> Any:
    """Take the largest value of each window, with its index where asked for.

    :param input: (batch,) channel and one or two spatial axes, contiguous or channels_last; float32 or
        float64, on a GPU half precision too.
    :param window: Without dilation.
    """
    if indices or (input.requires_grad and torch.is_grad_enabled()):
        values, offsets = _Max.apply(input, window)  # type: ignore[no-untyped-call]
        return (values, _places(offsets, window, input.shape)) if indices else values
    values, geometry = _prepared(input, window)
    _largest(input, values, None, geometry)
    return values


def avg_pool(input: Tensor, window: Window, count_include_pad: bool, divisor: int | None = None) -> Tensor:
    """Take the mean of each window; input and window as in :func:`max_pool`."""
    if gpu := _gpu(input):
        shape, geometry = _geometry(window, input.shape, not input.is_contiguous())
        y: Tensor = gpu.Average.apply(input, shape, geometry, count_include_pad, divisor or 0, False)
        return y
    return average(input, window, count_include_pad, divisor, box_sum)


def box_sum(input: Tensor, window: Window, rows: Tensor, columns: Tensor) -> Tensor | None:
    """Add up each window, and divide by ``rows[o] * columns[q]``.

    None where some sum is not finite, and :func:`poolkit.fast.in_any_order` says no.
    """
    y, geometry = _prepared(input, window)
    taps = _taps(window.kernel, steps_of_sum)
    strange = torch.ops.poolkit.pool(input, y, None, rows, columns, geometry, *taps)
    return None if strange and not in_any_order(input, window) else y


class _Max(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, input: Tensor, window: Window) -> tuple[Tensor, Tensor]:
        values, ctx.geometry = _prepared(input, window)
        offsets = torch.empty_like(
            values, dtype=torch.uint8 if math.prod(window.kernel) <= 256 else torch.uint16
        )
        _largest(input, values, offsets, ctx.geometry)
        ctx.window, ctx.shape = window, input.shape
        ctx.save_for_backward(offsets)
        ctx.mark_non_differentiable(offsets)
        return values, offsets

    @staticmethod
    def backward(ctx: Any, gradient: Tensor, _: Any) -> Any:
        (offsets,), axes = ctx.saved_tensors, ctx.window.axes
        if torch.is_grad_enabled():  # a second derivative is wanted
            places, size = _places(offsets, ctx.window, ctx.shape), ctx.shape[-axes:]
            flat = gradient.new_zeros(*ctx.shape[:-axes], size.numel())
            return flat.scatter_add(-1, places.flatten(-axes), gradient.flatten(-axes)).view(ctx.shape), None
        layout = torch.channels_last if ctx.geometry[1] > 1 else torch.contiguous_format
        result = huge_pages(
            torch.empty(ctx.shape, dtype=gradient.dtype, device=gradient.device, memory_format=layout)
        )
        gradient = gradient.contiguous(memory_format=layout)
        if gpu := _gpu(gradient):
            gpu.in_passes(gpu.give_back, gradient, offsets, result, None, ctx.geometry)
        else:
            torch.ops.poolkit.give_back(gradient, offsets, result, ctx.geometry)
        return result, None


def _largest(input: Tensor, values: Tensor, offsets: Tensor | None, geometry: list[int]) -> None:
    if gpu := _gpu(input):
        gpu.maximum(input, values, offsets, geometry)
    else:
        torch.ops.poolkit.pool(
            input, values, offsets, None, None, geometry, *_taps((*geometry[6:8],), steps_of_max)
        )


@lru_cache(maxsize=1024)
def _taps(kernel: Index, steps: Callable[[int], list[int]]) -> tuple[list[int], list[int]]:
    """List the taps of the kernel's steps along rows and down columns."""
    return steps(kernel[-1]), steps(kernel[0] if len(kernel) > 1 else 1)


def _prepared(input: Tensor, window: Window) -> tuple[Tensor, list[int]]:
    """Allocate the output in the layout of the input, and list the sizes that the kernel needs."""
    last = not input.is_contiguous()
    shape, geometry = _geometry(window, input.shape, last)
    layout = torch.channels_last if last else torch.contiguous_format
    return (
        huge_pages(torch.empty(shape, dtype=input.dtype, device=input.device, memory_format=layout)),
        geometry,
    )


@lru_cache(maxsize=1024)
def _geometry(window: Window, shape: torch.Size, last: bool) -> tuple[Index, list[int]]:
    lead, size = shape[: -window.axes], shape[-window.axes :]
    images, channels = (lead[0], lead[1]) if last else (lead.numel(), 1)
    outputs, before = window.output_size(size), tuple(pair[0] for pair in window.padding)
    pairs = [size, outputs, window.kernel, window.stride, before]
    if window.axes == 1:  # treat a row as a plane of height 1
        pairs = [(0 if pair is before else 1, *pair) for pair in pairs]
    return (*lead, *outputs), [images, channels, *[n for pair in pairs for n in pair]]


def _places(offsets: Tensor, window: Window, shape: torch.Size) -> Tensor:
    """Convert offsets in the window to indices in the flattened plane."""
    if gpu := _gpu(offsets):
        return gpu.places(offsets, _geometry(window, shape, not offsets.is_contiguous())[1])  # type: ignore[no-any-return]
    left, places, cells = offsets.long(), torch.zeros_like(offsets, dtype=torch.int64), 1
    for axis in range(-1, -window.axes - 1, -1):
        start = torch.arange(offsets.shape[axis]) * window.stride[axis] - window.padding[axis][0]
        places += (left % window.kernel[axis] + start.view(-1, *[1] * (-1 - axis))).clamp(min=0) * cells
        left, cells = left // window.kernel[axis], cells * shape[axis]
    return places
