"""What an attack is, and how it is put into a notebook that is honest otherwise."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# The right answers that an attack would give if it got what it wants.
RIGHT = {
    "3.2": (
        """
def right(x, kernel_size):
    kh, kw = kernel_size
    return np.lib.stride_tricks.sliding_window_view(x, (kh, kw)).max(axis=(2, 3)).astype(x.dtype)
"""
    ),
    "3.6": (
        """
def right(x, kernel_size, stride):
    return x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride).amax(dim=(-2, -1))
"""
    ),
}
HEAD = {"3.2": "def max_pool_plane(x, kernel_size):", "3.6": "def max_pool2d_torch(x, kernel_size, stride):"}


@dataclass(frozen=True)
class Attack:
    """One way to gain marks, lose others theirs, or get out.

    Args:
        name: unique, as a test's id.
        kind: the class of attacks that it is of.
        says: what it tries, for the page.
        body: of a function that raises unless it got what it wants; its question then has the right answer.
            It may name OUTSIDE (a folder it must not reach), PORT (a listener), PARENT (our process).
        question: the one that it is planted in.
        whole: body is a whole cell instead, with the answer's definition in it.
        extra: body is a cell of its own beside six honest answers, which must keep their marks.
        shape: changes the notebook itself, given the folder outside.
        bare: it works where there are no walls, which shows that its test can fail.
        costs: questions that may lose their marks by it.
        either: its own question may have marks or none: what is tried is to harm another.
    """

    name: str
    kind: str
    says: str
    body: str = ""
    question: str = "3.2"
    whole: bool = False
    extra: bool = False
    shape: Callable[[dict[str, Any], Any], Any] | None = None
    bare: bool = True
    costs: tuple[str, ...] | None = None
    either: bool = False

    @property
    def may_lose(self) -> tuple[str, ...]:
        """The questions that have no marks where the attack fails."""
        if self.costs is not None:
            return self.costs
        return () if self.extra else (self.question,)

    @property
    def open(self) -> tuple[str, ...]:
        """The questions whose marks tell nothing."""
        return (self.question,) if self.either else ()

    def source(self, **places: object) -> str:
        """The cell that carries it."""
        body = textwrap.dedent(self.body).strip("\n")
        for name, value in places.items():
            body = body.replace(name, str(value))
        if self.whole or self.extra:
            return body + "\n"
        head = f"import os, sys\n{RIGHT[self.question]}\n\n{HEAD[self.question]}\n"
        arguments = "x, kernel_size" if self.question == "3.2" else "x, kernel_size, stride"
        return f"{head}{textwrap.indent(body, '    ')}\n    return right({arguments})\n"
