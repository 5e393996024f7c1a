"""The class on one page: how the marks are spread, what to teach again, what is not normal, what it took."""

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
Data = dict[str, Any]  # for the template, by the names that it has there
NAMED = 5  # slowest learners that are named
MIB = 2**20


@dataclass(frozen=True)
class Class:
    """What a page of a class is made of; see `class_page`."""

    assignment: str
    results: Sequence[Result]
    marks: Mapping[str, Mark]
    anonymous: Pseudonyms | None = None
    ungraded: Sequence[str] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    older: Older = field(default_factory=dict)

    def named(self, learner: str) -> str:
        """A learner as the page names them, as text."""
        return self.anonymous.of(learner) if self.anonymous else learner

    def shown(self, learner: str) -> Person:
        """A learner as the page names them, with their page."""
        return Person(self.named(learner), self.files[learner])

    def told(self, learner: str, text: str) -> str:
        """A learner's text as the page shows it."""
        return self.anonymous.hide(learner, text) if self.anonymous else text

    def total(self, result: Result) -> float:
        """What counts: the gradebook's mark, or the grader's where the gradebook has none."""
        mark = self.marks.get(str(result["learner"]))
        return mark.total if mark and mark.graded else total(result)


@dataclass(frozen=True)
class QuestionSummary:
    """How a question went; `reason`: the most frequent one that points were lost for, and how often."""

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
    """A learner's line: `points` by question, None where there are none; `late` is the penalty."""

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
        assignment: as "03_sorting".
        results: of the grader, one a learner.
        marks: as the gradebook has them.
        anonymous: what stands in the place of names, if they are left out.
        ungraded: learners who handed in and have no result.
        files: names of the learners' pages; as `page_names` gives them to these learners alone, if not given.
        older: what there is to say of marks by hand that are older than the work, by learner, then by
            question.
    """
    files = files or files_of([str(result["learner"]) for result in results], anonymous)
    one = Class(assignment, results, marks or {}, anonymous, ungraded, files, older or {})
    sections = (_spread, _teach_again, _took, _came_about) if results else ()
    return rendered(
        "class_page.html",
        title=f"{assignment}: the class",
        results=len(results),
        ungraded=[Person(one.named(learner)) for learner in ungraded],
        strange=_strange(one),
        ids=[question.id for question in questions_of(assignment)],
        questions=_by_question(one),
        everybody=list(_everybody(one)),
        **{name: value for section in sections for name, value in section(one).items()},
    )


def files_of(learners: Sequence[str], anonymous: Pseudonyms | None = None) -> dict[str, str]:
    """The names of the learners' pages; of those without names, nothing in them tells whose page it is."""
    if anonymous is None:
        return page_names(learners)
    files = page_names(map(anonymous.of, learners))
    return {learner: files[anonymous.of(learner)] for learner in learners}


def _spread(one: Class) -> Data:
    totals = [one.total(result) for result in one.results]
    out_of = sum(question.points for question in questions_of(one.assignment))
    most = max([out_of, *(mark.max_score for mark in one.marks.values())])
    return {
        "median": percentile(totals, 0.5),
        "most": most,
        "mean": sum(totals) / len(totals),
        "with_all": sum(value >= most for value in totals),
        "with_none": sum(value == 0 for value in totals),
        "spread": histogram(totals, most),
    }


def _by_question(one: Class) -> list[QuestionSummary]:
    rows = []
    for question in questions_of(one.assignment):
        records = [
            (str(result["learner"]), record)
            for result in one.results
            for record in result["questions"]
            if record["question"] == question.id
        ]
        if not records:
            continue
        points = [record["points"] for _, record in records]
        full = sum(value >= question.points for value in points)
        none = sum(value == 0 for value in points)
        often = Counter(
            one.told(learner, str(record["reason"]))
            for learner, record in records
            if record["status"] not in ("right", "not started")
        ).most_common(1)
        share = share_bar(full, len(points) - full - none, none)
        mean = sum(points) / len(points)
        name = f"{question.id} {question.title}"
        rows.append(QuestionSummary(name, question.points, mean, share, often[0] if often else None))
    return rows


def _teach_again(one: Class) -> Data:
    learners: dict[tuple[str, str], set[str]] = defaultdict(set)
    unnamed: Counter[str] = Counter()
    for result in one.results:
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


def _strange(one: Class) -> list[tuple[Person, str]]:
    rows = []
    for result in one.results:
        learner = str(result["learner"])
        reasons = [*not_normal(result, one.marks.get(learner)), *one.older.get(learner, {}).values()]
        rows += [(one.shown(learner), one.told(learner, reason)) for reason in reasons]
    return rows


def _took(one: Class) -> Data:
    seconds = {str(result["learner"]): float(result["seconds"]) for result in one.results}
    peaks = {str(result["learner"]): peak_bytes(result) for result in one.results}
    memory = {learner: peak / MIB for learner, peak in peaks.items() if peak is not None}
    used = [float(result["cpu_seconds"]) for result in one.results if "cpu_seconds" in result]
    took = {
        "seconds by the clock": list(seconds.values()),
        "seconds of the processor, learners' processes alone": used,
        "memory of the largest process, MiB": list(memory.values()),
    }
    slowest = sorted(seconds, key=lambda learner: -seconds[learner])[:NAMED]
    largest = max(memory, key=lambda learner: memory[learner], default=None)
    return {
        "took": [(what, _figures(values)) for what, values in took.items() if values],
        "slowest": [(one.shown(learner), seconds[learner]) for learner in slowest],
        "largest": (one.shown(largest), memory[largest]) if largest is not None else None,
    }


def peak_bytes(result: Result) -> float | None:
    """The most memory that a result says its processes took, in bytes; None where it does not say."""
    peak = result.get("peak_bytes")
    return float(peak) if isinstance(peak, int | float) and peak > 0 else None


def _figures(values: Sequence[float]) -> tuple[float, float, float]:
    return percentile(values, 0.5), percentile(values, 0.95), max(values)


def _everybody(one: Class) -> Iterator[Row]:
    ids = [question.id for question in questions_of(one.assignment)]
    for result in one.results:
        learner = str(result["learner"])
        mark = one.marks.get(learner)
        points = {record["question"]: record["points"] for record in result["questions"]}
        if mark and mark.graded:
            points |= {name: part.points for name, part in mark.parts.items()}
        yield Row(
            one.shown(learner),
            [points.get(name) for name in ids],
            mark.penalty if mark else 0.0,
            one.total(result),
            [one.told(learner, reason) for reason in explained(result)],
            mark.by_hand if mark else (),
        )


def _came_about(one: Class) -> Data:
    walls = Counter(str(result["wall"]) for result in one.results)
    graders = Counter(
        grader
        for result in one.results
        for grader in {str(r.get("grader", result["grader"])) for r in result["questions"]}
    )
    return {"walls": walls.most_common(), "graders": graders.most_common()}
