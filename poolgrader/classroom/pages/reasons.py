"""Why a mark is what it is, in a few words; and what is not normal about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from poolgrader.classroom.run.result import QuestionRecord, Result, handed_out_as, notebook_of
from poolgrader.jail.confine import BARE
from poolgrader.questions import find

if TYPE_CHECKING:
    from poolgrader.classroom.gradebook.marks import Mark


def total(result: Result) -> float:
    """Points of one learner, by the grader."""
    return round(float(sum(record["points"] for record in result["questions"])), 6)


def explained(result: Result) -> list[str]:
    """Why a learner does not have all points, a few words for each reason."""
    if result["problem"]:
        return [str(result["problem"])]
    if all(record["status"] == "not started" for record in result["questions"]):
        return ["not started"]
    cells = dict(problem.split(": ", 1) for problem in result["cells"])
    reasons = []
    for record in result["questions"]:
        if record["status"] != "right":
            own = cells.pop(find(record["question"]).grade_id, "")  # why the name is not defined says more
            reason = own if own and record["reason"].startswith("NameError") else record["reason"]
            reasons.append(f"{record['question']} {reason}")
    return list(map(_on_a_line, [*reasons, *(f"{cell}: {reason}" for cell, reason in cells.items())]))


def _on_a_line(text: str) -> str:
    """What a learner wrote begins no line of its own, which could pass for a line about somebody else."""
    return " ".join(text.split())


def not_normal(result: Result, mark: Mark | None = None) -> list[str]:
    """What an instructor may want to look at, one line each; a wrong answer is normal.

    Args:
        result: of the grader.
        mark: as the gradebook has it.
    """
    lines = [str(result["problem"])] if result["problem"] else []
    if notebook_of(result) != handed_out_as(result["assignment"]):
        lines.append(f"handed in as {notebook_of(result)!r}")
    lines += [f"cell that failed: {problem}" for problem in result["cells"]]
    for record in result["questions"]:
        if record["status"] in ("lost", "forbidden") and not result["problem"]:
            lines.append(f"{record['question']} {record['reason']}")
    if result["wall"] == BARE:
        lines.append(f"graded without walls ({BARE})")
    lines = list(map(_on_a_line, lines))
    if mark:
        lines += ["waits for a mark by hand"] if mark.waits else []
        lines += (
            ["needs autograding: not every question has a mark in the gradebook"] if not mark.graded else []
        )
        lines += [f"late: {mark.penalty:g} points taken off"] if mark.penalty else []
    return lines


def meaning(question_id: str, key: str) -> str:
    """What a mistake does, in the words that the learner reads."""
    return next((mistake.says for mistake in find(question_id).mistakes if mistake.key == key), "")


def keys_of(record: QuestionRecord) -> list[str]:
    """The mistakes that explain an answer: "a + b" are both, "a | b" either."""
    return str(record["mistake"]).replace("+", " ").replace("|", " ").split()


def meanings(record: QuestionRecord) -> str:
    """What the mistakes of an answer do; "" where none is known."""
    between = " Or: " if "|" in record["mistake"] else " "
    return between.join(meaning(record["question"], key) for key in keys_of(record))
