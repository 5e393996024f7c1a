"""A list of calls of every public function, for tests that check the same property of all functions."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

import poolkit


@dataclass(frozen=True)
class Case:
    """One call of a public function: its name, its settings and the shape of its input.

    The first axis of the input is the batch. If ``unbatched`` is True, the function also accepts an input
    without this axis.
    """

    name: str
    settings: dict[str, Any]
    shape: tuple[int, ...]
    # Returns the tensors that the function takes after its input x, such as indices or boxes.
    extra: Callable[[Tensor], tuple[Any, ...]] = lambda x: ()
    unbatched: bool = True
    variant: str = ""

    def __str__(self) -> str:
        return self.name + (f"-{self.variant}" if self.variant else "")

    @property
    def seed(self) -> int:
        return zlib.crc32(str(self).encode())

    def input(self, dtype: torch.dtype = torch.float64) -> Tensor:
        """Return distinct values other than 0, so that maxima are unique and norms are differentiable."""
        generator = torch.Generator().manual_seed(self.seed)
        cells = torch.Size(self.shape).numel()
        values = (torch.randperm(cells, generator=generator) - cells / 2 + 0.25) * (8 / cells)
        return values.view(self.shape).to(dtype)

    def __call__(self, x: Tensor) -> Any:
        return getattr(poolkit, self.name)(x, *self.extra(x), **self.settings)

    def value(self, x: Tensor) -> Tensor:
        result = self(x)
        assert isinstance(result, Tensor)
        return result


def _indices(axes: int, length: int) -> Callable[[Tensor], tuple[Any, ...]]:
    """Return a function that makes distinct indices below ``length`` for each plane of an input.

    The indices are the same in all planes.
    """

    def of(x: Tensor) -> tuple[Any, ...]:
        order = torch.randperm(length, generator=torch.Generator().manual_seed(1))
        places = order[: x.shape[-axes:].numel()].view(x.shape[-axes:])
        return (places.expand(x.shape).to(x.device),)

    return of


def _boxes(x: Tensor) -> tuple[Any, ...]:
    corners = [[0, 0.6, 1.2, 4.3, 5.1], [1, -2.0, 0.0, 3.2, 2.9], [1, 2.2, 2.0, 9.0, 5.5]]
    return (torch.tensor(corners, dtype=torch.float32, device=x.device),)


def _scores(x: Tensor) -> tuple[Any, ...]:
    scores = torch.linspace(-1, 1, x.shape[:-1].numel(), dtype=x.dtype, device=x.device)
    return (scores.view(x.shape[:-1]),)


SHAPES = {1: (2, 2, 9), 2: (2, 2, 6, 5), 3: (2, 2, 4, 5, 4)}
CASES: list[Case] = []
for axes, shape in SHAPES.items():
    window = {"kernel_size": 3, "stride": 2, "padding": 1}
    beyond = {"kernel_size": 2, "stride": 1, "padding": ((1, 0),) * axes, "dilation": 2}
    for pool, given in (("max", {}), ("avg", {}), ("lp", {"norm_type": 3})):
        plain = window if pool != "lp" else {"kernel_size": 3, "stride": 2, "ceil_mode": True}
        CASES.append(Case(f"{pool}_pool{axes}d", {**plain, **given}, shape))
        CASES.append(Case(f"{pool}_pool{axes}d", {**beyond, **given}, shape, variant="beyond"))
    CASES.append(Case(f"adaptive_avg_pool{axes}d", {"output_size": 3}, shape))
    CASES.append(Case(f"adaptive_max_pool{axes}d", {"output_size": 3}, shape))
    cells = torch.Size([4] * axes).numel()
    unpool = {"kernel_size": 2, "stride": 2}
    CASES.append(Case(f"max_unpool{axes}d", unpool, (2, 2, *[2] * axes), _indices(axes, cells)))
CASES += [
    Case("fractional_max_pool2d", {"kernel_size": 2, "output_size": 3}, SHAPES[2]),
    Case("fractional_max_pool3d", {"kernel_size": 2, "output_size": 2}, SHAPES[3]),
    Case("stochastic_pool2d", {"kernel_size": 2}, SHAPES[2]),
    Case("stochastic_pool2d", {"kernel_size": 2, "training": False}, SHAPES[2], variant="expected"),
    Case("global_avg_pool", {}, SHAPES[2], unbatched=False),
    Case("global_max_pool", {}, SHAPES[2], unbatched=False),
    Case("global_lp_pool", {"norm_type": 2.5}, SHAPES[2], unbatched=False),
    Case("gem_pool", {"p": 2.5}, SHAPES[2], unbatched=False),
    Case("blur_pool2d", {"filter_size": 4}, SHAPES[2]),
    Case("max_blur_pool2d", {"padding_mode": "replicate"}, SHAPES[2]),
    Case("polyphase_pool2d", {}, (2, 2, 6, 4)),
    Case("spatial_pyramid_pool", {"levels": (1, 2)}, SHAPES[2]),
    Case("spatial_pyramid_pool", {"levels": (1, 3), "mode": "avg"}, SHAPES[2], variant="avg"),
    Case("roi_pool", {"output_size": (2, 3)}, SHAPES[2], _boxes, unbatched=False),
    Case("roi_align", {"output_size": (2, 3), "aligned": True}, SHAPES[2], _boxes, unbatched=False),
    Case("roi_align", {"output_size": 2, "sampling_ratio": 2}, SHAPES[2], _boxes, False, "fixed"),
    Case("attention_pool", {}, (2, 4, 3), _scores),
]
IDS = [str(case) for case in CASES]
