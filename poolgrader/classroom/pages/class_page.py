"""The page about a class: distribution of marks, frequent mistakes, unusual submissions, time and memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from poolgrader.classroom.gradebook.marks import Mark
from poolgrader.classroom.pages.page_names import page_names
from poolgrader.classroom.pages.page_parts import (
    Person,
    ShareBar,
    histogram,
    percentile,
    rendered,
    share_bar,
)
from poolgrader.classroom.pages.pseudonyms import Pseudonyms
from poolgrader.classroom.pages.reasons import explained, keys_of, meaning, not_normal, total
from poolgrader.classroom.run.result import Result
from poolgrader.questions import questions_of

Older = Mapping[str, Mapping[str, str]]
Data = dict[str, Any]  # the variables of the template, by name
NAMED = 5  # so many learners with the longest run time are named
MIB = 2**20


@dataclass(frozen=True)
class Class:
    """The data that the page of a class is made from; see `class_page`."""

    assignment: str
    results: Sequence[Result]
    marks: Mapping[str, Mark]
    anonymous: Pseudonyms | None = None
    ungraded: Sequence[str] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    older: Older = field(default_factory=dict)

    def named(self, learner: str) -> str:
        """The name or pseudonym of a learner on the page."""
        return self.anonymous.of(learner) if self.anonymous else learner

    def shown(self, learner: str) -> Person:
        """A learner's name or pseudonym, with the link to their page."""
        return Person(self.named(learner), self.files[learner])

    def told(self, learner: str, text: str) -> str:
        """A text about a learner as the page shows it: if anonymous, without names."""
        return self.anonymous.hide(learner, text) if self.anonymous else text

    def total(self, result: Result) -> float:
        """The points that count: those in the gradebook, or the grader's if the gradebook has no mark."""
        mark = self.marks.get(str(result["learner"]))
        return mark.total if mark and mark.graded else total(result)


@dataclass(frozen=True)
class QuestionSummary:
    """How the class did on a question; `reason`: the most frequent reason for lost points, and its count."""

    name: str
    points: float
    mean: float
    share: ShareBar
    reason: tuple[str, int] | None


@dataclass(frozen=True)
class Made:
    """A mistake, and how many learners made it."""

    question: str
    key: str
    says: str
    learners: int


@dataclass(frozen=True)
class Row:
    """A learner's row in the table: `points` for each question, or None; `late` is the penalty."""

    who: Person
    points: Sequence[float | None]
    late: float
    total: float
    reasons: Sequence[str]
    by_hand: Sequence[str]


def class_page(
    assignment: str,
    results: Sequence[Result],
    marks: Mapping[str, Mark] | None = None,
    anonymous: Pseudonyms | None = None,
    ungraded: Sequence[str] = (),
    files: Mapping[str, str] | None = None,
    older: Older | None = None,
) -> str:
    """The page of a class.

    Args:
        assignment: the assignment's name, such as "03_sorting".
        results: the grader's results, one for each learner.
        marks: the marks in the gradebook.
        anonymous: the pseudonyms that replace names, if the page is to be anonymous.
        ungraded: learners who handed in work that has no result.
        files: file names of the learners' pages; by default those that `files_of` gives to these learners.
        older: lines about marks by hand that are older than the submitted work, by learner, then by question.
    """
    files = files or files_of([str(result["learner"]) for result in results], anonymous)
    klass = Class(assignment, results, marks or {}, anonymous, ungraded, files, older or {})
    sections = (_distribution, _teach_again, _resources, _sandboxes_and_graders) if results else ()
    return rendered(
        "class_page.html",
        title=f"{assignment}: the class",
        results=len(results),
        ungraded=[Person(klass.named(learner)) for learner in ungraded],
        strange=_unusual(klass),
        ids=[question.id for question in questions_of(assignment)],
        questions=_by_question(klass),
        everybody=list(_rows(klass)),
        **{name: value for section in sections for name, value in section(klass).items()},
    )


def files_of(learners: Sequence[str], anonymous: Pseudonyms | None = None) -> dict[str, str]:
    """The file names of the learners' pages. If anonymous, they do not tell whose page it is."""
    if anonymous is None:
        return page_names(learners)
    files = page_names(map(anonymous.of, learners))
    return {learner: files[anonymous.of(learner)] for learner in learners}


def _distribution(klass: Class) -> Data:
    totals = [klass.total(result) for result in klass.results]
    out_of = sum(question.points for question in questions_of(klass.assignment))
    most = max([out_of, *(mark.max_score for mark in klass.marks.values())])
    return {
        "median": percentile(totals, 0.5),
        "most": most,
        "mean": sum(totals) / len(totals),
        "with_all": sum(value >= most for value in totals),
        "with_none": sum(value == 0 for value in totals),
        "spread": histogram(totals, most),
    }


def _by_question(klass: Class) -> list[QuestionSummary]:
    rows = []
    for question in questions_of(klass.assignment):
        records = [
            (str(result["learner"]), record)
            for result in klass.results
            for record in result["questions"]
            if record["question"] == question.id
        ]
        if not records:
            continue
        points = [record["points"] for _, record in records]
        full = sum(value >= question.points for value in points)
        none = sum(value == 0 for value in points)
        often = Counter(
            klass.told(learner, str(record["reason"]))
            for learner, record in records
            if record["status"] not in ("right", "not started")
        ).most_common(1)
        share = share_bar(full, len(points) - full - none, none)
        mean = sum(points) / len(points)
        name = f"{question.id} {question.title}"
        rows.append(QuestionSummary(name, question.points, mean, share, often[0] if often else None))
    return rows


def _teach_again(klass: Class) -> Data:
    learners: dict[tuple[str, str], set[str]] = defaultdict(set)
    unnamed: Counter[str] = Counter()
    for result in klass.results:
        for record in result["questions"]:
            keys = keys_of(record)
            for key in keys:
                learners[record["question"], key].add(str(result["learner"]))
            unnamed[record["question"]] += record["status"] == "wrong" and not keys
    often = sorted(learners.items(), key=lambda item: (-len(item[1]), item[0]))
    return {
        "mistakes": [Made(question, key, meaning(question, key), len(who)) for (question, key), who in often],
        "unnamed": [(question, count) for question, count in sorted(unnamed.items()) if count],
    }


def _unusual(klass: Class) -> list[tuple[Person, str]]:
    rows = []
    for result in klass.results:
        learner = str(result["learner"])
        reasons = [*not_normal(result, klass.marks.get(learner)), *klass.older.get(learner, {}).values()]
        rows += [(klass.shown(learner), klass.told(learner, reason)) for reason in reasons]
    return rows


def _resources(klass: Class) -> Data:
    seconds = {str(result["learner"]): float(result["seconds"]) for result in klass.results}
    peaks = {str(result["learner"]): peak_bytes(result) for result in klass.results}
    memory = {learner: peak / MIB for learner, peak in peaks.items() if peak is not None}
    used = [float(result["cpu_seconds"]) for result in klass.results if "cpu_seconds" in result]
    took = {
        "seconds by the clock": list(seconds.values()),
        "seconds of the processor, learners' processes alone": used,
        "memory of the largest process, MiB": list(memory.values()),
    }
    slowest = sorted(seconds, key=lambda learner: -seconds[learner])[:NAMED]
    largest = max(memory, key=lambda learner: memory[learner], default=None)
    return {
        "took": [(what, _figures(values)) for what, values in took.items() if values],
        "slowest": [(klass.shown(learner), seconds[learner]) for learner in slowest],
        "largest": (klass.shown(largest), memory[largest]) if largest is not None else None,
    }


def peak_bytes(result: Result) -> float | None:
    """The peak memory of a submission's processes in bytes; None if the result does not have it."""
    peak = result.get("peak_bytes")
    return float(peak) if isinstance(peak, int | float) and peak > 0 else None


def _figures(values: Sequence[float]) -> tuple[float, float, float]:
    return percentile(values, 0.5), percentile(values, 0.95), max(values)


def _rows(klass: Class) -> Iterator[Row]:
    ids = [question.id for question in questions_of(klass.assignment)]
    for result in klass.results:
        learner = str(result["learner"])
        mark = klass.marks.get(learner)
        points = {record["question"]: record["points"] for record in result["questions"]}
        if mark and mark.graded:
            points |= {name: part.points for name, part in mark.parts.items()}
        yield Row(
            klass.shown(learner),
            [points.get(name) for name in ids],
            mark.penalty if mark else 0.0,
            klass.total(result),
            [klass.told(learner, reason) for reason in explained(result)],
            mark.by_hand if mark else (),
        )


def _sandboxes_and_graders(klass: Class) -> Data:
    sandboxes = Counter(str(result["sandbox"]) for result in klass.results)
    graders = Counter(
        grader
        for result in klass.results
        for grader in {str(r.get("grader", result["grader"])) for r in result["questions"]}
    )
    return {"sandboxes": sandboxes.most_common(), "graders": graders.most_common()}
