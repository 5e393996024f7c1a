"""The result of grading one submission, kept in one file for each learner and assignment.

`result.schema.json` describes the data.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NotRequired, TypedDict, cast, overload

from poolgrader.judging.verdict import Status
from poolgrader.whole_files import write_whole

Part = list[Any]  # name, points, and whether the learner gets them


class Judgement(TypedDict):
    """The judge's result for one answer. The schema describes each key."""

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
    """A judgement with the version of the grader that made it, as it is kept in the result."""

    grader: str


class KeptLimits(TypedDict):
    """The limits within which a learner's code ran."""

    cell_seconds: float
    call_seconds: float
    answer_seconds: float
    memory_bytes: int


class Grading(TypedDict):
    """The outcome of running and judging a submission; it does not contain the learner's name."""

    sandbox: str
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
    sandbox: str
    cells: list[str]
    questions: list[QuestionRecord]
    limits: KeptLimits
    seconds: float
    cpu_seconds: float
    peak_bytes: int


SCHEMA = Path(__file__).with_name("result.schema.json")
# The format of a result's file. Files of format 1 have no format number, and some name no notebook.
# In files up to format 2, the sandbox stands under the key "wall".
FORMAT = 3
NEEDED = {"learner", "assignment", "content", "grader", "sandbox", "problem", "cells", "questions"}


def result_path(folder: Path, assignment: str, learner: str) -> Path:
    """The file with a learner's result."""
    return folder / "results" / assignment / f"{learner}.json"


class NewerResult(ValueError):
    """A result is in a newer format than this grader knows; the message names the file."""


def read_result(path: Path) -> Result | None:
    """Read a result; None if the file is missing or incomplete. All formats up to FORMAT can be read.

    Raises:
        NewerResult: if a newer grader wrote it. If None were returned, the file would be overwritten.
    """
    try:
        result = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(result, dict):
        return None
    if "wall" in result:
        result.setdefault("sandbox", result.pop("wall"))
    if not result.keys() >= NEEDED:
        return None
    written = result.get("format", 1)
    if not isinstance(written, int) or written > FORMAT:
        raise NewerResult(
            f"{path}: expected a result of format {FORMAT} or older, got {written!r}: use the newer grader"
        )
    return cast(Result, result)


def notebook_of(result: Result) -> str:
    """The path, inside the submission, of the notebook that was graded.

    If the result does not name it, this is the name with which the notebook was handed out.
    """
    named = result.get("notebook")
    if isinstance(named, str) and named and ".." not in Path(named).parts and not Path(named).is_absolute():
        return named
    return handed_out_as(result["assignment"])


def handed_out_as(assignment: str) -> str:
    """The file name that an assignment's notebook is handed out with."""
    return f"{assignment.partition('_')[2]}.ipynb"


def write_result(path: Path, result: Result) -> None:
    """Write a result completely or not at all; it is on the disk when this function returns.

    Raises:
        OSError: if it cannot be written.
    """
    write_whole(path, json.dumps({**result, "format": FORMAT}, indent=1).encode() + b"\n")


class Results(Sequence[Result]):
    """The results of a class, in the order of the learners' names.

    Each result is read from its file when it is accessed; none is kept in memory.

    Args:
        folder: the folder of the class.
        assignment: the assignment's name, such as "03_sorting".
        learners: the learners whose results to read; by default all who have one.
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
