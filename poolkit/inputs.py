"""Checks of the torch tensor that a pooling gets, and the window that slides over it.

:func:`window_over` builds the window for a tensor from the pooling's arguments. If the padding is a rule such
as ``"same"``, its cells are computed from the lengths of the tensor's spatial axes.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from poolkit.errors import PoolingError
from poolkit.windows import Window

AXES_IN_WORDS = {1: "length", 2: "height, width", 3: "depth, height, width"}


def check_input(input: Tensor, axes: int, operation: str, integers: bool = False) -> None:
    """Refuse an input without (batch,) channel and spatial axes, or with an empty axis other than batch.

    >>> check_input(torch.zeros(4, 4), 2, "max_pool2d")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    poolkit.errors.PoolingError: max_pool2d: input: expected (batch,) channel, height, width, got 2 axes ...
    """
    if not isinstance(input, Tensor):
        raise PoolingError(operation, "input", "a tensor", type(input).__name__)
    check_shape(input.shape, input.dtype, axes, operation, integers)


def check_shape(
    shape: torch.Size, dtype: torch.dtype, axes: int, operation: str, integers: bool = False
) -> None:
    """Refuse what :func:`check_input` refuses, given only a tensor's shape and dtype."""
    if len(shape) not in (axes + 1, axes + 2):
        expected = f"(batch,) channel, {AXES_IN_WORDS[axes]}"
        raise PoolingError(operation, "input", expected, f"{len(shape)} axes", shape)
    if 0 in shape[-axes - 1 :]:
        got = f"{shape[-axes - 1]} channels of {tuple(shape[-axes:])}"
        raise PoolingError(operation, "input", "no empty axis but batch", got, shape)
    if not (dtype.is_floating_point or (integers and dtype != torch.bool and not dtype.is_complex)):
        expected = "floating point or integers" if integers else "floating point"
        raise PoolingError(operation, "input", expected, dtype, shape)


def window_over(input: Tensor, *arguments: Any, operation: str) -> Window:
    """Check an input and build the window that slides over it, from kernel size, stride, padding, ...

    The number of spatial axes is read from the operation's name.

    >>> window_over(torch.zeros(1, 4, 4), 2, operation="max_pool2d").kernel
    (2, 2)
    """
    check_input(input, int(operation[-2]), operation, integers=True)
    return window_over_shape(input.shape, input.dtype, *arguments, operation=operation)


def window_over_shape(shape: torch.Size, dtype: torch.dtype, *arguments: Any, operation: str) -> Window:
    """Do what :func:`window_over` does, given only a tensor's shape and dtype."""
    axes = int(operation[-2])
    check_shape(shape, dtype, axes, operation, integers=True)
    size = tuple(shape[-axes:])
    window = Window.of(*arguments, axes=axes, input_size=size, operation=operation)
    window.output_size(size)
    return window


def check_average(window: Window, shape: torch.Size, dtype: torch.dtype, divisor: int | None = None) -> None:
    """Refuse a divisor of 0, and the integers that torch does not average."""
    if divisor == 0:
        raise PoolingError(window.operation, "divisor_override", "any number but 0", 0, shape)
    if not dtype.is_floating_point and dtype != torch.int64:
        raise PoolingError(window.operation, "input", "floating point or int64", dtype, shape)
