"""Slips of beginners, and what the check tells their authors.

`python -m tests.poolgrader.beginners` writes the instructors' page about them. Each slip is an edit of the
course's own answer, or a short answer written for the purpose. None was made to match a known mistake.
"""

from __future__ import annotations

import contextlib
import io
import linecache
from dataclasses import dataclass
from pathlib import Path

from poolgrader.calls.observe import observe
from poolgrader.judging.feedback import explained
from poolgrader.judging.judge import judge
from poolgrader.judging.verdict import Verdict
from poolgrader.judging.written import NotebookSources
from poolgrader.mutation import all_questions
from poolgrader.questions import find

PAGE = Path(__file__).resolve().parents[2] / "book" / "instructor" / "first_slips.md"


@dataclass(frozen=True)
class Slip:
    """A wrong answer of somebody who learns to program, or to use arrays.

    Args:
        question: the question's id, such as "3.2".
        what: the slip in a few words.
        edits: pairs (old, new) of texts; the course's own answer must contain each old text.
        source: the whole answer, instead of edits of the course's own one.
    """

    question: str
    what: str
    edits: tuple[tuple[str, str], ...] = ()
    source: str = ""

    def answer(self) -> str:
        """The source of the answer's cell."""
        text = self.source or find(self.question).answer
        for old, new in self.edits:
            if old not in text:
                raise ValueError(f"{self.question}, {self.what}: {old!r} does not stand in the answer")
            text = text.replace(old, new)
        return text

    def verdict(self) -> Verdict:
        """The verdict of the check in a notebook."""
        question, source = find(self.question), self.answer()
        namespace = question.define(source)
        # IPython puts the source of each cell into linecache, so feedback can quote a line of the learner's.
        name = f"<{question.id}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        with contextlib.redirect_stdout(io.StringIO()):
            # The example is not shrunk: how small it gets within the time limit depends on the machine.
            return judge(
                question,
                question.public_seed,
                lambda call: observe(call, namespace),
                shrinks=False,
                written=NotebookSources((source,)),
            )


_PLANE = "def max_pool_plane(x, kernel_size):\n"
_BATCH = "def max_pool2d(x, kernel_size, stride=None, padding=0):\n"
_TORCH = "def max_pool2d_torch(x, kernel_size, stride):\n"
_AVERAGE = "def avg_pool_plane(x, kernel_size, stride):\n"
_WINDOWS = "    windows = x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)\n"

SLIPS = (
    # names, calls, returns
    Slip("3.2", "prints the result and returns nothing", (("return y", "print(y)"),)),
    Slip("3.2", "forgets the return", (("    return y\n", ""),)),
    Slip("4.2", "returns inside the outer loop", (("np.empty", "np.zeros"), ("\n    return y", "\n        return y"))),
    Slip("1.2", "returns inside the inner loop", (("\n    return y", "\n            return y"),)),
    Slip("3.2", "spells a name in two ways", (("for i in range(height)", "for i in range(Height)"),)),
    Slip("3.2", "writes numpy, which was imported as np", (("np.empty", "numpy.empty"),)),
    Slip("4.2", "has no value for a sum yet", (("            total = 0.0\n", ""),)),
    Slip("3.2", "gives max another meaning", (("best = x[i, j]\n", "max = x[i, j]\n            best = max(x[i, j], x[i, j])\n"),)),
    Slip("3.2", "takes one argument for two", (("(x, kernel_size)", "(x)"), ("= kernel_size", "= 2, 2"))),
    Slip("3.3", "calls itself", source=f"{_BATCH}    return max_pool2d(x, kernel_size, stride, padding)\n"),
    Slip("3.2", "imports what is not there", (("    kh, kw", "    import cv2_pooling\n    kh, kw"),)),
    Slip("3.2", "keeps a function and does not call it", (("return y", "return y.copy"),)),
    Slip("2.2", "returns a generator", (("return tuple(size)", "return (one for one in size)"),)),
    # numbers and kinds of numbers
    Slip("4.2", "divides a size with /", ((") // stride + 1\n    width", ") / stride + 1\n    width"),)),
    Slip("2.2", "divides a size with /", (("room // s", "room / s"),)),
    Slip("1.2", "cuts the sum to a whole number", (("y[i, j] = total", "y[i, j] = int(total)"),)),
    Slip("3.2", "makes an output of whole numbers", (("dtype=x.dtype", "dtype=int"),)),
    Slip("5.3", "rounds the average", (("total / cells", "round(total / cells)"),)),
    Slip("4.5", "leaves the means as floats", ((".astype(np.uint8)", ""),)),
    Slip("4.5", "cuts the means", (("np.floor(means + 0.5)", "means"),)),
    Slip("5.2", "computes in half precision", (("padded = np.full", "x = x.astype(np.float16)\n    padded = np.full"),)),
    Slip("3.6", "turns the tensor into numpy", source=f"{_TORCH}{_WINDOWS}    return windows.amax(dim=(-2, -1)).detach().numpy()\n"),
    Slip("3.6", "takes max of torch, which returns two things", source=f"{_TORCH}{_WINDOWS}    return windows.flatten(-2).max(-1)\n"),
    Slip("3.6", "cuts the gradient", source=f"{_TORCH}{_WINDOWS.replace('x.unfold', 'x.detach().unfold')}    return windows.amax(dim=(-2, -1))\n"),
    Slip("3.2", "answers a numpy question with torch", source=f"import torch\n{_PLANE}    return torch.tensor(x)[1:, 1:]\n"),
    # containers and shapes
    Slip("3.2", "returns a list of lists", (("return y", "return y.tolist()"),)),
    Slip("4.2", "returns one long list", (("return y", "return y.ravel()"),)),
    Slip("4.2", "returns the last average alone", (("return y", "return y[i, j]"),)),
    Slip("3.2", "returns the output and its size", (("return y", "return y, height"),)),
    Slip("2.2", "returns one number for two", (("return tuple(size)", "return size[0]"),)),
    Slip("2.3", "returns the first cell alone", (("return cells", "return cells[0]"),)),
    Slip("1.5", "returns a count for a list", (("return [q for", "return len([q for"), ("windows(position)]", "windows(position)])"))),
    Slip("3.3", "drops the axis of channels", source=f"{_BATCH}    return x[:, 0]\n"),
    Slip("3.3", "takes the first image for all", (("    return y\n", "    return np.broadcast_to(y[:1], y.shape).copy()\n"),)),
    Slip("3.3", "takes the first channel for all", (("    return y\n", "    return np.broadcast_to(y[:, :1], y.shape).copy()\n"),)),
    Slip("3.3", "thinks of channels as the last axis", (("n, c, h, w = x.shape", "n, h, w, c = x.shape"),)),
    Slip("3.3", "gives sizes without brackets", (("np.empty((n, c, height, width), dtype=x.dtype)", "np.empty(n, c, height, width)"),)),
    Slip("3.3", "gives axes without brackets", (("window.max(axis=(2, 3))", "window.max(2, 3)"),)),
    Slip("3.3", "takes the maximum over one axis", (("window.max(axis=(2, 3))", "window.max(axis=2)"),)),
    Slip("3.3", "takes the maximum over everything", (("window.max(axis=(2, 3))", "window.max()"),)),
    Slip("3.3", "writes the size of MNIST into the code", source=f"{_BATCH}    return np.zeros((1, 1, 14, 14)) + x.max()\n"),
    Slip("4.2", "swaps rows and columns", (("np.empty((height, width)", "np.empty((width, height)"), ("y[i, j] =", "y[j, i] ="))),
    Slip("4.2", "has an output one row too long", (("// stride + 1\n    width", "// stride + 2\n    width"), ("range(height)", "range(height - 1)"))),
    # indices and loops
    Slip("3.2", "runs one row too far", (("height = x.shape[0] - kh + 1", "height = x.shape[0] - kh + 2"),)),
    Slip("3.2", "uses i twice", (("value = x[i + u, j + v]", "value = x[i + u, i + v]"),)),
    Slip("1.2", "starts counting at 1", (("for u in range(kh)", "for u in range(1, kh)"),)),
    Slip("1.2", "keeps the last product instead of the sum", (("total += ", "total = "),)),
    Slip("1.2", "starts the sum outside of the loops", (("            total = 0.0\n", ""), ("    y = np.zeros", "    total = 0.0\n    y = np.zeros"))),
    Slip("4.2", "compares a whole window with a number", (("total += x[i * stride + u, j * stride + v]", "total += x[i, j] if x > 0 else 0"),)),
    Slip("2.3", "puts the loops the other way round", (("for u in range(kh)", "for v in range(kw)"), ("        for v in range(kw):\n            row", "        for u in range(kh):\n            row"))),
    Slip("6.1", "overwrites where it should add", (("+= share", "= share"),)),
    Slip("7.2", "rounds the end of a bin down", (("-(-(i + 1) * h // rows)", "(i + 1) * h // rows"),)),
    Slip("5.3", "lets a slice start below zero", (("max(top, 0)", "top"), ("max(left, 0)", "left"))),
    Slip("3.2", "leaves cells of the output unset", (("np.empty((height, width), dtype=x.dtype)", "np.zeros((height, width), dtype=x.dtype)"), ("range(height)", "range(height - 1)"))),
    # pooling itself
    Slip("3.2", "starts the maximum from 0", (("best = x[i, j]", "best = 0"),)),
    Slip("3.2", "starts the maximum from -1", (("best = x[i, j]", "best = -1"),)),
    Slip("4.2", "forgets to divide", (("total / (kh * kw)", "total"),)),
    Slip("4.2", "divides by the window's height alone", (("total / (kh * kw)", "total / kh"),)),
    Slip("5.2", "pads with 0", (("np.full((top + h + bottom, left + w + right), lowest, dtype=x.dtype)", "np.zeros((top + h + bottom, left + w + right), dtype=x.dtype)"),)),
    Slip("3.3", "ignores the stride", (("i * sh : i * sh + kh, j * sw : j * sw + kw", "i : i + kh, j : j + kw"),)),
    Slip("8.1", "returns a percentage", (("float(np.mean(same))", "100 * float(np.mean(same))"),)),
    Slip("8.2", "forgets to divide the taps by their sum", (("np.array(taps, float) / np.sum(taps)", "np.array(taps, float)"),)),
    Slip("8.3", "keeps the smallest phase", (("max(sizes)", "min(sizes)"),)),
    Slip("0.2", "returns a view", ((".copy()", ""),)),
    Slip("4.2", "scales the input, and the output back", (("    kh, kw = kernel_size", "    x *= 4.0\n    kh, kw = kernel_size"), ("    return y", "    return y / 4"))),
)  # fmt: skip

# Without those of chapters that were left out of this copy of the course.
ASKED = tuple(slip for slip in SLIPS if slip.question in all_questions())

HEAD = """# First slips, and what is read

<!-- GENERATED by `python -m tests.poolgrader.beginners`; do not edit. -->

Slips of people who learn to program, or meet arrays for the first time; each was put to the check of its question. The
last column is what the check says of the first example that fails, and below it. It never holds the answer.

## {count} slips

| question | the slip | points | what the check says |
|---|---|---|---|
"""


def page() -> str:
    """The text of the page, with verdicts made anew."""
    text = HEAD.format(count=len(ASKED))
    for slip in ASKED:
        verdict = slip.verdict()
        differs, read = explained(verdict)
        row = (
            slip.question,
            slip.what,
            f"{verdict.points:g} of {verdict.question.points:g}",
            " ".join([differs, *read]),
        )
        text += f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |\n"
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.name}")
