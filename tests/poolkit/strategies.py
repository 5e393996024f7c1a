"""Strategies for hypothesis: windows that torch accepts, inputs that they fit into, and special numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import assume
from hypothesis import strategies as st

from poolkit.errors import PoolingError
from poolkit.windows import Window

# Only few values, so that ties are common. Zeros of both signs, so that tests notice a wrong sign of a zero.
PLAIN = (-2.0, -1.0, -0.0, 0.0, 1.0, 2.0, 0.5)
AWKWARD = (*PLAIN, float("nan"), float("inf"), float("-inf"))


@dataclass(frozen=True)
class Setting:
    """A window, as the arguments of torch's functions, and the shape of an input into which it fits."""

    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: Any
    dilation: tuple[int, ...]
    ceil_mode: bool
    shape: tuple[int, ...]

    @property
    def axes(self) -> int:
        return len(self.kernel_size)

    @property
    def size(self) -> tuple[int, ...]:
        return self.shape[-self.axes :]

    @property
    def window(self) -> Window:
        return Window.of(
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            self.ceil_mode,
            axes=self.axes,
            input_size=self.size,
        )


@st.composite
def settings(
    draw: st.DrawFn, axes: int, dilated: bool = True, beyond_torch: bool = False, batch: bool = True
) -> Setting:
    """Draw a setting of a window and an input.

    With ``beyond_torch`` the padding may also be (before, after) pairs or a rule such as "same", which torch
    does not accept.
    """
    per_axis = st.tuples(*[st.integers(1, 4)] * axes)
    kernel_size = draw(per_axis)
    stride = draw(per_axis)
    dilation = draw(st.tuples(*[st.integers(1, 3)] * axes)) if dilated else (1,) * axes
    padding: Any = tuple(draw(st.integers(0, k // 2)) for k in kernel_size)
    if beyond_torch:
        pairs = st.tuples(*[st.tuples(st.integers(0, 3), st.integers(0, 3))] * axes)
        rules = st.sampled_from(["valid", "same", "same_upper", "same_lower"])
        padding = draw(st.one_of(st.just(padding), pairs, rules))
    # Inputs with more axes are shorter along each axis, so that tests take about the same time.
    size = draw(st.tuples(*[st.integers(1, {1: 12, 2: 7, 3: 5}[axes])] * axes))
    lead = (draw(st.integers(0, 2)), draw(st.integers(1, 2))) if batch else (draw(st.integers(1, 2)),)
    setting = Setting(kernel_size, stride, padding, dilation, draw(st.booleans()), (*lead, *size))
    try:
        setting.window.output_size(size)
    except PoolingError:
        assume(False)
    return setting


@st.composite
def arrays(
    draw: st.DrawFn, shape: tuple[int, ...], values: tuple[float, ...] = PLAIN
) -> npt.NDArray[np.float64]:
    """Draw an array of some given values: hypothesis draws a seed, and numpy's generator fills the array."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return generator.choice(np.array(values), size=shape)
