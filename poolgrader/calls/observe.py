"""Call a learner's answer and record everything that can be observed.

Both the notebook and the jail use this.
"""

from __future__ import annotations

import contextlib
import linecache
import os
import sys
import sysconfig
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

import poolgrader
from poolgrader.calls.banned import OPERATORS, ForbiddenOperator, operator_words
from poolgrader.calls.values import Array, Call, Failure, Observation, Plain, describe, materialise

MESSAGE_LIMIT = 300
# Kept here, so that a learner who replaces these functions of numpy does not affect other answers.
_array_equal, _may_share_memory = np.array_equal, np.may_share_memory
# Folders of Python's standard library, of installed packages, and of the grader.
NOT_THE_LEARNERS = tuple(
    str(folder) + os.sep
    for folder in (
        sysconfig.get_path("stdlib"),
        sys.prefix,
        Path(np.__file__).parent.parent,
        Path(poolgrader.__file__).parent,
        Path(poolgrader.__file__).resolve().parent,
    )
    if folder
)
# Functions of torch that can run any operator, so that their names do not show whether it is a banned one.
UNNAMED = ("torch._ops.", "torch.jit.")


def observe(call: Call, namespace: Mapping[str, Any]) -> Observation:
    """Make the call in the learner's namespace.

    Whatever error the learner's code raises becomes part of the observation. Only KeyboardInterrupt is passed
    on: with it the watchdog stops a call that takes too long.
    """
    if call.name not in namespace:
        return Observation(failure=not_defined(call.name))
    answer = namespace[call.name]
    try:
        if call.kind == "value":
            return Observation(value=describe(_part(answer, call.part)))
        first = _run(call, answer)
        if not call.again:
            return first
        with _watch(call.forbidden, call.library) as seen:
            second = _run(call, answer)
    except ForbiddenOperator as error:
        return Observation(forbidden=str(error))
    except Exception as error:  # noqa: BLE001 - whatever a learner's code raises is an observation
        return Observation(failure=failure_of(error))
    except SystemExit as error:
        return Observation(failure=Failure("SystemExit", f"the code asked to exit ({error.code})"))
    return Observation(
        first.value,
        gradients=first.gradients,
        mutated=first.mutated,
        aliases=first.aliases,
        repeatable=same(first.value, second.value),
        forbidden=_delegated(seen, call, first.value),
    )


def _delegated(seen: Sequence[str], call: Call, value: Plain) -> str:
    """The forbidden call for which an answer gets no marks, or "". Ready-made answers are named first.

    If a numpy question is answered with torch, the result is also "" if a tensor comes back and nothing was
    called that is banned in torch too. The judge then reports the tensor instead.
    """
    words = operator_words(call.forbidden)
    ready_made = [name for name in seen if not merely_torch(name, words)]
    if call.library == "numpy" and not ready_made and tensor_in(value):
        return ""
    return next(iter([*ready_made, *seen]), "")


def merely_torch(name: str, words: Sequence[str]) -> bool:
    """Whether a forbidden call is one of torch, but not one whose name has a banned word."""
    return (
        name.startswith("torch") and not any(word in name for word in words) and not name.startswith(UNNAMED)
    )


def tensor_in(value: Plain) -> Array | None:
    """The first torch tensor in a described value, or None."""
    if isinstance(value, list | tuple):
        return next(filter(None, map(tensor_in, value)), None)
    return value if isinstance(value, Array) and value.library == "torch" else None


def not_defined(name: str) -> Failure:
    """The failure that is observed if the name that should be called is not defined."""
    return Failure("NameError", f"{name} is not defined")


def _part(value: Any, indices: tuple[int, ...]) -> Any:
    for index in indices:
        if value is None:  # the question is not answered yet
            return None
        value = value[index]
    return value


def _run(call: Call, answer: Any) -> Observation:
    with_gradient = call.kind == "gradient"
    args = [materialise(value, call.library, with_gradient) for value in call.args]
    keywords = {key: materialise(value, call.library) for key, value in call.keywords.items()}
    if call.kind == "module":
        answer = answer(**{key: materialise(value, call.library) for key, value in call.init.items()})
    before = [describe(value) for value in args]
    output = _part(answer(*args, **keywords), call.part)
    value = describe(output)
    mutated = tuple(
        position
        for position, (was, now) in enumerate(zip(before, args, strict=True))
        if not same(was, describe(now))
    )
    gradients = _gradients(output, args, call.cotangent) if with_gradient else ()
    return Observation(value, gradients=gradients, mutated=mutated, aliases=_aliases(output, args))


def _gradients(output: Any, args: list[Any], cotangent: Array | None) -> tuple[Array | None, ...]:
    if cotangent is None or not getattr(output, "requires_grad", False):
        return (None,) * len(args)
    if tuple(output.shape) != cotangent.shape:
        return (None,) * len(args)
    output.backward(materialise(cotangent, "torch").to(output))
    found = [describe(getattr(value, "grad", None)) for value in args]
    return tuple(value if isinstance(value, Array) else None for value in found)


def _aliases(output: Any, args: list[Any]) -> bool:
    mine = _memory(output)
    return mine is not None and any(
        theirs is not None and _may_share_memory(mine, theirs) for theirs in map(_memory, args)
    )


def _memory(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value
    if hasattr(value, "detach") and getattr(value, "device", None) is not None and value.device.type == "cpu":
        with contextlib.suppress(
            TypeError, RuntimeError
        ):  # bfloat16 has no numpy view, so nothing is known then
            return value.detach().numpy()
    return None


def same(left: Plain, right: Plain) -> bool:
    """Whether two described values are exactly equal; NaN equals NaN."""
    if isinstance(left, Array) and isinstance(right, Array):
        return (left.dtype, left.shape) == (right.dtype, right.shape) and bool(
            _array_equal(left.data, right.data, equal_nan=left.data.dtype.kind == "f")
        )
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) and isinstance(right, float):
        return left == right or (left != left and right != right)
    return type(left) is type(right) and bool(left == right)


def failure_of(error: BaseException) -> Failure:
    """The exception's type and message, and the innermost line of the learner's own code in its traceback."""
    line, number = "", 0
    for frame, at in traceback.walk_tb(error.__traceback__):
        if is_learners(frame):
            line = linecache.getline(frame.f_code.co_filename, at).strip() or line
            number = at
    try:
        message = str(error)[:MESSAGE_LIMIT]
    except Exception:  # noqa: BLE001 - a learner's exception class may have a broken __str__
        message = "(its message cannot be shown)"
    return Failure(type(error).__name__, message, line[:MESSAGE_LIMIT], number)


def is_learners(frame: FrameType) -> bool:
    """Whether a frame runs the learner's own code: a cell, or a file that belongs neither to Python,
    nor to a package, nor to the grader.
    """
    name = frame.f_code.co_filename
    if name.startswith("<"):
        return not name.startswith(("<frozen ", "<__array_function__"))
    return "ipykernel" in name or not (name.startswith(NOT_THE_LEARNERS) or "site-packages" in name)


@contextlib.contextmanager
def _watch(forbidden: tuple[str, ...], library: str) -> Iterator[list[str]]:
    """Record forbidden calls: into modules by their dotted names, and of torch's operators by words in
    their names (the entries of `forbidden` that begin with "aten:").
    """
    seen: list[str] = []
    modules = tuple(name for name in forbidden if not name.startswith(OPERATORS))
    words = operator_words(forbidden) if library == "torch" else ()

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call":
            module, name = frame.f_globals.get("__name__", ""), frame.f_code.co_name
        elif event == "c_call":
            owner = getattr(argument, "__self__", None)
            module = getattr(argument, "__module__", None) or type(owner).__module__
            name = getattr(argument, "__name__", "")
        else:
            return
        if isinstance(module, str) and any(module == one or module.startswith(one + ".") for one in modules):
            seen.append(f"{module}.{name}")

    operators = _watch_operators(seen, words) if words else contextlib.nullcontext()
    before = sys.getprofile()
    with operators:
        if modules:
            sys.setprofile(note)
        try:
            yield seen
        finally:
            sys.setprofile(before)


@contextlib.contextmanager
def _watch_operators(seen: list[str], words: tuple[str, ...]) -> Iterator[None]:
    """Record torch's operators, however they are called: the profiler sees whatever the dispatcher runs."""
    import torch

    with torch.autograd.profiler.profile() as record:
        yield
    names = [event.name for event in record.function_events]
    seen.extend(f"torch's own operator ({name})" for name in names if any(word in name for word in words))
