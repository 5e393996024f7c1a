"""Tests of unpooling that torch's own samples lack: repeated indices and refused arguments."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import poolkit
from poolkit import PoolingError
from tests.poolkit.strategies import AWKWARD, arrays


@given(data=st.data(), axes=st.integers(1, 3))
def test_repeated_indices(data: st.DataObject, axes: int) -> None:
    """If several values have the same index, the output holds the last one, and only this gets gradient."""
    size = data.draw(st.tuples(*[st.integers(1, 3)] * axes))
    x = torch.from_numpy(data.draw(arrays((1, 2, *size), AWKWARD))).requires_grad_()
    cells = 2**axes * x[0, 0].numel()
    places = torch.from_numpy(data.draw(arrays((1, 2, *size), tuple(range(min(cells, 4)))))).long()
    y = getattr(poolkit, f"max_unpool{axes}d")(x, places, 2)
    expected, written = torch.zeros(2, cells, dtype=x.dtype), torch.full((2, cells), -1)
    for channel in range(2):
        for at, place in enumerate(places[0, channel].flatten().tolist()):
            expected[channel, place] = x[0, channel].flatten()[at].detach()
            written[channel, place] = at
    torch.testing.assert_close(y.detach().view(2, cells), expected, rtol=0, atol=0, equal_nan=True)
    weights = torch.arange(1.0, 2 * cells + 1, dtype=x.dtype).view(2, cells)
    (gradient,) = torch.autograd.grad(y, x, weights.view(y.shape))
    expected = torch.zeros(2, x[0, 0].numel(), dtype=x.dtype)
    for channel in range(2):
        for place, at in enumerate(written[channel].tolist()):
            if at >= 0:
                expected[channel, at] = weights[channel, place]
    assert torch.equal(gradient.view(expected.shape), expected)


def test_pooling_an_unpooled_output_gives_it_back() -> None:
    x = torch.rand(2, 3, 6, 8, generator=torch.Generator().manual_seed(0))
    y, places = poolkit.max_pool2d(x, 2, return_indices=True)
    assert torch.equal(poolkit.max_pool2d(poolkit.max_unpool2d(y, places, 2), 2), y)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"indices": torch.full((1, 2, 2), 16)}, "indices: expected from 0 to 15"),
        ({"indices": torch.full((1, 2, 2), -1)}, "indices: expected from 0 to 15"),
        ({"indices": torch.zeros(1, 2, 2, dtype=torch.int32)}, "indices: expected int64, got torch.int32"),
        (
            {"indices": torch.zeros(1, 2, 1, dtype=torch.int64)},
            r"indices: expected the input's shape, got \(1, 2, 1\)",
        ),
        (
            {"output_size": (9, 9)},
            r"output_size: expected 2 lengths, each less than a stride \(2, 2\) from \(4, 4\)",
        ),
        ({"output_size": (4, 4, 4)}, "output_size: expected 2 lengths"),
        ({"padding": 2}, r"output_size: expected at least 1 along each axis, got \(0, 0\)"),
        ({"input": torch.zeros(1, 2, 2, dtype=torch.int64)}, "input: expected floating point"),
    ],
)
def test_wrong_arguments_are_refused(changed: dict[str, object], message: str) -> None:
    given = {
        "input": torch.zeros(1, 2, 2),
        "indices": torch.zeros(1, 2, 2, dtype=torch.int64),
        "kernel_size": 2,
    }
    with pytest.raises(PoolingError, match=f"^max_unpool2d: {message}"):
        poolkit.max_unpool2d(**(given | changed))  # type: ignore[arg-type]
