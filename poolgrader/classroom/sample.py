"""A sample class of twelve, made of what is known of the questions: right in four styles, wrong on purpose, broken.

Learners are named after what they hand in. What each of them must get is said here too, so that a test can hold
the grader to it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from poolgrader.classroom.grading import grader_version
from poolgrader.classroom.result import Results
from poolgrader.questions import questions_of
from poolgrader.questions.question import Question
from poolgrader.questions.styles import styles_of

ASSIGNMENT = "03_max_pooling"


@dataclass(frozen=True)
class Pupil:
    """What one learner of the sample class hands in, and what must come out.

    Args:
        name: also the folder's.
        style: a style of answers; "" for the reference's.
        planted: question id to keys of the mistakes made there.
        sources: question id to another source altogether.
        blank: hand in the notebook as it was released.
        cut: hand in only so many bytes of it.
    """

    name: str
    style: str = ""
    planted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    blank: bool = False
    cut: int = 0

    def answer(self, question: Question) -> str:
        """The text of an answer cell."""
        if question.id in self.sources:
            return self.sources[question.id]
        chosen = [mistake for mistake in question.mistakes if mistake.key in self.planted.get(question.id, ())]
        if chosen:
            source = question.mistaken(*chosen)
            if source is None:
                raise ValueError(f"{self.name}: {question.id}: the planted mistakes exclude one another")
            return source
        return styles_of(ASSIGNMENT)[self.style][question.id] if self.style else question.answer


ENDLESS = "def pool_by_rule(*rule):\n    while True:\n        pass\n"
EXITS = "import os\n\n\ndef max_pool2d_torch(x, kernel_size, stride):\n    os._exit(0)\n"
TYPING_ERROR = "def max_pool_plane(x, kernel_size)\n    return x\n"

CLASS = (
    Pupil("right-loops"),
    Pupil("right-windows", style="windows"),
    Pupil("right-shifts", style="shifts"),
    Pupil("right-gather", style="gather"),
    Pupil("wrong-zero-padding", planted={"3.2": ("starts_at_zero",), "3.3": ("zero_padding",)}),
    Pupil("wrong-stride", planted={"3.3": ("stride_ignored",), "3.6": ("stride_is_kernel",)}),
    Pupil("wrong-axes", planted={"3.2": ("kernel_axes_swapped",), "3.3": ("kernel_axes_swapped",)}),
    Pupil("wrong-channels", planted={"3.3": ("across_channels",), "3.4": ("one_channel",)}),
    Pupil("wrong-twice", planted={"3.1": ("minimum",), "3.3": ("strides_swapped", "nan_skipped")}),
    Pupil("blank", blank=True),
    Pupil("broken-code", sources={"3.2": TYPING_ERROR, "3.5": ENDLESS, "3.6": EXITS}),
    Pupil("broken-file", cut=900),
)


def fill(notebook: dict[str, Any], sources: Mapping[str, str]) -> dict[str, Any]:
    """A released notebook with its answer cells filled in, by grade id."""
    filled: dict[str, Any] = json.loads(json.dumps(notebook))
    for cell in filled["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in sources:
            cell["source"] = sources[grade_id]
    return filled


def write(released: Path, folder: Path) -> list[Path]:
    """Write the class's notebooks: folder/submitted/<learner>/<assignment>/<notebook>.

    Args:
        released: the learners' notebook.
        folder: of the class.
    """
    notebook = json.loads(released.read_text(encoding="utf-8"))
    written = []
    for pupil in CLASS:
        answers = {question.grade_id: pupil.answer(question) for question in questions_of(ASSIGNMENT)}
        text = json.dumps(notebook if pupil.blank else fill(notebook, answers), indent=1)
        path = folder / "submitted" / pupil.name / ASSIGNMENT / released.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text[: pupil.cut] if pupil.cut else text, encoding="utf-8")
        written.append(path)
    return written


def stale(folder: Path) -> bool:
    """Whether what was graded there is by another grader: the sample shows what this one does."""
    version = grader_version(ASSIGNMENT)
    return any(one["grader"] != version for result in Results(folder, ASSIGNMENT) for one in result["questions"])
