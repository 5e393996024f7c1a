"""Makes the reports on a grading: a table for the terminal, a page for each learner, a page for the class."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from rich import box
from rich.table import Table
from rich.text import Text

from poolgrader.classroom.gradebook.marks import Mark, read_marks
from poolgrader.classroom.gradebook.older_marks import older_marks
from poolgrader.classroom.handed_in.submission import Release, read_submission
from poolgrader.classroom.pages.class_page import class_page, files_of
from poolgrader.classroom.pages.learner_page import learner_page, write_learner_page
from poolgrader.classroom.pages.page_names import CLASS
from poolgrader.classroom.pages.page_parts import MARK
from poolgrader.classroom.pages.pseudonyms import Pseudonyms
from poolgrader.classroom.pages.reasons import explained, total
from poolgrader.classroom.run.result import Part, QuestionRecord, Result, Results, handed_out_as, notebook_of
from poolgrader.classroom.terminal import plain
from poolgrader.questions import questions_of
from poolgrader.whole_files import write_changed

__all__ = ["answers_of", "class_page", "explained", "table", "total", "write_pages"]

LONGEST = 32  # letters of a name in the table; a longer name is cut
NO_PARTS: list[Part] = []
# From this file nbgrader's exchange knows whose the feedback is; the exchange adds it to each submission.
EXCHANGE_SECRET = "submission_secret.txt"


def table(assignment: str, results: Sequence[Result], anonymous: Pseudonyms | None = None) -> Table:
    """The table of marks, a row for each learner.

    Args:
        assignment: such as "03_sorting".
        results: of the grader.
        anonymous: the pseudonyms, if names are left out.
    """
    questions = questions_of(assignment)
    out_of = sum(question.points for question in questions)
    shown = Table(
        title=f"{assignment}: marks", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    shown.add_column("learner", no_wrap=True, overflow="ellipsis", max_width=LONGEST)
    for question in questions:
        shown.add_column(f"{question.id}\n/ {question.points:g}", justify="right", no_wrap=True)
    shown.add_column(f"total\n/ {out_of:g}", justify="right", style="bold", no_wrap=True)
    shown.add_column("mistakes named, and other reasons", overflow="fold")
    for result in results:
        learner = str(result["learner"])
        marks = [f"{record['points']:.3g}" for record in result["questions"]]
        reasons, name = explained(result), learner
        if anonymous:
            reasons, name = [anonymous.hide(learner, reason) for reason in reasons], anonymous.of(learner)
        why = Text("\n".join(map(plain, reasons)))  # as Text, so that markup by a learner is not interpreted
        shown.add_row(Text(plain(name)), *marks, f"{total(result):.3g}", why)
    return shown


def answers_of(folder: Path, result: Result) -> tuple[dict[str, str], bool]:
    """What a learner handed in for each question, from the notebook that was graded, and no other.

    Args:
        folder: of the class.
        result: of the grader.

    Returns:
        the sources by question, {} if the notebook is not there or cannot be read; and whether another
        notebook has taken its place.
    """
    learner, assignment = str(result["learner"]), str(result["assignment"])
    path = folder / "submitted" / learner / assignment / notebook_of(result)
    submission = read_submission(path, learner, assignment, Release((), frozenset()))
    if submission.content != result["content"]:
        return {}, bool(submission.content)
    cells = dict(submission.cells)
    return {
        question.id: cells[question.grade_id]
        for question in questions_of(assignment)
        if question.grade_id in cells
    }, False


def write_pages(
    folder: Path,
    assignment: str,
    results: Sequence[Result],
    anonymous: Pseudonyms | None = None,
    marks: Mapping[str, Mark] | None = None,
) -> Path:
    """Write all pages, the learners' also to nbgrader's feedback/; return the path of the class's page.

    Args:
        folder: of the class.
        assignment: such as "03_sorting".
        results: of the grader.
        anonymous: the pseudonyms, if names are left out; such pages go to a folder of their own.
        marks: as the gradebook has them; if they are not given, they are read from it.
    """
    marks = read_marks(folder, assignment) if marks is None else marks
    older = older_marks(folder, assignment, marks)
    pages = folder / ("reports-anonymous" if anonymous else "reports") / assignment
    learners = (
        results.learners if isinstance(results, Results) else [str(result["learner"]) for result in results]
    )
    files = files_of(learners, anonymous)
    _remove_renamed(pages, files)
    lean: list[Result] = []
    for result in results:
        learner = str(result["learner"])
        answers, newer = answers_of(folder, result)
        made = partial(
            learner_page, result, answers, marks.get(learner), newer=newer, older=older.get(learner)
        )
        own = made()  # learners may read their own names
        write_learner_page(pages / files[learner], made(anonymous=anonymous) if anonymous else own)
        _hand_back(folder, result, own)
        lean.append(_without_texts(result))
    graded = {result["learner"] for result in lean}
    handed_in_by = (path.parent.name for path in (folder / "submitted").glob(f"*/{assignment}"))
    ungraded = sorted(name for name in handed_in_by if name not in graded and not name.startswith("."))
    index = pages / f"{CLASS}.html"
    page = class_page(assignment, lean, marks, anonymous, ungraded, files, older)
    write_changed(index, page.encode("utf-8", "replace"))
    return index


def _remove_renamed(pages: Path, files: Mapping[str, str]) -> None:
    """Remove pages of learners whose pages have another name now: they would show old marks."""
    now = {f"{CLASS}.html", *files.values()}
    for learner, file in files.items():
        before = f"{learner}.html"
        if before != file and before not in now and "/" not in learner and _is_ours(pages / before):
            (pages / before).unlink()


def _is_ours(page: Path) -> bool:
    """Whether this page exists and was written by poolgrader, not by nbgrader or anybody else."""
    try:
        with page.open("rb") as file:
            return MARK in file.read(1000)
    except OSError:
        return False


def _without_texts(result: Result) -> Result:
    """What the class's page shows of a result. The texts of ten thousand learners would fill memory,
    and so would equal words if each learner had a copy of their own.
    """
    return {**result, "questions": [_record_without_texts(record) for record in result["questions"]]}


def _record_without_texts(record: QuestionRecord) -> QuestionRecord:
    return {
        "question": sys.intern(record["question"]),
        "points": record["points"],
        "max_points": record["max_points"],
        "status": record["status"],
        "parts": NO_PARTS,
        "mistake": sys.intern(record["mistake"]),
        "reason": sys.intern(record["reason"]),
        "text": "",
        "html": "",
        "grader": sys.intern(record.get("grader", "")),
    }


def _hand_back(folder: Path, result: Result, page: str) -> None:
    """Write a page into the folder from which nbgrader hands back feedback. A page that nbgrader itself wrote
    is not overwritten.

    nbgrader's exchange hands back a page only if the learner handed in a notebook with the same name as the
    page. So the page is written under the name of the released notebook and under that of the graded one. If
    no notebook with the released name was handed in, it is written under the name of each other notebook too.
    """
    learner, assignment = str(result["learner"]), str(result["assignment"])
    handed_in = folder / "submitted" / learner / assignment
    if not handed_in.is_dir() or not (folder / "autograded" / learner / assignment).is_dir():
        return  # what is handed in now is not graded: nothing is handed back
    name = handed_out_as(assignment)
    names = {name, notebook_of(result)}
    if not (handed_in / name).exists():
        names |= {path.name for path in handed_in.glob("*.ipynb")}
    feedback = folder / "feedback" / learner / assignment
    for place in (feedback / f"{Path(name).stem}.html" for name in sorted(names)):
        if not place.exists() or _is_ours(place):
            write_learner_page(place, page)
    secret = handed_in / EXCHANGE_SECRET
    if secret.is_file() and not secret.is_symlink() and secret.stat().st_size < 1000:
        write_changed(feedback / EXCHANGE_SECRET, secret.read_bytes())
