"""Plans a run: which submissions there are, which of them keep their result, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

from poolgrader.classroom.handed_in.which_notebook import FoundNotebook, handed_in
from poolgrader.classroom.run.result import Result, notebook_of, read_result, result_path
from poolgrader.classroom.run.version import grader_version
from poolgrader.jail.confine import BARE
from poolgrader.limits import MEMORY, Limits
from poolgrader.questions import questions_of


@dataclass(frozen=True)
class Class:
    """Where a class's work is, and how it is graded.

    Args:
        folder: holds submitted/<learner>/<assignment>/*.ipynb; results, gradebook and reports go there, too.
        assignment: such as "03_sorting".
        release: the released notebook.
        secret: the random inputs are drawn from it.
        limits: see Limits.
        sandbox: the sandbox for learners' code, see Nursery.
        memory: bytes for a learner's process.
    """

    folder: Path
    assignment: str
    release: Path
    secret: bytes = field(repr=False)
    limits: Limits = field(default_factory=Limits)
    sandbox: str = "auto"
    memory: int = MEMORY

    def learners(self, wanted: Sequence[str] = ("*",)) -> list[str]:
        """The learners who handed something in and whose names match one of the patterns, sorted by name."""
        found = (self.folder / "submitted").glob(f"*/{self.assignment}")
        names = sorted(path.parent.name for path in found if not path.parent.name.startswith("."))
        return [name for name in names if any(fnmatchcase(name, pattern) for pattern in wanted)]

    def submitted(self, learner: str, notebook: str = "") -> Path:
        """The path of a learner's notebook: under the released name, or under the name given."""
        return self.folder / "submitted" / learner / self.assignment / (notebook or self.release.name)

    def result_path(self, learner: str) -> Path:
        """Where a learner's result is kept."""
        return result_path(self.folder, self.assignment, learner)


@dataclass(frozen=True)
class Step:
    """What is to be done for a learner.

    Args:
        learner: whose submission.
        do: "grade", "keep" or "set aside".
        why: the reason in a few words; "" for a first grading, or for a result that is kept as usual.
        questions: ids of those to judge; the others' records stay as they are.
        notebook: name of the file that counts, in the folder of the submission.
        note: what else an instructor should know about the files that were handed in, or "".
    """

    learner: str
    do: str
    why: str = ""
    questions: tuple[str, ...] = ()
    notebook: str = ""
    note: str = ""


def plan(
    course: Class, learners: Sequence[str], questions: Sequence[str] = (), regrade: bool = False
) -> Iterator[Step]:
    """Yield a step for each learner.

    Args:
        course: the class.
        learners: whose submissions.
        questions: judge only these again, in submissions that have a result; () for all.
        regrade: judge again what has a result already.

    Raises:
        KeyError: if the assignment has no such question.
    """
    every = tuple(question.id for question in questions_of(course.assignment))
    for name in questions:
        if name not in every:
            raise KeyError(f"question: expected one of {', '.join(every)}, got {name!r}")
    chosen = tuple(name for name in every if name in questions)
    for learner in learners:
        yield _step(course, learner, every, chosen, regrade)


def _step(
    course: Class, learner: str, every: tuple[str, ...], chosen: tuple[str, ...], regrade: bool
) -> Step:
    unfit = _unfit(learner)
    if unfit:
        return Step(learner, "set aside", unfit)
    kept = read_result(course.result_path(learner))
    found = handed_in(course.submitted(learner).parent, course.release, _content_known(kept))
    if found.later or found.aside:
        return Step(learner, "set aside", found.aside or found.problem)
    grade = partial(Step, learner, "grade", notebook=found.name, note=found.note)
    if kept is None:
        return grade("", every)
    why = _outdated(kept, found, every, course.sandbox)
    if why:
        return grade(why, every)
    if regrade or chosen:
        return grade(f"{', '.join(chosen) or 'all'} again, as asked", chosen or every)
    older = sorted(
        {str(record["grader"]) for record in kept["questions"]} - {grader_version(course.assignment)}
    )
    why = f"marks by an older grader ({', '.join(older)}); --regrade grades anew" if older else ""
    return Step(learner, "keep", why, notebook=found.name, note=found.note)


def _content_known(kept: Result | None) -> str:
    """Digest of the notebook that an earlier run found to be this assignment's, or ""."""
    return str(kept["content"]) if kept and "notebook" in kept and not kept["problem"] else ""


def _outdated(kept: Result, found: FoundNotebook, every: tuple[str, ...], sandbox: str) -> str:
    """Why a kept result does not count any more, or ""."""
    if (kept["content"], kept["problem"] if not found.content else "") != (found.content, found.problem):
        return "handed in anew"
    if notebook_of(kept) != found.name:
        return "handed in under another name"
    if kept["sandbox"] == BARE and sandbox != "none":
        return "was graded without a sandbox"
    if tuple(record["question"] for record in kept["questions"]) != every:
        return "other questions are asked now"
    return ""


def _unfit(learner: str) -> str:
    """Why a folder's name cannot be a learner's, or ""."""
    if not learner.isprintable():
        return "the folder's name has characters that cannot be shown: rename it"
    return "the folder's name is too long: rename it" if len(learner.encode()) > 200 else ""
