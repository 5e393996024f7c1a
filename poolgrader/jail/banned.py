"""torch's own pooling, refused: every pooling operator of the dispatcher raises, however it is spelled.

A learner in the same process can fight this; it takes more than the honest answer does. Nothing that raises a
mark rests on it.
"""

from __future__ import annotations

import ctypes
import warnings
from collections.abc import Callable
from typing import Any

KEYS = ("CPU", "AutogradCPU", "AutogradOther", "CompositeImplicitAutograd", "QuantizedCPU", "MkldnnCPU")


class ForbiddenOperator(RuntimeError):
    """An operator that the question forbids was called."""


def _refuse(name: str) -> Callable[..., Any]:
    def refused(*args: Any, **keywords: Any) -> Any:
        raise ForbiddenOperator(f"torch's own pooling ({name})")

    return refused


def _refuse_decompositions() -> None:
    """torch's own pooling is there a second time, in Python, for its compiler."""
    import torch
    from torch import _decomp
    from torch._decomp import decompositions

    for name in [name for name in dir(decompositions) if "pool" in name]:
        setattr(decompositions, name, _refuse(name))
    for table in _decomp.global_decomposition_table.values():
        for operator in [operator for operator in table if "pool" in str(operator)]:
            table[operator] = _refuse(str(operator))
    for name in [
        name for name in torch._C._dispatch_get_all_op_names() if name.startswith("aten::") and "pool" in name
    ]:
        packet, _, overload = name.removeprefix("aten::").partition(".")
        kernels = getattr(getattr(torch.ops.aten, packet), overload or "default").py_kernels
        kernels.update({key: _refuse(name) for key in kernels})


def ban_pooling() -> int:
    """Put a refusal before every operator with "pool" in its name; returns how many.

    The registrations are held by a reference that no Python object shows, so that collecting, searching or
    deleting cannot undo them.
    """
    import torch

    _refuse_decompositions()
    names = [name for name in torch._C._dispatch_get_all_op_names() if "pool" in name]
    names = [name for name in names if name.split("::")[0] in ("aten", "quantized")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for space in ("aten", "quantized"):
            registrations = torch._C._dispatch_library("IMPL", space, "")
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(registrations))
            for name in names:
                if name.startswith(space + "::"):
                    for key in KEYS:
                        registrations.impl(name.split("::")[1], key, _refuse(name))
    return len(names)
