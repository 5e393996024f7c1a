"""Values that a learner's process and the grader may exchange: plain values and arrays, never a pickle."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_NODES = 10_000
MAX_BYTES = 64 * 2**20
MAX_TEXT = 4_000
MAX_DEPTH = 8
# Names that numpy and torch share. bfloat16 is sent as float32, which can represent all its values.
DTYPES = ("bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64", "bfloat16")
STORED = {name: np.dtype("float32" if name == "bfloat16" else name) for name in DTYPES}
# A dictionary is faster than dtype.name, which numpy builds anew at every access.
_NAMES = {np.dtype(name): name for name in DTYPES[:-1]}


def extent(shape: Sequence[int]) -> int:
    """The number of elements in an array of a shape, where an axis of length 0 counts as length 1.

    An empty array may still have a huge number of rows. It takes no bytes, but a list of its rows would fill
    the memory.

    >>> extent((2, 3)), extent((2**26, 2**26, 0)) == 2**52
    (6, True)
    """
    return math.prod(max(1, size) for size in shape)


@dataclass(frozen=True, eq=False)
class Array:
    """An array or tensor as data, with the facts that its values do not show.

    Args:
        data: the values, contiguous; float32 where dtype is "bfloat16".
        dtype: one of DTYPES.
        library: "numpy" or "torch".
        layout: "contiguous", "channels_last" or "strided".
        device: "cpu", or torch's name for another device.
    """

    data: NDArray[Any]
    dtype: str
    library: str = "numpy"
    layout: str = "contiguous"
    device: str = "cpu"

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of the axes."""
        return self.data.shape


@dataclass(frozen=True)
class Opaque:
    """A value that cannot be exchanged, such as a set or a generator. Only the name of its type is kept."""

    type_name: str


# bool, int, float, str, None, list and tuple of those, Array, Opaque
Plain = Any


@dataclass(frozen=True)
class Failure:
    """An exception that the learner's code raised: its type, its message, and the line of that code."""

    type_name: str
    message: str
    line: str = ""
    line_number: int = 0


@dataclass(frozen=True)
class Observation:
    """Everything that is observed when an answer is called.

    Args:
        value: the returned value.
        failure: the exception, if one was raised instead.
        gradients: for questions about gradients, the gradient of each floating tensor argument.
        mutated: positions of the arguments that the call changed in place.
        aliases: whether the output shares memory with an argument.
        repeatable: whether a second call on the same input returned the same value.
        forbidden: the forbidden operation that was called, or "".
        lost: why nothing came back (time limit, memory limit, a process that died), or "".
    """

    value: Plain = None
    failure: Failure | None = None
    gradients: tuple[Array | None, ...] = ()
    mutated: tuple[int, ...] = ()
    aliases: bool = False
    repeatable: bool = True
    forbidden: str = ""
    lost: str = ""


@dataclass(frozen=True)
class Call:
    """How to obtain an observation from an answer.

    Args:
        name: the name that the learner defined.
        kind: "function", "gradient" (call it, then call backward() with `cotangent`), "module" (construct it
            with `init`, then call it), or "value" (it is not called).
        args: positional arguments.
        keywords: keyword arguments.
        library: "numpy" or "torch": arrays are passed to the answer as arrays of this library.
        cotangent: gradient of the output, for kind "gradient".
        init: arguments of the module's constructor.
        forbidden: prefixes of dotted names that may not be called; with "aten:", words in torch's operators.
        again: whether to call a second time, on equal inputs: to see whether the answer is repeatable, and
            whether it calls something that is forbidden.
        part: indices into the returned value: only that part of it counts.
    """

    name: str
    kind: str = "function"
    args: Sequence[Plain] = ()
    keywords: dict[str, Plain] = field(default_factory=dict)
    library: str = "numpy"
    cotangent: Array | None = None
    init: dict[str, Plain] = field(default_factory=dict)
    forbidden: tuple[str, ...] = ()
    again: bool = False
    part: tuple[int, ...] = ()


def describe(value: Any) -> Plain:
    """Turn any value that a learner's code returned into plain values, Arrays and Opaque values.

    >>> describe([1, np.float32(2.5), {3}])[2]
    Opaque(type_name='set')
    """
    return _describe(value, [MAX_NODES, MAX_BYTES], 0)


def _describe(value: Any, budget: list[int], depth: int) -> Plain:
    budget[0] -= 1
    if budget[0] < 0 or depth > MAX_DEPTH:
        return Opaque("too many values")
    if value is None or type(value) in (bool, float):
        return value
    if type(value) is int:
        return value if abs(value) < 2**63 else Opaque("an int over 64 bits")
    if type(value) is str:
        return value[:MAX_TEXT]
    if type(value) in (list, tuple):
        if len(value) > budget[0]:
            return Opaque("too many values")
        return type(value)(_describe(item, budget, depth + 1) for item in value)
    described = describe_array(value)
    if isinstance(described, Array):
        budget[1] -= described.data.nbytes
        if budget[1] < 0:
            return Opaque(f"more than {MAX_BYTES >> 20} MiB")
    return described


def describe_array(value: Any) -> Array | Opaque:
    """Copy a numpy array, numpy scalar or torch tensor into an Array; anything else is Opaque."""
    if isinstance(value, (np.ndarray, np.generic)):
        data = np.asarray(value)
        name = _NAMES.get(data.dtype) or data.dtype.name
        if name not in DTYPES:
            return Opaque(f"numpy array of dtype {name}")
        if extent(data.shape) * data.itemsize > MAX_BYTES:
            return _too_large(data.size)
        # Convert to this machine's byte order, as the learner's array may have another one.
        return Array(np.array(data, dtype=data.dtype.newbyteorder("="), order="C", copy=True), name)
    if type(value).__module__.split(".")[0] == "torch" and hasattr(value, "detach"):
        return _describe_tensor(value)
    return Opaque(type(value).__name__)


def _too_large(size: int) -> Opaque:
    return Opaque(f"more than {MAX_BYTES >> 20} MiB" if size else "an empty array with too many rows")


def _describe_tensor(tensor: Any) -> Array | Opaque:
    dtype = str(tensor.dtype).removeprefix("torch.")
    if dtype not in DTYPES:
        return Opaque(f"torch tensor of dtype {dtype}")
    if extent(tensor.shape) * STORED[dtype].itemsize > MAX_BYTES:
        return _too_large(tensor.numel())
    plain = tensor.detach().cpu()
    data = (plain.float() if dtype == "bfloat16" else plain).contiguous().numpy().copy(order="C")
    return Array(data, dtype, "torch", _layout(tensor), str(tensor.device))


def _layout(tensor: Any) -> str:
    if tensor.is_contiguous():
        return "contiguous"
    import torch

    if tensor.dim() == 4 and tensor.is_contiguous(memory_format=torch.channels_last):
        return "channels_last"
    return "strided"


def materialise(value: Plain, library: str, requires_grad: bool = False) -> Any:
    """The inverse of `describe`: Arrays become new numpy arrays or torch tensors."""
    if type(value) in (list, tuple):
        return type(value)(materialise(item, library, requires_grad) for item in value)
    if not isinstance(value, Array):
        return value
    data = value.data.copy(order="C")
    if library == "numpy":
        return data if value.layout == "contiguous" else np.asfortranarray(data)
    return _materialise_tensor(value, data, requires_grad)


def _materialise_tensor(value: Array, data: NDArray[Any], requires_grad: bool) -> Any:
    import torch

    tensor = torch.from_numpy(data).to(getattr(torch, value.dtype)).to(value.device)
    if value.layout == "channels_last":
        tensor = tensor.contiguous(memory_format=torch.channels_last)
    elif value.layout == "strided":
        tensor = tensor.transpose(-1, -2).contiguous().transpose(-1, -2)
    if requires_grad and tensor.is_floating_point():
        tensor.requires_grad_()
    return tensor
