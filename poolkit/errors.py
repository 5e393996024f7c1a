"""The one error that poolkit raises."""

from __future__ import annotations

from collections.abc import Sequence


class PoolingError(ValueError, RuntimeError):
    """A pooling that cannot be done as asked, and why.

    It is a ValueError, as Python calls an argument of the right type with a value that cannot be used. It is
    a RuntimeError as well, because torch raises that: code that was written for torch's poolings catches it.

    :param operation: The function that was called, for example ``max_pool2d``.
    :param argument: The argument that is wrong.
    :param expected: What would have been accepted, in words.
    :param got: What came.
    :param shape: The shape at hand, where one was known.

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
        """Pickle by the five facts, since the message alone cannot be taken apart again."""
        return type(self), (self.operation, self.argument, self.expected, self.got, self.shape)
