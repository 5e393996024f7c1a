"""What an attack is, and how it is put into an otherwise honest notebook."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# Right answers. An attack that succeeds returns their values, so that its success shows as gained marks.
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
    """One way to try to gain marks, to cost others marks, or to escape from the sandbox.

    Args:
        name: unique; also the test's id.
        kind: the kind of attack; a heading on the page.
        says: what it tries, in words for the page.
        body: the start of the answer's function. It must raise unless the attack succeeds; if it does not
            raise, the function returns the right answer. It may contain OUTSIDE (a folder that must be out of
            reach), PORT (of a listener), PARENT (the pid of the grader), REPOSITORY and SITE (the folder
            site-packages).
        question: the question whose answer contains the attack.
        whole: whether `body` is the whole answer cell, including the definition of the function.
        extra: whether `body` is an additional cell. All six answers are then honest and must keep their marks.
        shape: a function that gets the notebook and the folder OUTSIDE. It returns the changed notebook, or a
            path; the submission is then a link to this path.
        bare: whether the attack works without a sandbox, which shows that its test can fail.
        costs: the questions that must get no marks because of the attack; None for the default of `may_lose`.
        either: whether the marks of the attack's own question do not matter, because the attack tries to harm
            another question.
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
        """The questions that must get no marks if the attack fails."""
        if self.costs is not None:
            return self.costs
        return () if self.extra else (self.question,)

    @property
    def open(self) -> tuple[str, ...]:
        """The questions whose marks do not matter when the outcome of the attack is judged."""
        return (self.question,) if self.either else ()

    def source(self, **places: object) -> str:
        """The source of the cell with the attack; `places` gives the values of names such as OUTSIDE."""
        body = textwrap.dedent(self.body).strip("\n")
        for name, value in places.items():
            body = body.replace(name, str(value))
        if self.whole or self.extra:
            return body + "\n"
        head = f"import os, sys\n{RIGHT[self.question]}\n\n{HEAD[self.question]}\n"
        arguments = "x, kernel_size" if self.question == "3.2" else "x, kernel_size, stride"
        return f"{head}{textwrap.indent(body, '    ')}\n    return right({arguments})\n"
