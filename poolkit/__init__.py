"""Pooling, implemented twice: as plain loops in numpy (:mod:`poolkit.reference`) and for torch tensors
(:mod:`poolkit.functional`). Both give correct results in the corner cases where frameworks disagree.

>>> Window.of(3, stride=2, padding=1).output_size((5, 4))
(3, 2)
"""

# isort: off
# fmt: off
import importlib
from typing import TYPE_CHECKING, Any

from poolkit.bins import Bins
from poolkit.errors import PoolingError
from poolkit.windows import Window, receptive_field

if TYPE_CHECKING:
    from poolkit.blur import blur_pool2d, max_blur_pool2d, polyphase_pool2d
    from poolkit.functional import (
        adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d, adaptive_max_pool1d,
        adaptive_max_pool2d, adaptive_max_pool3d, avg_pool1d, avg_pool2d, avg_pool3d,
        fractional_max_pool2d, fractional_max_pool3d, gem_pool, global_avg_pool, global_lp_pool,
        global_max_pool, lp_pool1d, lp_pool2d, lp_pool3d, max_pool1d, max_pool2d, max_pool3d,
        max_unpool1d, max_unpool2d, max_unpool3d, stochastic_pool2d,
    )
    from poolkit.regions import attention_pool, roi_align, roi_pool, spatial_pyramid_pool

__all__ = [
    "Bins", "PoolingError", "Window", "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d",
    "adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d", "attention_pool", "avg_pool1d",
    "avg_pool2d", "avg_pool3d", "blur_pool2d", "fractional_max_pool2d", "fractional_max_pool3d",
    "gem_pool", "global_avg_pool", "global_lp_pool", "global_max_pool", "lp_pool1d", "lp_pool2d",
    "lp_pool3d", "max_blur_pool2d", "max_pool1d", "max_pool2d", "max_pool3d", "max_unpool1d",
    "max_unpool2d", "max_unpool3d", "polyphase_pool2d", "receptive_field", "roi_align", "roi_pool",
    "spatial_pyramid_pool", "stochastic_pool2d",
]

# Modules that need torch are imported at their first use, so that the numpy reference works without torch.
_IN_TORCH = {
    "poolkit.blur": (
        "blur_pool2d", "max_blur_pool2d", "polyphase_pool2d",
    ),
    "poolkit.functional": (
        "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "adaptive_max_pool1d",
        "adaptive_max_pool2d", "adaptive_max_pool3d", "avg_pool1d", "avg_pool2d", "avg_pool3d",
        "fractional_max_pool2d", "fractional_max_pool3d", "gem_pool", "global_avg_pool", "global_lp_pool",
        "global_max_pool", "lp_pool1d", "lp_pool2d", "lp_pool3d", "max_pool1d", "max_pool2d", "max_pool3d",
        "max_unpool1d", "max_unpool2d", "max_unpool3d", "stochastic_pool2d",
    ),
    "poolkit.regions": (
        "attention_pool", "roi_align", "roi_pool", "spatial_pyramid_pool",
    ),
}
_PLACES = {name: module for module, names in _IN_TORCH.items() for name in names}
_MODULES = frozenset(
    [
        "adaptive", "blur", "compiled", "dispatch", "fast", "figures", "functional", "inputs", "modules",
        "norms", "pictures", "reference", "regions", "sampling", "sliding", "steps", "unpool",
    ]
)


def __getattr__(name: str) -> Any:
    """Import a name of the package at its first use.

    Raises:
        AttributeError: if the package has no such name.
        ModuleNotFoundError: if the name needs torch, and torch is not installed.
    """
    if name in _PLACES:
        return getattr(importlib.import_module(_PLACES[name]), name)
    if name in _MODULES:
        return importlib.import_module(f"poolkit.{name}")
    raise AttributeError(f"module 'poolkit' has no attribute {name!r}")
