"""What the calls of a notebook give back: shown by Jupyter, by print(), and read by nbgrader."""

from __future__ import annotations

from html import escape
from typing import Any

from poolgrader.judging.feedback import as_html, as_text
from poolgrader.judging.verdict import Verdict

INVISIBLE = "<span hidden></span>"  # HTML of what is to be seen as text alone


class ShownText(str):
    """Text that a notebook shows as it is, line by line."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f'<pre style="white-space:pre-wrap">{escape(str(self))}</pre>'


class ShownVerdict(float):
    """The points of an answer as a float; as text or HTML the feedback. A kernel shows both.

    Args:
        verdict: what the judge found.
    """

    verdict: Verdict

    def __new__(cls, verdict: Verdict) -> ShownVerdict:
        shown = super().__new__(cls, verdict.points)
        shown.verdict = verdict
        return shown

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return as_text(self.verdict)

    def _repr_html_(self) -> str:
        return as_html(self.verdict)

    def _repr_mimebundle_(self, **asked: object) -> dict[str, str]:
        """A cell's result as HTML; and before it, where only text is shown, the words.
        In HTML nothing is shown twice.
        """
        from IPython.display import display  # only a kernel calls this method, and it has IPython

        display({"text/plain": str(self), "text/html": INVISIBLE}, raw=True)
        return {"text/html": self._repr_html_()}

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """A cell's result as text: the points, and nothing else.

        nbgrader scores a check by it, also in outputs that were saved long before, and takes other text for
        full marks.
        """
        printer.text(repr(float(self)))
