"""Keras's and JAX's references: poolkit agrees with them on all settings that it shares with them.

Keras and JAX are large packages, which only `make conformance` installs. Without them, pytest skips these
tests.
"""

from __future__ import annotations

import itertools
import os
from typing import Any

import numpy as np
import pytest
import torch

import poolkit
from poolkit import Window
from tests.poolkit.score import Score

pytestmark = pytest.mark.peers
WINDOWS = [(n, k, s) for n in (5, 6) for k in (1, 2, 3, 4) for s in (1, 2, 3)]
RULES = {"VALID": "valid", "SAME": "same", "SAME_LOWER": "same_lower"}


def draw(*shape: int) -> np.ndarray[Any, Any]:
    return np.random.default_rng(len(shape)).normal(size=shape)


def poolkit_on_channels_last(name: str, x: np.ndarray[Any, Any], *arguments: Any, **settings: Any) -> Any:
    """Call a pooling of poolkit on an array whose last axis is the channel, and keep this layout."""
    axes = x.ndim - 2
    first = torch.from_numpy(x).movedim(-1, 1)
    y = getattr(poolkit, f"{name}_pool{axes}d")(first, *arguments, **settings)
    return y.movedim(1, -1).numpy()


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize(("pool", "module"), [("max", "max_pooling_test"), ("avg", "average_pooling_test")])
def test_keras(pool: str, module: str, axes: int, score: Score) -> None:
    os.environ.setdefault("KERAS_BACKEND", "numpy")
    keras = pytest.importorskip(f"keras.src.layers.pooling.{module}")
    reference = getattr(keras, f"np_{pool}pool{axes}d")
    for (n, k, s), rule in itertools.product(WINDOWS, ("valid", "same")):
        window = Window.of(k, s, rule, axes=1, input_size=(n,))
        # Keras's reference pads only at the end, so skip windows that need more than one cell of padding.
        if k > n or sum(window.padding[0]) > 1:
            continue
        # Keras's reference averages a copy of the border cell too, so skip windows where the mean differs.
        if pool == "avg" and any(window.padding[0]) and k > 2:
            continue
        x = draw(2, *[n] * axes, 3)
        score.total += 1
        expected = reference(x, k if axes == 1 else (k,) * axes, s, rule, "channels_last")
        settings = {} if pool == "max" else {"count_include_pad": False}
        got = poolkit_on_channels_last(pool, x, k, s, rule, **settings)
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12)
        score.passed += 1


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("pool", ["max", "avg", "lp"])
def test_jax(pool: str, axes: int, score: Score) -> None:
    lax = pytest.importorskip("jax._src.lax_reference")
    pairs = [((1, 0),) * axes, ((2, 1),) * axes]
    for (n, k, s), rule in itertools.product(WINDOWS, [*RULES, *pairs]):
        if k > n:
            continue
        x = draw(2, *[n] * axes, 3)
        dims, strides = (1, *[k] * axes, 1), (1, *[s] * axes, 1)
        pads = rule if isinstance(rule, str) else ((0, 0), *rule, (0, 0))
        window = (dims, strides, pads, None)
        score.total += 1
        settings: dict[str, Any] = {"padding": RULES.get(rule, rule) if isinstance(rule, str) else rule}
        if pool == "max":
            expected = lax.reduce_window(x, -np.inf, np.maximum, *window)
            got = poolkit_on_channels_last("max", x, k, s, **settings)
        elif pool == "avg":
            sums, counts = (lax.reduce_window(array, 0.0, np.add, *window) for array in (x, np.ones_like(x)))
            # JAX has no average: the caller divides sums by the numbers of cells.
            expected = sums / np.maximum(counts, 1)
            got = poolkit_on_channels_last("avg", x, k, s, count_include_pad=False, **settings)
        else:
            expected = np.sqrt(lax.reduce_window(x**2, 0.0, np.add, *window))
            got = poolkit_on_channels_last("lp", x, 2, k, s, **settings)
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12)
        score.passed += 1
