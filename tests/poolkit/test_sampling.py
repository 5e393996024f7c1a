"""Fractional pooling agrees with poolkit's reference, and stochastic pooling with a loop over the taps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import poolkit
from poolkit import Bins, PoolingError, reference
from tests.poolkit.strategies import AWKWARD, PLAIN, Setting, arrays, settings


@given(data=st.data(), axes=st.integers(2, 3))
def test_fractional_equals_the_reference(data: st.DataObject, axes: int) -> None:
    kernel = data.draw(st.tuples(*[st.integers(1, 3)] * axes))
    outputs = data.draw(st.tuples(*[st.integers(1, 3)] * axes))
    more = data.draw(st.tuples(*[st.integers(0, 3)] * axes))
    size = tuple(k + o + m for k, o, m in zip(kernel, outputs, more, strict=True))
    x = data.draw(arrays((1, 1, *size), AWKWARD))
    u = np.random.default_rng(data.draw(st.integers(0, 99))).random(axes)
    # In 2D the first of torch's random numbers is for the width; in 3D they are in the order of the axes.
    samples = torch.from_numpy(u[::-1].copy() if axes == 2 else u).view(1, 1, axes)
    values, indices = getattr(poolkit, f"fractional_max_pool{axes}d")(
        torch.from_numpy(x), kernel, outputs, return_indices=True, _random_samples=samples
    )
    bins = Bins.fractional(size, kernel, outputs, tuple(u))
    expected, places = reference.max_pool(x, bins, return_indices=True)
    np.testing.assert_array_equal(values.numpy(), expected)
    np.testing.assert_array_equal(indices.numpy(), places)


def draw_by_loops(x: np.ndarray, setting: Setting, u: np.ndarray) -> np.ndarray:
    window = setting.window
    y = np.zeros(u.shape)
    for sample in np.ndindex(x.shape[:-2]):
        for o in np.ndindex(window.output_size(setting.size)):
            taps = [x[sample][tap] for tap in window.taps(o, setting.size)]
            total, running = sum(max(tap, 0) for tap in taps), 0.0
            for tap in taps:
                running += max(tap, 0)
                if running > u[sample][o] * total:
                    y[sample][o] = tap
                    break
    return y


@given(data=st.data())
def test_stochastic_equals_the_loops(data: st.DataObject) -> None:
    setting: Setting = data.draw(settings(2, beyond_torch=True, batch=False))
    x = data.draw(arrays(setting.shape, PLAIN))
    arguments = (setting.kernel_size, setting.stride, setting.padding, setting.dilation, setting.ceil_mode)
    expected_value = poolkit.stochastic_pool2d(torch.from_numpy(x), *arguments, training=False)
    u = data.draw(arrays(tuple(expected_value.shape), (0.0, 0.3, 0.6, 0.99)))
    got = poolkit.stochastic_pool2d(torch.from_numpy(x), *arguments, samples=torch.from_numpy(u))
    np.testing.assert_array_equal(got.numpy(), draw_by_loops(x, setting, u))
    for sample in np.ndindex(setting.shape[:-2]):
        for o in np.ndindex(u.shape[-2:]):
            taps = np.array([x[sample][tap] for tap in setting.window.taps(o, setting.size)])
            total = taps.clip(0).sum()
            mean = (taps.clip(0) * taps).sum() / total if total else 0
            np.testing.assert_allclose(expected_value[(*sample, *o)].item(), mean, atol=1e-12)


def test_stochastic_draws_in_proportion_to_values() -> None:
    x = torch.tensor([[[1.0, 3.0]]]).expand(1, 4000, 2).contiguous()
    torch.manual_seed(0)
    drawn = poolkit.stochastic_pool2d(x, (1, 2))
    # The tolerance is five standard deviations of the share of threes in 4000 draws with probability 3/4.
    assert abs((drawn == 3).double().mean().item() - 0.75) < 0.034


@pytest.mark.parametrize(
    "pool",
    [
        lambda x: poolkit.stochastic_pool2d(x, 2),
        lambda x: poolkit.fractional_max_pool2d(x, 2, 8),
        lambda x: poolkit.fractional_max_pool3d(x.view(1, 6, 8, 12), 1, 3),
    ],
)
def test_without_given_samples_torchs_seed_decides_the_draws(
    pool: Callable[[torch.Tensor], torch.Tensor],
) -> None:
    x = torch.rand(1, 24, 24)
    drawn = []
    for seed in (0, 0, *range(1, 9)):
        torch.manual_seed(seed)
        drawn.append(pool(x))
    assert torch.equal(drawn[0], drawn[1])
    assert any(not torch.equal(drawn[0], other) for other in drawn[2:])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "output_size: expected a size, or an output_ratio, got None"),
        ({"output_ratio": 1.5}, "output_ratio: expected 2 numbers above 0, at most 1, got 1.5"),
        ({"output_size": 4}, r"output_size: expected at most \(3, 3\) windows of \(2, 2\), got \(4, 4\)"),
        (
            {"output_size": 2, "_random_samples": torch.zeros(1, 1, 3)},
            r"_random_samples: .* got .*\(1, 1, 3\)",
        ),
        (
            {"output_size": 2, "_random_samples": torch.zeros(1, 1, 2).double()},
            "_random_samples: .* got torch.float64",
        ),
    ],
)
def test_fractional_refuses_wrong_arguments(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(PoolingError, match=f"^fractional_max_pool2d: {message}"):
        poolkit.fractional_max_pool2d(torch.zeros(1, 4, 4), 2, **arguments)  # type: ignore[arg-type]


def test_stochastic_refuses_samples_of_another_shape() -> None:
    with pytest.raises(PoolingError, match=r"samples: expected the output's shape \(1, 2, 2\), got \(2, 2\)"):
        poolkit.stochastic_pool2d(torch.zeros(1, 4, 4), 2, samples=torch.zeros(2, 2))
