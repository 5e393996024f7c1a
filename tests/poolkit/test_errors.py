import pickle

import pytest
import torch

import poolkit
from poolkit import PoolingError


def test_the_message_names_operation_argument_expected_got_and_shape() -> None:
    error = PoolingError("max_pool2d", "stride", "at least 1", 0, shape=(1, 4))
    assert isinstance(error, ValueError)
    assert str(error) == "max_pool2d: stride: expected at least 1, got 0 (shape at hand: (1, 4))"
    assert (error.operation, error.argument, error.expected, error.got, error.shape) == (
        "max_pool2d",
        "stride",
        "at least 1",
        0,
        (1, 4),
    )


@pytest.mark.parametrize("kind", [ValueError, RuntimeError])
def test_code_that_catches_torchs_errors_catches_pooling_errors(kind: type[Exception]) -> None:
    """A PoolingError is a RuntimeError, which torch raises for wrong arguments, and also a ValueError."""
    x = torch.zeros(1, 4, 4)
    with pytest.raises(RuntimeError):
        torch.nn.functional.max_pool2d(x, 3, padding=2)
    with pytest.raises(kind, match="max_pool2d: padding: expected at most half of the kernel"):
        poolkit.max_pool2d(x, 3, padding=2)


@pytest.mark.parametrize("shape", [None, (2, 3)])
def test_an_error_is_the_same_after_pickling(shape: tuple[int, ...] | None) -> None:
    error = PoolingError("avg_pool1d", "padding", "at least 0", -1, shape)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), vars(again)) == (str(error), vars(error))
