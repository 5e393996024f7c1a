"""Measures small nets, given as lists of layers: parameters, multiplications, the effect of a shift.

The notebook contains a copy of `measure`; a test checks that the copy is the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def measure(layers: Any, image: Any, seed: int = 0) -> tuple[int, int, float, list[int]]:
    """Return parameters, multiplications, the largest change by a shift of one pixel,
    and cells seen by each conv.
    """
    rng = np.random.default_rng(seed)
    weights: list[Any] = []
    counts, seen = [0, 0], []

    def run(x: Any) -> Any:
        first = not weights
        for place, (kind, *sizes) in enumerate(layers):
            if first:
                weights.append(None)
            if kind == "conv":  # 3 by 3, the border is a ring, then the positive part
                cells = np.stack([np.roll(x, (1 - i, 1 - j), (1, 2)) for i in range(3) for j in range(3)])
                if first:
                    weights[place] = rng.normal(size=(sizes[0], 9, x.shape[0])) / 3
                    counts[0] += weights[place].size + sizes[0]
                    counts[1] += weights[place].size * x.shape[1] * x.shape[2]
                    seen.append(min(x.shape[1:]))
                x = np.maximum(np.tensordot(weights[place], cells, ((1, 2), (0, 1))), 0)
            elif kind in ("max", "average"):  # windows of k by k, stride s, the border is a ring
                k, s = sizes
                windows = np.stack([np.roll(x, (-i, -j), (1, 2)) for i in range(k) for j in range(k)])
                x = (windows.max(axis=0) if kind == "max" else windows.mean(axis=0))[:, ::s, ::s]
            elif kind == "blur":  # (1, 2, 1) / 4 along both axes, stride s
                for axis in (1, 2):
                    x = (np.roll(x, 1, axis) + 2 * x + np.roll(x, -1, axis)) / 4
                x = x[:, :: sizes[0], :: sizes[0]]
            elif kind == "polyphase":  # of the s * s phases the one with the greatest sum of squares
                phases = [
                    x[:, i :: sizes[0], j :: sizes[0]] for i in range(sizes[0]) for j in range(sizes[0])
                ]
                x = max(phases, key=lambda phase: float(np.sum(phase**2)))
            elif kind == "global":  # the mean of each channel
                x = x.mean(axis=(1, 2))
            else:  # linear: everything that is left, strung together
                if first:
                    weights[place] = rng.normal(size=(sizes[0], x.size)) / np.sqrt(x.size)
                    counts[0] += weights[place].size + sizes[0]
                    counts[1] += weights[place].size
                x = weights[place] @ x.ravel()
        return x

    answer = run(image)
    moved = [run(np.roll(image, shift, (1, 2))) for shift in ((0, 1), (1, 0), (1, 1), (0, -1))]
    change = max(float(np.abs(one - answer).max()) for one in moved) / max(float(np.abs(answer).max()), 1e-12)
    return counts[0], counts[1], change, seen
