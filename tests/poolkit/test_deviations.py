"""One test for each entry of the list in `poolkit.functional` that says where poolkit departs from torch."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

import poolkit
from poolkit import PoolingError, functional

LISTED = re.findall(r"^- \*\*(.+?)\*\*", functional.__doc__ or "", re.MULTILINE)
CHANNELS_LAST = {4: torch.channels_last, 5: torch.channels_last_3d}
X1, X2, X3 = (
    torch.rand((2, 3, *[6] * n), generator=torch.Generator().manual_seed(n)) - 0.5 for n in (1, 2, 3)
)


def padding() -> None:
    for given in (((0, 1), (1, 0)), "same"):
        with pytest.raises(TypeError):
            F.max_pool2d(X2, 2, padding=given)  # type: ignore[arg-type]
    padded = F.pad(X2, (1, 0, 0, 1), value=-torch.inf)
    assert torch.equal(poolkit.max_pool2d(X2, 2, padding=((0, 1), (1, 0))), F.max_pool2d(padded, 2))
    assert torch.equal(poolkit.max_pool2d(X2, 3, 1, "same"), F.max_pool2d(X2, 3, 1, 1))


def dilation() -> None:
    kernel = torch.full((3, 1, 2, 2), 0.25)
    expected = F.conv2d(X2, kernel, dilation=3, groups=3)
    torch.testing.assert_close(poolkit.avg_pool2d(X2, 2, 1, dilation=3), expected)
    squares = F.conv2d(X2**2, kernel * 4, dilation=3, groups=3)
    torch.testing.assert_close(poolkit.lp_pool2d(X2, 2, 2, 1, dilation=3), squares.sqrt())


def integers() -> None:
    whole = (X1 * 100).int()
    with pytest.raises(NotImplementedError):
        F.max_pool1d(whole, 2)
    assert torch.equal(poolkit.max_pool1d(whole, 2), F.max_pool1d(X1 * 100, 2).int())
    small = (X3 * 100).to(torch.int8).contiguous(memory_format=torch.channels_last_3d)
    with pytest.raises(RuntimeError):
        F.max_pool3d(small, 2)
    got = poolkit.max_pool3d(small, 2)
    assert torch.equal(got, F.max_pool3d(small.contiguous(), 2))
    assert got.is_contiguous(memory_format=torch.channels_last_3d)


def halves() -> None:
    for dtype in (torch.float16, torch.bfloat16):
        x = X3.to(dtype)
        with pytest.raises(NotImplementedError):
            F.avg_pool3d(x, 2)
        assert torch.equal(poolkit.avg_pool3d(x, 2), F.avg_pool3d(x.float(), 2).to(dtype))


def layout() -> None:
    calls = [
        (X3, "avg_pool3d", (2,)),
        (X3, "adaptive_avg_pool3d", (3,)),
        (X3, "adaptive_max_pool3d", (3,)),
        (X2, "fractional_max_pool2d", (2, 3)),
        (X3, "fractional_max_pool3d", (2, 3)),
    ]
    for x, name, arguments in calls:
        moved = x.contiguous(memory_format=CHANNELS_LAST[x.dim()])
        torch.manual_seed(0)
        theirs = getattr(F, name)(moved, *arguments)
        torch.manual_seed(0)
        ours = getattr(poolkit, name)(moved, *arguments)
        assert torch.equal(ours, theirs)
        assert not theirs.is_contiguous(memory_format=CHANNELS_LAST[x.dim()])
        assert ours.is_contiguous(memory_format=CHANNELS_LAST[x.dim()])


def empty_window() -> None:
    x = torch.zeros(1, 1, 4, 4)
    _, theirs = F.max_pool2d(x, 2, padding=1, dilation=5, return_indices=True)
    assert theirs.item() >= x.numel()
    y, ours = poolkit.max_pool2d(x.requires_grad_(), 2, padding=1, dilation=5, return_indices=True)
    assert (y.item(), ours.item()) == (-torch.inf, -1)
    (gradient,) = torch.autograd.grad(y.sum(), x)
    assert torch.equal(gradient, torch.zeros(1, 1, 4, 4))
    assert (
        poolkit.max_pool1d(torch.ones(1, 2).int(), 1, padding=((1, 0),))[0, 0] == torch.iinfo(torch.int32).min
    )
    assert poolkit.avg_pool1d(torch.ones(1, 2), 1, padding=((1, 0),), count_include_pad=False)[0, 0] == 0


def no_channels() -> None:
    for name, x, arguments in (
        ("adaptive_avg_pool1d", X1[:, :0], (2,)),
        ("adaptive_avg_pool2d", X2[:, :0], (2,)),
    ):
        assert getattr(F, name)(x, *arguments).numel() == 0
        with pytest.raises(PoolingError, match=f"{name}: input: expected no empty axis but batch"):
            getattr(poolkit, name)(x, *arguments)


def lp() -> None:
    for p in (1, 3, 2.5):
        expected = F.lp_pool2d(X2.abs(), p, 2)
        torch.testing.assert_close(poolkit.lp_pool2d(X2, p, 2), expected)
        assert not torch.allclose(F.lp_pool2d(X2, p, 2), expected)
    assert F.lp_pool2d(X2, 2.5, 2).isnan().any()


def lp_arguments() -> None:
    with pytest.raises(TypeError):
        F.lp_pool1d(X1, 2, [2])  # type: ignore[arg-type]
    assert torch.equal(poolkit.lp_pool1d(X1, 2, [2]), poolkit.lp_pool1d(X1, 2, 2))
    whole = torch.arange(4).view(1, 2, 2)
    assert F.lp_pool2d(whole, 2, 2).item() != pytest.approx(14**0.5)
    with pytest.raises(PoolingError, match="lp_pool2d: input: expected floating point"):
        poolkit.lp_pool2d(whole, 2, 2)


def unpooling() -> None:
    x = torch.tensor([[[1.0, 2.0]]], requires_grad=True)
    places = torch.zeros(1, 1, 2, dtype=torch.int64)
    theirs, ours = F.max_unpool1d(x, places, [2]), poolkit.max_unpool1d(x, places, 2)
    assert torch.equal(theirs, ours)
    assert ours[0, 0, 0] == 2
    assert torch.autograd.grad(theirs.sum(), x)[0].tolist() == [[[1.0, 1.0]]]
    assert torch.autograd.grad(ours.sum(), x)[0].tolist() == [[[0.0, 1.0]]]


TESTS: dict[str, Callable[[], None]] = {
    test.__name__.replace("_", " "): test
    for test in (
        padding,
        dilation,
        integers,
        halves,
        layout,
        empty_window,
        no_channels,
        lp,
        lp_arguments,
        unpooling,
    )
}


@pytest.mark.parametrize("line", LISTED)
def test_deviation(line: str) -> None:
    TESTS[line]()


def test_each_line_has_a_test_and_each_test_a_line() -> None:
    assert list(TESTS) == LISTED


def test_the_reference_page_shows_the_list() -> None:
    """The page is generated from docstrings, so it must include poolkit.functional, which has the list."""
    page = Path(__file__).parents[2] / "book" / "reference" / "poolkit.md"
    assert re.search(r"automodule:: poolkit\.functional\b", page.read_text(encoding="utf-8"))
