"""The reasons for a mark, in a few words, and what is unusual about a submission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from poolgrader.classroom.run.result import QuestionRecord, Result, handed_out_as, notebook_of
from poolgrader.jail.confine import BARE
from poolgrader.questions import find

if TYPE_CHECKING:
    from poolgrader.classroom.gradebook.marks import Mark


def total(result: Result) -> float:
    """The sum of the points that the grader gave a learner."""
    return round(float(sum(record["points"] for record in result["questions"])), 6)


def explained(result: Result) -> list[str]:
    """Why a learner does not have full marks: each reason in a few words."""
    if result["problem"]:
        return [str(result["problem"])]
    if all(record["status"] == "not started" for record in result["questions"]):
        return ["not started"]
    cells = dict(problem.split(": ", 1) for problem in result["cells"])
    reasons = []
    for record in result["questions"]:
        if record["status"] != "right":
            own = cells.pop(
                find(record["question"]).grade_id, ""
            )  # if a cell failed, its error explains the NameError
            reason = own if own and record["reason"].startswith("NameError") else record["reason"]
            reasons.append(f"{record['question']} {reason}")
    return list(map(_on_a_line, [*reasons, *(f"{cell}: {reason}" for cell, reason in cells.items())]))


def _on_a_line(text: str) -> str:
    """The text in one line: a line break in it could make it look like a line about another learner."""
    return " ".join(text.split())


def not_normal(result: Result, mark: Mark | None = None) -> list[str]:
    """Lines for the instructor on what is unusual about a submission; wrong answers are not unusual.

    Args:
        result: the grader's result.
        mark: the mark in the gradebook.
    """
    lines = [str(result["problem"])] if result["problem"] else []
    if notebook_of(result) != handed_out_as(result["assignment"]):
        lines.append(f"handed in as {notebook_of(result)!r}")
    lines += [f"cell that failed: {problem}" for problem in result["cells"]]
    for record in result["questions"]:
        if record["status"] in ("lost", "forbidden") and not result["problem"]:
            lines.append(f"{record['question']} {record['reason']}")
    if result["sandbox"] == BARE:
        lines.append(f"graded without a sandbox ({BARE})")
    lines = list(map(_on_a_line, lines))
    if mark:
        lines += ["waits for a mark by hand"] if mark.waits else []
        lines += (
            ["needs autograding: not every question has a mark in the gradebook"] if not mark.graded else []
        )
        lines += [f"late: {mark.penalty:g} points taken off"] if mark.penalty else []
    return lines


def meaning(question_id: str, key: str) -> str:
    """The explanation of a mistake that the learner reads; "" if the question has no such mistake."""
    return next((mistake.says for mistake in find(question_id).mistakes if mistake.key == key), "")


def keys_of(record: QuestionRecord) -> list[str]:
    """The mistakes that explain an answer; in a record, "a + b" means both, "a | b" either of them."""
    return str(record["mistake"]).replace("+", " ").replace("|", " ").split()


def meanings(record: QuestionRecord) -> str:
    """The explanations of an answer's mistakes; "" if no known mistake explains it."""
    between = " Or: " if "|" in record["mistake"] else " "
    return between.join(meaning(record["question"], key) for key in keys_of(record))
