"""torch's own samples: poolkit agrees with torch in values, indices, dtype, layout and gradients.

Each run takes some of the samples of each function. If the environment variable `POOLKIT_SAMPLES` is "all",
it takes all of them.
"""

from __future__ import annotations

import functools
import itertools
import os
import warnings
from typing import Any

import pytest
import torch
from torch import Tensor

import poolkit
from poolkit import PoolingError
from tests.poolkit.score import Score

with warnings.catch_warnings():
    # The import of torch's own test tools causes deprecation warnings.
    warnings.simplefilter("ignore")
    from torch.testing._internal.common_methods_invocations import op_db

PREFIX = "nn.functional."
SPREAD = 6
ALL = os.environ.get("POOLKIT_SAMPLES") == "all"
OPS = {
    f"{op.name.removeprefix(PREFIX)}{'/' + op.variant_test_name if op.variant_test_name else ''}": op
    for op in op_db
    if "pool" in op.name and op.name.startswith(PREFIX)
}
LAYOUTS = {
    "contiguous": (None, Tensor.contiguous),
    "strided": (None, lambda x: torch.stack([x, x], -1)[..., 0]),
    "channels_last": (4, lambda x: x.contiguous(memory_format=torch.channels_last)),
    "channels_last_3d": (5, lambda x: x.contiguous(memory_format=torch.channels_last_3d)),
}
DTYPES = [torch.float64, torch.float32, torch.bfloat16, torch.float16]
WHOLE = [torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8]


def same(got: Any, expected: Any, exact: bool = True) -> None:
    """Compare two tensors, or two tuples of tensors; if not `exact`, allow small differences."""
    if isinstance(expected, tuple):
        assert isinstance(got, tuple)
        assert len(got) == len(expected)
        for part, other in zip(got, expected, strict=True):
            same(part, other, exact)
    else:
        tolerance: dict[str, Any] = {"rtol": 0, "atol": 0} if exact else {}
        torch.testing.assert_close(got, expected, equal_nan=True, **tolerance)


def same_layout(got: Tensor, expected: Tensor, x: Tensor) -> None:
    """Check that the result has torch's strides, except along axes of one cell.

    Where torch turns a channels_last input into a contiguous result, the result may be channels_last.
    """
    if x.is_contiguous() or expected.stride() != expected.contiguous().stride():
        strides = zip(got.stride(), expected.stride(), expected.shape, strict=True)
        assert all(ours == theirs for ours, theirs, n in strides if n > 1)
    else:
        formats = {4: torch.channels_last, 5: torch.channels_last_3d}
        assert got.is_contiguous() or got.is_contiguous(memory_format=formats[x.dim()])


def first(result: Any) -> Tensor:
    tensor: Tensor = result[0] if isinstance(result, tuple) else result
    return tensor


def unique(indices: Tensor, axes: int) -> bool:
    rows = indices.flatten(-axes).sort(-1).values
    return not (rows[..., 1:] == rows[..., :-1]).any()


def compare(name: str, sample: Any, arrange: Any, impl: str) -> None:
    x = arrange(sample.input.detach())
    x.requires_grad_(x.is_floating_point())
    torch.manual_seed(0)
    # torch raises an error for 8-bit integers in channels_last, so give it a contiguous copy of such inputs.
    small = x.dtype in (torch.int8, torch.uint8) and not x.is_contiguous()
    theirs = getattr(torch.nn.functional, name)
    expected = theirs(x.contiguous() if small else x, *sample.args, **sample.kwargs)
    torch.manual_seed(0)
    got = getattr(poolkit, name)(x, *sample.args, **sample.kwargs)
    # The fast and the compiled averages add up cells in another order than torch does.
    same(got, expected, exact="avg" not in name or impl in ("auto", "torch"))
    same_layout(first(got), first(expected), x)
    if not x.is_floating_point():
        return
    # If an index occurs twice, torch's gradient is wrong; poolkit.functional lists this as a deviation.
    if "unpool" in name and not unique(sample.args[0], int(name[-2])):
        return
    weights = torch.linspace(-1, 1, first(expected).numel(), dtype=x.dtype).view(first(expected).shape)
    (expected_gradient,) = torch.autograd.grad(first(expected), x, weights)
    (gradient,) = torch.autograd.grad(first(got), x, weights)
    # Where windows overlap, their gradients may be added up in another order.
    torch.testing.assert_close(gradient, expected_gradient)


def all_samples(name: str, dtype: torch.dtype) -> list[Any]:
    return list(OPS[name].sample_inputs("cpu", dtype, requires_grad=False))


@functools.cache
def spread(name: str) -> list[Any]:
    samples = all_samples(name, torch.float64)
    return samples[:: max(1, len(samples) // SPREAD)]


def cast(sample: Any, dtype: torch.dtype) -> Any:
    return sample.transform(lambda x: x.to(dtype) if isinstance(x, Tensor) and x.is_floating_point() else x)


@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        pytest.param(name, dtype, id=f"{name}-{str(dtype)[6:]}")
        for name, op in OPS.items()
        for dtype in DTYPES + WHOLE
        if op.supports_dtype(dtype, "cpu")
    ],
)
def test_results_equal_torchs(name: str, dtype: torch.dtype, score: Score, impl: str) -> None:
    samples = all_samples(name, dtype) if ALL else [cast(sample, dtype) for sample in spread(name)]
    wrong = []
    for (layout, (rank, arrange)), sample in itertools.product(LAYOUTS.items(), samples):
        if rank and (sample.input.dim() != rank or int(name.split("/")[0][-2]) + 2 != rank):
            continue
        score.total += 1
        try:
            compare(name.split("/")[0], sample, arrange, impl)
            score.passed += 1
        except (AssertionError, PoolingError) as error:
            wrong.append(f"{layout} {tuple(sample.input.shape)} {sample.args} {sample.kwargs}: {error}")
    assert not wrong, f"{len(wrong)} of {len(samples)}; the first: {wrong[0]}"


@pytest.mark.parametrize("name", [name for name, op in OPS.items() if op.error_inputs_func is not None])
def test_what_torch_refuses_is_refused(name: str, score: Score) -> None:
    cases = list(OPS[name].error_inputs("cpu"))
    assert cases
    for case in cases:
        sample = case.sample_input
        score.total += 1
        with pytest.raises(PoolingError) as caught:
            getattr(poolkit, name)(sample.input, *sample.args, **sample.kwargs)
        assert caught.value.operation == name
        score.passed += 1


def test_max_pool1d_of_integers() -> None:
    """torch has no integer samples for max_pool1d, but accepts integers if the call asks for indices."""
    for dtype in WHOLE:
        for sample in spread("max_pool1d"):
            x = (sample.input * 5).to(dtype)
            settings = {**sample.kwargs, "return_indices": True}
            expected = torch.nn.functional.max_pool1d(x, **settings)
            same(poolkit.max_pool1d(x, **settings), expected)
            assert torch.equal(poolkit.max_pool1d(x, **{**settings, "return_indices": False}), expected[0])
