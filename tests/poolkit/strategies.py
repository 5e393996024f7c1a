"""What hypothesis draws: windows that torch accepts, inputs that they fit, and awkward numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import assume
from hypothesis import strategies as st

from poolkit.errors import PoolingError
from poolkit.windows import Window

# Few distinct values, so that ties are common; the two zeros, so that their signs are watched.
PLAIN = (-2.0, -1.0, -0.0, 0.0, 1.0, 2.0, 0.5)
AWKWARD = (*PLAIN, float("nan"), float("inf"), float("-inf"))


@dataclass(frozen=True)
class Setting:
    """A window in the arguments of torch's functions, and a shape that it fits."""

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
    """Draw a setting; ``beyond_torch`` adds padding by pairs and rules to torch's own."""
    per_axis = st.tuples(*[st.integers(1, 4)] * axes)
    kernel_size = draw(per_axis)
    stride = draw(per_axis)
    dilation = draw(st.tuples(*[st.integers(1, 3)] * axes)) if dilated else (1,) * axes
    padding: Any = tuple(draw(st.integers(0, k // 2)) for k in kernel_size)
    if beyond_torch:
        pairs = st.tuples(*[st.tuples(st.integers(0, 3), st.integers(0, 3))] * axes)
        rules = st.sampled_from(["valid", "same", "same_upper", "same_lower"])
        padding = draw(st.one_of(st.just(padding), pairs, rules))
    # The longest axis depends on the rank, so that every rank costs about the same.
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
    """Draw an array of few values; the shape is filled from a drawn seed, which hypothesis keeps."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return generator.choice(np.array(values), size=shape)
