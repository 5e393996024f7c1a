"""The pooling functions as modules: each keeps its settings and calls the function named in its docstring."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from poolkit import blur, functional, regions


class Pooling(nn.Module):
    """A pooling function with fixed settings; subclasses take the same arguments as torch's modules.

    :param settings: The function's arguments after its tensors, in the order of torch's module.
    :param named: The same arguments, by keyword.

    >>> MaxPool2d(2, stride=1, ceil_mode=True)
    MaxPool2d(kernel_size=2, stride=1, ceil_mode=True)
    >>> MaxPool2d(2)(torch.tensor([[[1, 3], [4, 0]]]))
    tensor([[[4]]])
    """

    function: ClassVar[Callable[..., Any]]
    __signature__: ClassVar[inspect.Signature] = inspect.Signature()

    def __init__(self, *settings: Any, **named: Any) -> None:
        super().__init__()
        self.settings: dict[str, Any] = dict(self.__signature__.bind(*settings, **named).arguments)

    def forward(self, *tensors: Tensor, **later: Any) -> Any:
        """Call the function on tensors; ``later`` are settings that hold for this call alone."""
        mode = {"training": self.training} if "training" in self.__signature__.parameters else {}
        return type(self).function(*tensors, **{**mode, **self.settings, **later})

    def extra_repr(self) -> str:
        """Show the settings."""
        return ", ".join(f"{name}={value!r}" for name, value in self.settings.items())


def _pooling(name: str, function: Callable[..., Any], tensors: int = 1, swap: bool = False) -> type[Pooling]:
    """Make the module class of a function that takes so many tensors before its settings.

    ``swap`` exchanges the order of ceil_mode and return_indices.
    """
    settings = list(inspect.signature(function).parameters.values())[tensors:]
    if swap:  # torch's max pooling modules take return_indices before ceil_mode, unlike its functions
        settings[-3:-1] = reversed(settings[-3:-1])
    doc = f":func:`~{function.__module__}.{function.__name__}` as a module."
    body = {"function": staticmethod(function), "__signature__": inspect.Signature(settings)}
    return type(name, (Pooling,), body | {"__doc__": doc, "__module__": __name__})


MaxPool1d = _pooling("MaxPool1d", functional.max_pool1d, swap=True)
MaxPool2d = _pooling("MaxPool2d", functional.max_pool2d, swap=True)
MaxPool3d = _pooling("MaxPool3d", functional.max_pool3d, swap=True)
AvgPool1d = _pooling("AvgPool1d", functional.avg_pool1d)
AvgPool2d = _pooling("AvgPool2d", functional.avg_pool2d)
AvgPool3d = _pooling("AvgPool3d", functional.avg_pool3d)
LPPool1d = _pooling("LPPool1d", functional.lp_pool1d)
LPPool2d = _pooling("LPPool2d", functional.lp_pool2d)
LPPool3d = _pooling("LPPool3d", functional.lp_pool3d)
AdaptiveAvgPool1d = _pooling("AdaptiveAvgPool1d", functional.adaptive_avg_pool1d)
AdaptiveAvgPool2d = _pooling("AdaptiveAvgPool2d", functional.adaptive_avg_pool2d)
AdaptiveAvgPool3d = _pooling("AdaptiveAvgPool3d", functional.adaptive_avg_pool3d)
AdaptiveMaxPool1d = _pooling("AdaptiveMaxPool1d", functional.adaptive_max_pool1d)
AdaptiveMaxPool2d = _pooling("AdaptiveMaxPool2d", functional.adaptive_max_pool2d)
AdaptiveMaxPool3d = _pooling("AdaptiveMaxPool3d", functional.adaptive_max_pool3d)
MaxUnpool1d = _pooling("MaxUnpool1d", functional.max_unpool1d, tensors=2)
MaxUnpool2d = _pooling("MaxUnpool2d", functional.max_unpool2d, tensors=2)
MaxUnpool3d = _pooling("MaxUnpool3d", functional.max_unpool3d, tensors=2)
FractionalMaxPool2d = _pooling("FractionalMaxPool2d", functional.fractional_max_pool2d)
FractionalMaxPool3d = _pooling("FractionalMaxPool3d", functional.fractional_max_pool3d)
GlobalAvgPool = _pooling("GlobalAvgPool", functional.global_avg_pool)
GlobalMaxPool = _pooling("GlobalMaxPool", functional.global_max_pool)
GlobalLPPool = _pooling("GlobalLPPool", functional.global_lp_pool)
BlurPool2d = _pooling("BlurPool2d", blur.blur_pool2d)
MaxBlurPool2d = _pooling("MaxBlurPool2d", blur.max_blur_pool2d)
PolyphasePool2d = _pooling("PolyphasePool2d", blur.polyphase_pool2d)
SpatialPyramidPool = _pooling("SpatialPyramidPool", regions.spatial_pyramid_pool)
RoIPool = _pooling("RoIPool", regions.roi_pool, tensors=2)
RoIAlign = _pooling("RoIAlign", regions.roi_align, tensors=2)
StochasticPool2d = _pooling("StochasticPool2d", functional.stochastic_pool2d)


class GeMPool(nn.Module):
    """:func:`~poolkit.norms.gem_pool` with an exponent that is learned.

    :param p: The exponent at the start of training.
    :param eps: Smaller values are replaced by ``eps``.
    :param channels: The number of exponents: one for each channel, or 1 for a single exponent for all.

    >>> GeMPool(p=2.0)
    GeMPool(p=2.0, eps=1e-06)
    """

    def __init__(self, p: float = 3.0, eps: float = 1e-6, channels: int = 1) -> None:
        super().__init__()
        self.p = nn.Parameter(torch.full((channels,), float(p)))
        self.eps = eps

    def forward(self, input: Tensor) -> Tensor:
        """Pool batch, channel, any spatial axes."""
        return functional.gem_pool(input, self.p, self.eps)

    def extra_repr(self) -> str:
        """Show the current exponent and ``eps``."""
        p = self.p.tolist() if self.p.numel() > 1 else self.p.item()
        return f"p={p}, eps={self.eps}"


class AttentionPool(nn.Module):
    """:func:`~poolkit.regions.attention_pool` with scores that are learned: ``w tanh(V x)``.

    :param features: The number of features of an item.
    :param hidden: The number of rows of ``V``.

    Source: Ilse, Tomczak and Welling 2018, "Attention-based Deep Multiple Instance Learning".

    >>> AttentionPool(4, hidden=8)(torch.zeros(2, 3, 4)).shape
    torch.Size([2, 4])
    """

    def __init__(self, features: int, hidden: int = 128) -> None:
        super().__init__()
        self.score = nn.Sequential(
            nn.Linear(features, hidden, bias=False), nn.Tanh(), nn.Linear(hidden, 1, bias=False)
        )

    def forward(self, input: Tensor, mask: Tensor | None = None) -> Tensor:
        """Pool (batch,) item, feature; the mask is True for the items that count."""
        return regions.attention_pool(input, self.score(input).squeeze(-1), mask)
