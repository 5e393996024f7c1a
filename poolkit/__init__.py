"""What pooling is: a small reference in numpy (:mod:`poolkit.reference`) and torch
(:mod:`poolkit.functional`), right in the corners where frameworks disagree.

>>> Window.of(3, stride=2, padding=1).output_size((5, 4))
(3, 2)
"""

from poolkit.errors import PoolingError
from poolkit.functional import avg_pool2d, max_pool2d
from poolkit.windows import Window, receptive_field

__all__ = ["PoolingError", "Window", "avg_pool2d", "max_pool2d", "receptive_field"]
