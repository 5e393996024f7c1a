"""The result of one submission: plain data, as `result.schema.json` describes it,
one file for each learner.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NotRequired, TypedDict, cast, overload

from poolgrader.judging.verdict import Status
from poolgrader.whole_files import write_whole

Part = list[Any]  # its name, its points, and whether they were given


class Judgement(TypedDict):
    """What the judge found of one answer. The schema describes each key."""

    question: str
    points: float
    max_points: float
    status: Status
    parts: list[Part]
    mistake: str
    reason: str
    text: str
    html: str


class QuestionRecord(Judgement):
    """A judgement as it is kept: with the version of the grader that made it."""

    grader: str


class KeptLimits(TypedDict):
    """The limits within which a learner's code ran."""

    cell_seconds: float
    call_seconds: float
    answer_seconds: float
    memory_bytes: int


class Grading(TypedDict):
    """What came of running and judging a submission, before it has a learner's name."""

    wall: str
    cells: list[str]
    questions: list[Judgement]
    limits: KeptLimits
    seconds: float
    cpu_seconds: float
    peak_bytes: int


class Result(TypedDict):
    """The result of one submission, as its file holds it. The schema describes each key."""

    format: NotRequired[int]
    learner: str
    assignment: str
    notebook: NotRequired[str]
    content: str
    grader: str
    problem: str
    wall: str
    cells: list[str]
    questions: list[QuestionRecord]
    limits: KeptLimits
    seconds: float
    cpu_seconds: float
    peak_bytes: int


SCHEMA = Path(__file__).with_name("result.schema.json")
FORMAT = 2  # of a result's file; those of format 1 have no number, and may not name the notebook
NEEDED = {"learner", "assignment", "content", "grader", "wall", "problem", "cells", "questions"}


def result_path(folder: Path, assignment: str, learner: str) -> Path:
    """Where a learner's result is kept."""
    return folder / "results" / assignment / f"{learner}.json"


class NewerResult(ValueError):
    """A result in a format that this grader does not know yet; the message says which file."""


def read_result(path: Path) -> Result | None:
    """A kept result, or None where there is none or it is not whole.
    All formats up to this grader's are read.

    Raises:
        NewerResult: if a newer grader wrote it: taken for nothing, it would be written over.
    """
    try:
        result = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(result, dict) or not result.keys() >= NEEDED:
        return None
    written = result.get("format", 1)
    if not isinstance(written, int) or written > FORMAT:
        raise NewerResult(
            f"{path}: expected a result of format {FORMAT} or older, got {written!r}: use the newer grader"
        )
    return cast(Result, result)


def notebook_of(result: Result) -> str:
    """The file that was graded, by its place in the submission: as the result has it,
    or else as it was handed out.
    """
    named = result.get("notebook")
    if isinstance(named, str) and named and ".." not in Path(named).parts and not Path(named).is_absolute():
        return named
    return handed_out_as(result["assignment"])


def handed_out_as(assignment: str) -> str:
    """The file name that an assignment's notebook is handed out with."""
    return f"{assignment.partition('_')[2]}.ipynb"


def write_result(path: Path, result: Result) -> None:
    """Keep a result: whole or not at all, and on the disk when this returns.

    Raises:
        OSError: if it cannot be written.
    """
    write_whole(path, json.dumps({**result, "format": FORMAT}, indent=1).encode() + b"\n")


class Results(Sequence[Result]):
    """Results of a class in the order of the learners' names, each read when it is looked at,
    none kept in memory.

    Args:
        folder: of the class.
        assignment: as "03_sorting".
        learners: whose; all that have one, if not given.
    """

    def __init__(self, folder: Path, assignment: str, learners: Sequence[str] | None = None) -> None:
        kept = (folder / "results" / assignment).glob("*.json") if learners is None else ()
        names = (
            learners
            if learners is not None
            else [path.stem for path in kept if not path.name.startswith(".")]
        )
        self.learners = sorted(names)
        self._paths = [result_path(folder, assignment, name) for name in self.learners]

    def __len__(self) -> int:
        return len(self._paths)

    def __iter__(self) -> Iterator[Result]:
        return (result for result in map(read_result, self._paths) if result is not None)

    @overload
    def __getitem__(self, index: int) -> Result: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Result]: ...
    def __getitem__(self, index: int | slice) -> Result | Sequence[Result]:
        if isinstance(index, slice):
            return [result for result in map(read_result, self._paths[index]) if result is not None]
        result = read_result(self._paths[index])
        if result is None:
            raise IndexError(f"{self._paths[index]}: expected a result, found none")
        return result


def kept_results(folder: Path, assignment: str) -> dict[str, Result]:
    """The kept results of an assignment, by learner."""
    paths = sorted((folder / "results" / assignment).glob("*.json"))
    found = ((path.stem, read_result(path)) for path in paths if not path.name.startswith("."))
    return {learner: result for learner, result in found if result}
