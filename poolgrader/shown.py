"""What `check` and the other functions return: Jupyter and print() show it, and nbgrader reads it."""

from __future__ import annotations

from html import escape
from typing import Any

from poolgrader.judging.feedback import as_html, as_text
from poolgrader.judging.verdict import Verdict

GRADED_ELSEWHERE = "⚠ This answer may lose its points where it is graded:"
INVISIBLE = "<span hidden></span>"  # the HTML form of an output that should be seen only as text


class ShownText(str):
    """Text that a notebook shows unchanged, with its line breaks."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f'<pre style="white-space:pre-wrap">{escape(str(self))}</pre>'


class ShownVerdict(float):
    """The points of an answer as a float, which is shown as the feedback, in text or HTML.

    Args:
        verdict: what the judge found.
        absences: sentences on what the answer uses that is not there where it is graded.
    """

    verdict: Verdict
    absences: tuple[str, ...]

    def __new__(cls, verdict: Verdict, absences: tuple[str, ...] = ()) -> ShownVerdict:
        shown = super().__new__(cls, verdict.points)
        shown.verdict, shown.absences = verdict, absences
        return shown

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        lines = [as_text(self.verdict), *([GRADED_ELSEWHERE] if self.absences else []), *self.absences]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        if not self.absences:
            return as_html(self.verdict)
        items = "".join(f"<li>{escape(one)}</li>" for one in self.absences)
        return f"{as_html(self.verdict)}<p><strong>{GRADED_ELSEWHERE}</strong></p><ul>{items}</ul>"

    def _repr_mimebundle_(self, **asked: object) -> dict[str, str]:
        """Show a cell's result as HTML.

        An output before it has the feedback as text, for programs that show only text. The HTML form of that
        output is invisible, so that nothing is shown twice.
        """
        from IPython.display import display  # only a kernel calls this method, and it has IPython

        display({"text/plain": str(self), "text/html": INVISIBLE}, raw=True)
        return {"text/html": self._repr_html_()}

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Show a cell's result as text: the points, and nothing else.

        nbgrader reads the score of a check from this text, also from outputs that were saved earlier. For any
        other text it would give full marks.
        """
        printer.text(repr(float(self)))
