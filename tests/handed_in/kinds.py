"""What a kind of notebook is: how it differs from the released one with right answers, and what it earns."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from poolgrader.classroom import sample
from poolgrader.questions import questions_of
from tests.course import ROOT, SAMPLE

ASSIGNMENT = SAMPLE.assignment
RELEASED = ROOT / "exercises" / ASSIGNMENT / "max_pooling.ipynb"
QUESTIONS = questions_of(ASSIGNMENT)
FULL = sum(question.points for question in QUESTIONS)
ANSWERS = {question.grade_id: question.answer for question in QUESTIONS}
PLANE = next(question for question in QUESTIONS if question.id == "3.2")

Notebook = dict[str, Any]
Change = Callable[[Notebook], Any]
Write = Callable[[Path, Notebook], None]


def as_released(folder: Path, notebook: Notebook) -> None:
    """Write a notebook under the released name, as Jupyter does."""
    (folder / RELEASED.name).write_text(json.dumps(notebook, indent=1, ensure_ascii=False), encoding="utf-8")


@dataclass(frozen=True)
class Kind:
    """One kind of notebook.

    Args:
        name: in words.
        answers: the texts of answers' cells that differ from the reference's answers, by grade id.
        before, after: cells that the learner added at the start, and at the end.
        change: changes the notebook, or makes another one.
        write: writes the file, or the files.
        lost: the official mark is so many points below full marks.
        aside: a part of the reason why it is set aside without a mark; "" if it is graded.
        reason: a part of the reason for the lost points.
        warned: a part of what `check` says beforehand; "" if it says nothing.
    """

    name: str
    answers: Mapping[str, str] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    change: Change = lambda notebook: notebook
    write: Write = as_released
    lost: float = 0.0
    aside: str = ""
    reason: str = ""
    warned: str = ""

    def notebook(self) -> Notebook:
        """The notebook of this kind, before it is written."""
        notebook = sample.fill(json.loads(RELEASED.read_text(encoding="utf-8")), {**ANSWERS, **self.answers})
        notebook["cells"] = [*map(own, self.before), *notebook["cells"], *map(own, self.after)]
        changed: Notebook = self.change(notebook) or notebook
        return changed

    def hand_in(self, folder: Path) -> None:
        """Write what a learner hands in.

        Args:
            folder: of the submission.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.write(folder, self.notebook())


def own(source: str) -> Notebook:
    """A code cell of the learner's."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
    }


def cell_of(notebook: Notebook, grade_id: str) -> Notebook:
    """The first cell with a grade id."""
    found: Notebook = next(
        cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )
    return found


def code_cells(notebook: Notebook) -> list[Notebook]:
    """The code cells of a notebook."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
