from __future__ import annotations

import itertools
from typing import Any

import hypothesis
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from poolkit import PoolingError, Window, receptive_field
from tests.poolkit.strategies import Setting, settings


def test_output_size_equals_torchs_for_every_small_row() -> None:
    compared = 0
    for n, k, s, d, ceil in itertools.product(
        range(1, 9), range(1, 5), range(1, 4), range(1, 4), (False, True)
    ):
        for p in range(k // 2 + 1):
            window = Window.of(k, s, p, d, ceil, axes=1)
            try:
                expected = F.max_pool1d(torch.zeros(1, n), k, s, p, d, ceil).shape[-1]
            except RuntimeError:
                with pytest.raises(PoolingError):
                    window.output_size((n,))
            else:
                assert window.output_size((n,)) == (expected,)
            compared += 1
    assert compared > 1000


@given(st.data(), st.integers(1, 3))
def test_taps_are_the_cells_that_get_gradient_from_torchs_average(data: st.DataObject, axes: int) -> None:
    """A window sees exactly the cells in which the gradient of torch's average is not 0."""
    setting = data.draw(settings(axes, dilated=False))
    # Unlike the other poolings, torch's avg_pool3d refuses kernels longer than the input even with padding.
    hypothesis.assume(axes < 3 or np.all(np.array(setting.size) >= setting.kernel_size))
    pool = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}[axes]
    x = torch.zeros((1, 1, *setting.size), dtype=torch.float64, requires_grad=True)
    y = pool(x, setting.kernel_size, setting.stride, setting.padding, setting.ceil_mode)
    outputs = setting.window.output_size(setting.size)
    assert tuple(y.shape[2:]) == outputs
    o = data.draw(st.sampled_from(list(np.ndindex(outputs))))
    (gradient,) = torch.autograd.grad(y[0, 0][o], x)
    taps = setting.window.taps(o, setting.size)
    assert taps == [tuple(index) for index in gradient[0, 0].nonzero().tolist()]
    divisor = setting.window.divisor(o, setting.size)
    assert torch.all(gradient[0, 0][gradient[0, 0] != 0] == 1 / divisor)


@given(st.data(), st.integers(1, 3))
def test_slices_yield_the_same_cells_as_taps(data: st.DataObject, axes: int) -> None:
    setting: Setting = data.draw(settings(axes, beyond_torch=True))
    window = setting.window
    cells = np.arange(np.prod(setting.size)).reshape(setting.size)
    outputs = window.output_size(setting.size)
    seen: dict[tuple[int, ...], list[int]] = {o: [] for o in np.ndindex(outputs)}
    for at_output, at_input in window.slices(setting.size):
        places = list(np.ndindex(outputs))
        chosen = np.arange(len(places)).reshape(outputs)[at_output]
        assert chosen.shape == cells[at_input].shape
        for place, cell in zip(chosen.flat, cells[at_input].flat, strict=True):
            seen[places[place]].append(int(cell))
    expected = {o: [int(cells[tap]) for tap in window.taps(o, setting.size)] for o in seen}
    assert seen == expected
    assert window.has_empty_window(setting.size) == any(not taps for taps in expected.values())


@pytest.mark.parametrize(
    ("n", "k", "s", "d"), list(itertools.product(range(1, 9), range(1, 5), range(1, 4), range(1, 3)))
)
def test_same_gives_one_output_for_every_stride_inputs(n: int, k: int, s: int, d: int) -> None:
    upper = Window.of(k, s, "same", d, axes=1, input_size=(n,))
    lower = Window.of(k, s, "same_lower", d, axes=1, input_size=(n,))
    assert upper == Window.of(k, s, "same_upper", d, axes=1, input_size=(n,))
    assert upper.output_size((n,)) == lower.output_size((n,)) == (-(-n // s),)
    before, after = upper.padding[0]
    assert after - before in (0, 1)
    assert lower.padding[0] == (after, before)


def test_valid_is_no_padding() -> None:
    assert Window.of(3, 2, "valid", ceil_mode=True) == Window.of(3, 2, 0, ceil_mode=True)


@pytest.mark.parametrize(
    ("arguments", "argument", "expected", "got"),
    [
        ({"kernel_size": 0}, "kernel_size", "at least 1", "0"),
        ({"kernel_size": 2.5}, "kernel_size", "a whole number", "2.5"),
        ({"kernel_size": True}, "kernel_size", "a whole number", "True"),
        ({"kernel_size": (2, 2, 2)}, "kernel_size", "or 2 of them", "(2, 2, 2)"),
        ({"kernel_size": "2"}, "kernel_size", "a whole number", "2"),
        ({"kernel_size": 2, "stride": 0}, "stride", "at least 1", "0"),
        ({"kernel_size": 2, "dilation": 0}, "dilation", "at least 1", "0"),
        ({"kernel_size": 2, "padding": -1}, "padding", "at least 0", "-1"),
        ({"kernel_size": 2, "padding": ((0, -1), (0, 0))}, "padding", "at least 0", "-1"),
        ({"kernel_size": 3, "padding": 2}, "padding", "at most half of the kernel (3, 3)", "2"),
        ({"kernel_size": (2, 4), "padding": 2}, "padding", "at most half of the kernel (2, 4)", "2"),
        ({"kernel_size": 2, "padding": ((0, 1),)}, "padding", "2 (before, after) pairs", "((0, 1),)"),
        ({"kernel_size": 2, "padding": ((0, 1, 1), (0, 0))}, "padding", "pairs", "(0, 1, 1)"),
        ({"kernel_size": 2, "padding": "full"}, "padding", "valid, same", "full"),
        ({"kernel_size": 2, "padding": "same"}, "input_size", "2 lengths", "None"),
    ],
)
def test_refuses_what_torch_refuses(
    arguments: dict[str, Any], argument: str, expected: str, got: str
) -> None:
    with pytest.raises(PoolingError) as caught:
        Window.of(operation="max_pool2d", **arguments)
    error = caught.value
    assert (error.operation, error.argument) == ("max_pool2d", argument)
    assert expected in error.expected
    assert got in str(error.got)


def test_refuses_an_input_or_an_index_that_does_not_fit() -> None:
    window = Window.of(3, operation="avg_pool2d")
    with pytest.raises(PoolingError, match=r"avg_pool2d: input: expected room .* \(2, 4\)\)$"):
        window.output_size((2, 4))
    with pytest.raises(
        PoolingError, match=r"input: expected at least one cell along each axis, got \(0, 4\)"
    ):
        Window.of(1, padding=((1, 1), (0, 0))).output_size((0, 4))
    with pytest.raises(PoolingError, match=r"input_size: expected 2 entries, .* got \(4,\)"):
        window.output_size((4,))
    with pytest.raises(PoolingError, match=r"output_index: expected an index into \(1, 1\), got \(0, -1\)"):
        window.taps((0, -1), (4, 4))
    with pytest.raises(PoolingError, match="stride: expected 2 entries"):
        Window((2, 2), (1,), ((0, 0), (0, 0)), (1, 1))


def test_receptive_field_is_the_span_of_cells_that_get_gradient() -> None:
    """The test measures this span: it passes the gradient of one output back through convolutions."""
    stack = [(3, 2, 1), (2, 1, 1), (3, 3, 2), (2, 2, 1)]
    windows = [Window.of(k, s, 0, d, axes=1) for k, s, d in stack]
    x = torch.zeros(1, 1, 80, requires_grad=True)
    y: torch.Tensor = x
    for k, s, d in stack:
        y = F.conv1d(y, torch.ones(1, 1, k), stride=s, dilation=d)
    spans = []
    for output in (0, 1):
        (gradient,) = torch.autograd.grad(y[0, 0, output], x, retain_graph=True)
        reached = gradient[0, 0].nonzero()
        spans.append((int(reached.min()), int(reached.max())))
    assert receptive_field(windows) == ((spans[0][1] - spans[0][0] + 1,), (spans[1][0] - spans[0][0],))


def test_receptive_field_refuses_an_empty_stack_and_mixed_axes() -> None:
    with pytest.raises(PoolingError, match="receptive_field: windows: expected at least one window"):
        receptive_field([])
    with pytest.raises(PoolingError, match="windows of 2 axes"):
        receptive_field([Window.of(2), Window.of(2, axes=1)])


def test_the_strategy_of_settings_can_draw_each_rank() -> None:
    """The strategy discards some draws, but not so many that hypothesis finds no setting with ceil_mode."""
    for axes in (1, 2, 3):
        assert hypothesis.find(settings(axes), lambda setting: setting.ceil_mode).axes == axes
