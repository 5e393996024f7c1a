"""The one error that poolkit raises."""

from __future__ import annotations

from collections.abc import Sequence


class PoolingError(ValueError, RuntimeError):
    """An argument that a pooling function cannot use, and the reason.

    It is a ValueError, Python's error for an argument of the right type with an unusable value. It is also a
    RuntimeError, because torch's poolings raise that: code that catches torch's errors catches this one too.

    :param operation: The function that was called, for example ``max_pool2d``.
    :param argument: The argument that is wrong.
    :param expected: Which values are accepted, in words.
    :param got: The value that was given.
    :param shape: The shape of the input, where it is known.

    >>> error = PoolingError("max_pool2d", "stride", "at least 1", 0, shape=(1, 1, 4, 4))
    >>> print(error)
    max_pool2d: stride: expected at least 1, got 0 (shape at hand: (1, 1, 4, 4))
    >>> error.argument
    'stride'
    """

    def __init__(
        self, operation: str, argument: str, expected: str, got: object, shape: Sequence[int] | None = None
    ) -> None:
        self.operation = operation
        self.argument = argument
        self.expected = expected
        self.got = got
        self.shape = None if shape is None else tuple(int(length) for length in shape)
        at_hand = "" if self.shape is None else f" (shape at hand: {self.shape})"
        super().__init__(f"{operation}: {argument}: expected {expected}, got {got}{at_hand}")

    def __reduce__(self) -> tuple[type[PoolingError], tuple[object, ...]]:
        """Pickle the five attributes, because they cannot be recovered from the message."""
        return type(self), (self.operation, self.argument, self.expected, self.got, self.shape)
