"""The names of torch, for questions that are answered with numpy: types and constants; nothing computes.

In the jail of such a question torch itself is absent. But a notebook that imports it at its top may still use
its names in type hints, default arguments and `isinstance`, which have no effect on an answer. To call a
function or a class of torch raises an error. The check in the notebook gives no marks for such a call either.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import math
import sys
import types
from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np

from poolgrader.calls.banned import ForbiddenOperator

called: list[str] = []  # the functions of torch that were called, by their names

# The modules that `import torch` brings along.
SUBMODULES = {
    "torch": "nn cuda autograd utils optim linalg fft random jit backends distributed distributions special "
    "sparse testing func hub mps onnx profiler overrides version serialization amp signal types fx export",
    "torch.nn": "functional modules init utils parameter parallel attention",
    "torch.utils": "data checkpoint tensorboard benchmark dlpack",
    "torch.autograd": "functional profiler grad_mode function forward_ad",
    "torch.optim": "lr_scheduler",
    "torch.backends": "cudnn mps cuda mkldnn",
}
CONSTANTS = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "newaxis": None}
# Name and other names, bytes, and the dtype of numpy with the same limits.
DTYPES = (
    (("float64", "double"), 8, "float64"),
    (("float32", "float"), 4, "float32"),
    (("float16", "half"), 2, "float16"),
    (("bfloat16",), 2, ""),
    (("int64", "long"), 8, "int64"),
    (("int32", "int"), 4, "int32"),
    (("int16", "short"), 2, "int16"),
    (("int8",), 1, "int8"),
    (("uint8",), 1, "uint8"),
    (("uint16",), 2, "uint16"),
    (("uint32",), 4, "uint32"),
    (("uint64",), 8, "uint64"),
    (("bool",), 1, "bool"),
    (("complex64", "cfloat"), 8, "complex64"),
    (("complex128", "cdouble"), 16, "complex128"),
)
BFLOAT16 = {"max": 3.3895313892515355e38, "eps": 0.0078125, "tiny": 1.1754943508222875e-38}
OTHER_CONSTANTS = (
    "strided sparse_coo contiguous_format channels_last channels_last_3d preserve_format "
    "per_tensor_affine per_channel_affine"
)
TENSORS = (
    "Tensor FloatTensor DoubleTensor HalfTensor BFloat16Tensor LongTensor IntTensor BoolTensor ByteTensor"
)


def refuse(name: str) -> NoReturn:
    """Record that something of torch was called, and refuse it.

    Raises:
        ForbiddenOperator: always.
    """
    called.append(name)
    raise ForbiddenOperator(name)


class dtype:
    """A data type of torch."""

    def __init__(self, name: str, itemsize: int, like: str) -> None:
        self._name, self.itemsize, self._like = name, itemsize, like
        self.is_floating_point = "float" in name
        self.is_complex = "complex" in name
        self.is_signed = not name.startswith(("uint", "bool"))

    def __repr__(self) -> str:
        return f"torch.{self._name}"


class device:
    """A device of torch: its kind and its number."""

    def __init__(self, type: str = "cpu", index: int | None = None) -> None:
        kind, _, number = str(type).partition(":")
        self.type = kind
        self.index = int(number) if number else index

    def __repr__(self) -> str:
        return f"device(type='{self.type}'{'' if self.index is None else f', index={self.index}'})"

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device) and str(other) == str(self)

    def __hash__(self) -> int:
        return hash(str(self))


class Size(tuple[int, ...]):
    """The shape of a tensor."""

    __slots__ = ()

    def numel(self) -> int:
        """The number of elements."""
        return math.prod(self)


class memory_format:
    """A memory format or a layout of torch; all that can be done with it is to compare it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"torch.{self._name}"


class finfo:
    """The limits of a floating-point type of torch."""

    def __init__(self, type: dtype | None = None) -> None:
        one = type or dtype("float32", 4, "float32")
        self.bits, self.dtype = 8 * one.itemsize, repr(one).removeprefix("torch.")
        known = BFLOAT16 if not one._like else {}
        limits = np.finfo(one._like or "float32")
        self.max, self.eps, self.tiny = (known.get(name, float(getattr(limits, name))) for name in BFLOAT16)
        self.min, self.smallest_normal = -self.max, self.tiny
        self.resolution = float(limits.resolution) if one._like else 0.01


class iinfo:
    """The limits of an integer type of torch."""

    def __init__(self, type: dtype) -> None:
        limits = np.iinfo(type._like)
        self.bits, self.max, self.min = limits.bits, int(limits.max), int(limits.min)
        self.dtype = repr(type).removeprefix("torch.")


class _Refused(type):
    """The type of torch's classes here: they can be named and derived from; to call them is refused."""

    def __call__(cls, *args: Any, **keywords: Any) -> Any:
        refuse(str(next(base.__doc__ for base in cls.__mro__ if base.__dict__.get("_of_torch"))))

    def __getitem__(cls, item: Any) -> Any:
        return cls

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _function(f"{cls.__doc__}.{name}")


def _class(full: str) -> Any:
    module, _, name = full.rpartition(".")
    return _Refused(name, (), {"__doc__": full, "__module__": module, "_of_torch": True})


def _function(full: str) -> Any:
    def refused(*args: Any, **keywords: Any) -> Any:
        refuse(full)

    module, _, name = full.rpartition(".")
    refused.__module__, refused.__name__, refused.__qualname__ = module, name, name
    return refused


class Names(types.ModuleType):
    """A module of torch, in which every name can be looked up."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        full = f"{self.__name__}.{name}"
        made = _class(full) if name[:1].isupper() else _function(full)
        setattr(self, name, made)
        return made


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds torch and whatever is below it."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        """One of torch's modules; None for any other."""
        if fullname.split(".")[0] != "torch":
            return None
        if fullname.rpartition(".")[2][:1].isupper():
            return None  # a class, as in `import torch.Tensor`
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """A module in which every name can be looked up."""
        return Names(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Give the module the names that are no functions, and the modules that torch imports with it."""
        if module.__name__ == "torch":
            module.__dict__.update(_constants())
        for name in SUBMODULES.get(module.__name__, "").split():
            importlib.import_module(f"{module.__name__}.{name}")


def _constants() -> dict[str, Any]:
    found: dict[str, Any] = dict(CONSTANTS)
    for names, size, like in DTYPES:
        found |= dict.fromkeys(names, dtype(names[0], size, like))
    for name in OTHER_CONSTANTS.split():
        found[name] = memory_format(name)
    found |= {name: _class(f"torch.{name}") for name in TENSORS.split()}
    found |= {"dtype": dtype, "device": device, "Size": Size, "memory_format": memory_format}
    found |= {"layout": memory_format, "finfo": finfo, "iinfo": iinfo, "__version__": "0"}
    return found


def install() -> None:
    """Let imports find these names, and never torch itself."""
    sys.meta_path.insert(0, _Finder())
