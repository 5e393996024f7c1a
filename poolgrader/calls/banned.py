"""Ban operators of torch: an operator with a banned word in its name raises an error, however it is called.

A learner's code in the same process can undo the ban, but that is more work than an honest answer. Nothing
else that protects the marks depends on this ban.
"""

from __future__ import annotations

import ctypes
import warnings
from collections.abc import Callable, Sequence
from typing import Any

KEYS = ("CPU", "AutogradCPU", "AutogradOther", "CompositeImplicitAutograd", "QuantizedCPU", "MkldnnCPU")


OPERATORS = "aten:"  # in a list of banned names, this prefix marks a word in the names of torch's operators


def operator_words(banned: Sequence[str]) -> tuple[str, ...]:
    """The words that may not be in the names of torch's operators, from a list of banned names.

    >>> operator_words(["scipy", "aten:sort"])
    ('sort',)
    """
    return tuple(sorted(name.removeprefix(OPERATORS) for name in banned if name.startswith(OPERATORS)))


class ForbiddenOperator(RuntimeError):
    """An operator that the question forbids was called."""


def _refuse(name: str) -> Callable[..., Any]:
    def refused(*args: Any, **keywords: Any) -> Any:
        raise ForbiddenOperator(f"torch's own operator ({name})")

    return refused


def _has(name: object, words: Sequence[str]) -> bool:
    return any(word in str(name) for word in words)


def _refuse_decompositions(words: Sequence[str]) -> None:
    """Ban the Python versions of operators, which torch has for its compiler."""
    import torch
    from torch import _decomp
    from torch._decomp import decompositions

    for name in [name for name in dir(decompositions) if _has(name, words)]:
        setattr(decompositions, name, _refuse(name))
    for table in _decomp.global_decomposition_table.values():
        for operator in [operator for operator in table if _has(operator, words)]:
            table[operator] = _refuse(str(operator))
    for name in [
        name
        for name in torch._C._dispatch_get_all_op_names()
        if name.startswith("aten::") and _has(name, words)
    ]:
        packet, _, overload = name.removeprefix("aten::").partition(".")
        kernels = getattr(getattr(torch.ops.aten, packet), overload or "default").py_kernels
        kernels.update({key: _refuse(name) for key in kernels})


def ban_operators(words: Sequence[str]) -> int:
    """Make every operator whose name has one of the words raise an error; returns the number of operators.

    The registrations are kept alive by an extra reference that no Python object holds. So garbage collection
    does not undo them, and a learner's code cannot find and delete them.
    """
    import torch

    _refuse_decompositions(words)
    names = [name for name in torch._C._dispatch_get_all_op_names() if _has(name, words)]
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
