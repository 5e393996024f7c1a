"""The fast running maxima agree with the reference's loops, and make the stated number of comparisons."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from poolkit import PoolingError, Window, reference
from poolkit.fast import block_max, running_max
from tests.poolkit.strategies import AWKWARD, arrays

METHODS = [running_max, block_max]
Method = Callable[..., Tensor]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
@given(data=st.data())
def test_equals_the_reference(method: Method, dtype: torch.dtype, data: st.DataObject) -> None:
    cells, kernel = data.draw(st.integers(1, 20)), data.draw(st.integers(1, 20))
    x = torch.from_numpy(data.draw(arrays((2, max(cells, kernel)), AWKWARD))).to(dtype)
    expected = reference.max_pool(x.double().numpy(), Window.of(kernel, stride=1, axes=1))
    np.testing.assert_array_equal(method(x, kernel).double().numpy(), expected)
    np.testing.assert_array_equal(method(x.T, kernel, dim=0).T.double().numpy(), expected)


@pytest.mark.parametrize("method", METHODS)
def test_a_pass_along_each_axis_pools_the_plane(method: Method) -> None:
    x = torch.randn(2, 3, 12, 9, generator=torch.Generator().manual_seed(0))
    expected = torch.nn.functional.max_pool2d(x, (5, 4), stride=1)
    assert torch.equal(method(method(x, 4), 5, dim=-2), expected)


class Comparisons(TorchDispatchMode):
    """Counts comparisons: each number that torch.maximum or torch.cummax returns is one comparison."""

    def __init__(self) -> None:
        TorchDispatchMode.__init__(self)
        self.count = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        if func.overloadpacket in (torch.ops.aten.maximum, torch.ops.aten.cummax):
            self.count += (out[0] if isinstance(out, tuple | list) else out).numel()
        return out


@pytest.mark.parametrize("kernel", [1, 2, 3, 7, 8, 9, 63, 64, 65])
def test_the_number_of_comparisons_is_as_stated(kernel: int) -> None:
    outputs = 1000
    x = torch.zeros(outputs + kernel - 1)
    with Comparisons() as doubling:
        running_max(x, kernel)
    with Comparisons() as blocks:
        block_max(x, kernel)
    reach = math.ceil(math.log2(kernel))
    assert reach * outputs <= doubling.count <= reach * (outputs + kernel)
    assert 3 * outputs <= blocks.count <= 3 * (outputs + 2 * kernel)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kernel", [0, 5])
def test_a_kernel_that_does_not_fit_is_refused(method: Method, kernel: int) -> None:
    with pytest.raises(PoolingError, match=f"{method.__name__}: kernel_size: expected from 1 to the 4 cells"):
        method(torch.zeros(4), kernel)
