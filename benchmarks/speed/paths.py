"""The paths of torch and of poolkit: how each pools a case, forward, or forward and backward.

A path prepares a call for a case; whatever can be done once, such as compiling, is done then. `prepare`
returns None for a case that the path does not support.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from benchmarks.speed.cases import LAYOUTS, MAX, Case
from poolkit import functional

Array = NDArray[Any]
Pool = Callable[[Tensor], Tensor]


class Prepared(NamedTuple):
    """A call that can be timed, and a function that turns its result into arrays.

    The arrays are the output and, with gradients, the gradient of the input.
    """

    call: Callable[[], Any]
    read: Callable[[Any], list[Array]]


@dataclass(frozen=True)
class Path:
    """One way to pool.

    Args:
        name: its name in the file of results.
        title: its name in tables and pictures.
        prepare: makes the call from a case, its input, and the gradient of the output (None: forward only).
        package: the package that must be installed, by its name for pip; "" for torch and poolkit.
        module: the module to import, if its name differs from the package's.
    """

    name: str
    title: str
    prepare: Callable[[Case, Tensor, Tensor | None], Prepared | None]
    package: str = ""
    module: str = ""

    @property
    def installed(self) -> bool:
        """Whether it can be measured here."""
        return not self.package or find_spec(self.module or self.package) is not None

    @property
    def version(self) -> str:
        """The version of the package; torch's for torch and poolkit."""
        return version(self.package) if self.package else torch.__version__


def native(case: Case) -> Pool:
    """torch's own operator."""
    if case.whole:
        operator = F.adaptive_max_pool2d if case.operation == MAX else F.adaptive_avg_pool2d
        return partial(operator, output_size=1)
    name = f"{'max' if case.operation == MAX else 'avg'}_pool{case.axes}d"
    return partial(getattr(F, name), **_window(case))


def ours(case: Case, impl: str = "auto") -> Pool | None:
    """poolkit's function with the given `impl`; None for a global pooling that cannot choose one."""
    kind = "max" if case.operation == MAX else "avg"
    if case.whole:
        pool = getattr(functional, f"global_{kind}_pool")
        return pool if impl == "auto" else None  # global poolings have no argument `impl`
    return partial(getattr(functional, f"{kind}_pool{case.axes}d"), **_window(case), impl=impl)


def reduction(case: Case) -> Pool | None:
    """torch's reductions over a whole plane, `amax` and `mean`; None if the case is no global pooling."""
    if not case.whole:
        return None
    return lambda x: x.amax((2, 3), True) if case.operation == MAX else x.mean((2, 3), True)


def compiled_by_torch(case: Case) -> Pool:
    """torch's operator compiled by torch.compile, for this shape alone."""
    torch._dynamo.reset()
    return torch.compile(native(case), dynamic=False, fullgraph=True)


def prepared(pool: Pool | None, x: Tensor, given: Tensor | None) -> Prepared | None:
    """Prepare a call of a pooling function, forward or with gradients."""
    if pool is None:
        return None
    if given is None:

        def forth() -> list[Tensor]:
            with torch.inference_mode():
                return [pool(x)]

        return Prepared(forth, _read)
    leaf = x.detach().requires_grad_()

    def forth_and_back() -> list[Tensor]:
        y = pool(leaf)
        return [y.detach(), *torch.autograd.grad(y, leaf, given)]

    return Prepared(forth_and_back, _read)


def _in_torch(
    make: Callable[[Case], Pool | None], channels_last: bool = False
) -> Callable[..., Prepared | None]:
    def prepare(case: Case, x: Tensor, given: Tensor | None) -> Prepared | None:
        if channels_last and x.dim() in LAYOUTS:
            x = x.contiguous(memory_format=LAYOUTS[x.dim()])
            given = None if given is None else given.contiguous(memory_format=LAYOUTS[x.dim()])
        return prepared(make(case), x, given)

    return prepare


def _window(case: Case) -> dict[str, Any]:
    return {"kernel_size": case.kernel, "stride": case.stride, "padding": case.padding, **case.options}


def _read(result: list[Tensor]) -> list[Array]:
    return [np.ascontiguousarray(part.float().cpu().numpy()) for part in result]


PATHS = (
    Path("native", "torch", _in_torch(native)),
    Path("native-last", "torch, channels last", _in_torch(native, channels_last=True)),
    Path("reduction", "torch, amax or mean", _in_torch(reduction)),
    Path("compile", "torch.compile", _in_torch(compiled_by_torch)),
    Path("auto", "poolkit", _in_torch(ours)),
    Path("auto-last", "poolkit, channels last", _in_torch(ours, channels_last=True)),
    Path("fast", "poolkit without compiler", _in_torch(partial(ours, impl="fast"))),
    Path("compiled", "poolkit, compiled kernel", _in_torch(partial(ours, impl="compiled"))),
)
