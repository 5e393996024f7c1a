"""The result of one submission: plain data, as `result.schema.json` describes it,
one file for each learner.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, overload

from poolgrader.whole_files import write_whole

Result = dict[str, Any]
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
    return result


def notebook_of(result: Mapping[str, Any]) -> str:
    """The file that was graded, by its place in the submission: as the result has it,
    or else as it was handed out.
    """
    named = result.get("notebook")
    if isinstance(named, str) and named and ".." not in Path(named).parts and not Path(named).is_absolute():
        return named
    return f"{str(result['assignment']).partition('_')[2]}.ipynb"


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
