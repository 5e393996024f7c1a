"""What pooling is: a small reference in numpy (:mod:`poolkit.reference`) and torch
(:mod:`poolkit.functional`), right in the corners where frameworks disagree.

>>> Window.of(3, stride=2, padding=1).output_size((5, 4))
(3, 2)
"""

# isort: off
# fmt: off
from poolkit.bins import Bins
from poolkit.blur import blur_pool2d, max_blur_pool2d, polyphase_pool2d
from poolkit.errors import PoolingError
from poolkit.functional import (
    adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d, adaptive_max_pool1d, adaptive_max_pool2d,
    adaptive_max_pool3d, avg_pool1d, avg_pool2d, avg_pool3d, fractional_max_pool2d, fractional_max_pool3d,
    gem_pool, global_avg_pool, global_lp_pool, global_max_pool, lp_pool1d, lp_pool2d, lp_pool3d, max_pool1d,
    max_pool2d, max_pool3d, max_unpool1d, max_unpool2d, max_unpool3d, stochastic_pool2d,
)
from poolkit.regions import attention_pool, roi_align, roi_pool, spatial_pyramid_pool
from poolkit.windows import Window, receptive_field

__all__ = [
    "Bins", "PoolingError", "Window", "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d",
    "adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d", "attention_pool", "avg_pool1d",
    "avg_pool2d", "avg_pool3d", "blur_pool2d", "fractional_max_pool2d", "fractional_max_pool3d",
    "gem_pool", "global_avg_pool", "global_lp_pool", "global_max_pool", "lp_pool1d", "lp_pool2d",
    "lp_pool3d", "max_blur_pool2d", "max_pool1d", "max_pool2d", "max_pool3d", "max_unpool1d",
    "max_unpool2d", "max_unpool3d", "polyphase_pool2d", "receptive_field", "roi_align", "roi_pool",
    "spatial_pyramid_pool", "stochastic_pool2d",
]
