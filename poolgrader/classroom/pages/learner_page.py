"""The page 'Why this mark' of one learner, which nbgrader also hands back as feedback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from poolgrader.classroom.gradebook.marks import Mark
from poolgrader.classroom.lms.roster import number
from poolgrader.classroom.pages.page_parts import rendered
from poolgrader.classroom.pages.pseudonyms import Pseudonyms
from poolgrader.classroom.pages.reasons import meanings
from poolgrader.classroom.run.result import QuestionRecord, Result
from poolgrader.questions import questions_of
from poolgrader.whole_files import write_changed

Records = Sequence[QuestionRecord]
SIGNS = {"right": "✓ all of it", "not started": "– not started"}


@dataclass(frozen=True)
class Row:
    """A row of the table of points; `title` and `out_of` are None for a cell that belongs to no question."""

    name: str
    title: str | None
    points: float
    out_of: float | None
    why: str


@dataclass(frozen=True)
class Section:
    """The section of the page about a question, or about a cell that belongs to no question.

    Args:
        name: such as "3.2".
        title: of the question.
        comment: what an instructor typed.
        older: a line that the mark by hand is older than the work; "" if it is not.
        by_hand: the points that count if a person gave a mark, or None.
        verdict: the judge's feedback as HTML; empty if there is none.
        text: the judge's feedback as text.
        answer: what was handed in, or None if that is not known.
    """

    name: str
    title: str = ""
    comment: str = ""
    older: str = ""
    by_hand: float | None = None
    verdict: Markup | None = None
    text: str = ""
    answer: str | None = None


def write_learner_page(path: Path, page: str) -> None:
    """Write a learner's page to a file, unless the file holds it already."""
    write_changed(path, page.encode("utf-8", "replace"))


def learner_page(
    result: Result,
    answers: Mapping[str, str] | None = None,
    mark: Mark | None = None,
    anonymous: Pseudonyms | None = None,
    newer: bool = False,
    older: Mapping[str, str] | None = None,
) -> str:
    """The page of one learner.

    Args:
        result: of the grader.
        answers: what was handed in and graded, by question.
        mark: as the gradebook has it, with penalties and marks by hand; None shows the grader's points only.
        anonymous: the pseudonyms, if names are left out.
        newer: another notebook was handed in since, and is not graded yet.
        older: lines about marks by hand that are older than the work, by question.
    """
    learner, records, older = str(result["learner"]), result["questions"], older or {}
    titles = {question.id: question.title for question in questions_of(str(result["assignment"]))}
    points, out_of = sum(one["points"] for one in records), sum(one["max_points"] for one in records)
    return rendered(
        "learner_page.html",
        title=f"{result['assignment']}: why {anonymous.of(learner) if anonymous else learner} has this mark",
        learner=learner,
        anonymous=anonymous,
        points=mark.total if mark else points,
        out_of=mark.max_score if mark else out_of,
        problem=result["problem"],
        mark=mark,
        hours_late=f"{mark.seconds_late / 3600:.1f}" if mark else "",
        newer=newer,
        marks=list(_rows(records, mark, titles)),
        sandbox=result["sandbox"],
        graders=sorted({str(record.get("grader") or result["grader"]) for record in records}),
        failed_cells=result["cells"],
        questions=[_question(record, titles, answers or {}, mark, older) for record in records],
        others=list(_others(records, mark, older)),
    )


def _rows(records: Records, mark: Mark | None, titles: Mapping[str, str]) -> Iterator[Row]:
    for record in records:
        name = record["question"]
        part = mark.parts.get(name) if mark else None
        why = SIGNS.get(record["status"]) or meanings(record) or str(record["reason"])
        if part and part.by_hand is not None:
            why = f"marked by hand; the grader gave {number(record['points'])}"
        points = part.points if part else record["points"]
        yield Row(name, titles.get(name, ""), points, record["max_points"], why)
    known = {record["question"] for record in records}
    for name, part in mark.parts.items() if mark else ():
        if name not in known:
            yield Row(name, None, part.points, None, "waits for a mark" if part.waits else "marked by hand")


def _question(
    record: QuestionRecord,
    titles: Mapping[str, str],
    answers: Mapping[str, str],
    mark: Mark | None,
    older: Mapping[str, str],
) -> Section:
    name = str(record["question"])
    part = mark.parts.get(name) if mark else None
    return Section(
        name,
        titles.get(name, ""),
        mark.comments.get(name, "") if mark else "",
        older.get(name, ""),
        part.points if part and part.by_hand is not None else None,
        _trusted(record),
        record["text"],
        answers.get(name),
    )


def _trusted(record: QuestionRecord) -> Markup:
    """The judge's feedback, the only HTML on the page that does not come from the templates.

    The judge (`poolgrader.judging.feedback`) has escaped whatever a learner wrote. The HTML is read from the
    result's file, which is in the instructor's folder, where no learner can write.
    """
    return Markup(record["html"])


def _others(records: Records, mark: Mark | None, older: Mapping[str, str]) -> Iterator[Section]:
    """Yield the sections about cells that belong to no question, but have a comment or an older mark."""
    asked = {record["question"] for record in records}
    comments = mark.comments if mark else {}
    for name in dict.fromkeys([*comments, *older]):
        if name not in asked:
            yield Section(name, comment=comments.get(name, ""), older=older.get(name, ""))
