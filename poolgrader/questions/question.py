"""A question: how answers are called, on which inputs, the reference they are compared with,
and the known mistakes.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.observe import observe
from poolgrader.calls.values import Array, Call, Observation, Plain, describe, extent
from poolgrader.questions.course import QUESTION, Chapter, Course, CourseError, course_in

Cell = tuple[int, int]
Outline = Callable[["Case", Cell, tuple[int, int]], Iterable[Cell]]

MOST_NUMBERS = 2**20  # an answer may return at most so many numbers


def _numbers(value: Plain) -> int:
    """How many numbers and characters a value holds. Empty rows count too, as lists of them take memory."""
    if isinstance(value, Array):
        return extent(value.shape)
    if isinstance(value, list | tuple):
        return len(value) + sum(map(_numbers, value))
    return len(value) if isinstance(value, str) else 1


def largest_magnitude(data: NDArray[Any]) -> float:
    """The largest finite magnitude of some numbers; 0 if none is finite."""
    finite = np.abs(data[np.isfinite(data)], dtype=np.float64)
    return float(finite.max(initial=0.0))


@dataclass(frozen=True)
class Group:
    """A named part of a question's cases, worth a share of its points; all of its cases must be right.

    Args:
        name: what the learner reads.
        share: the part of the question's points that it is worth, between 0 and 1.
        facts: facts that only this group checks, on the cases of all groups: "dtype", "layout",
            "mutated" (an argument was changed in place) or "aliases" (the output shares memory with an
            argument).
    """

    name: str
    share: float
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Case:
    """One input with which an answer is called.

    Args:
        group: name of the group that the case belongs to.
        args: positional arguments.
        note: what is special about the input, in words, for the feedback.
        keywords: keyword arguments.
        cotangent: gradient of the output, for questions about gradients.
        init: constructor arguments, for a module.
        part: indices into the answer's value: the case checks only that part of it.
        hidden: data for judging the case that the learner's process does not get.
    """

    group: str
    args: tuple[Plain, ...] = ()
    note: str = ""
    keywords: Mapping[str, Plain] = field(default_factory=dict)
    cotangent: Array | None = None
    init: Mapping[str, Plain] = field(default_factory=dict)
    part: tuple[int, ...] = ()
    hidden: Any = None

    @property
    def size(self) -> int:
        """How many numbers all array arguments have together; shrinking makes this smaller."""
        return sum(value.data.size for value in self.args if isinstance(value, Array))

    @cached_property
    def largest(self) -> float:
        """The largest finite magnitude in all array arguments; 1 if there is none or it is 0.

        Rounding errors may be as large as a small fraction of it.
        """
        given = [*self.args, *self.keywords.values(), self.cotangent]
        return (
            max((largest_magnitude(one.data) for one in given if isinstance(one, Array)), default=0.0) or 1.0
        )


@dataclass(frozen=True)
class Mistake:
    """A known mistake: edits that turn the reference answer into a wrong one, and their explanation.

    Args:
        key: a short name, unique in its question.
        says: what is wrong with the output, and what causes that.
        asks: one question that helps the learner to find the error.
        edits: (old, new) texts, applied one after the other to the reference answer; each old text must occur
            in it exactly once.
        source: the whole wrong implementation, if it is not a small edit.
        unnamed_because: why the diagnosis cannot tell this mistake from others, if that is so. All other
            mistakes must be diagnosed.
    """

    key: str
    says: str
    asks: str
    edits: tuple[tuple[str, str], ...] = ()
    source: str = ""
    unnamed_because: str = ""

    def apply(self, answer: str) -> str | None:
        """The answer with this mistake in it, or None if an old text does not occur exactly once."""
        if self.source:
            return self.source
        for old, new in self.edits:
            if answer.count(old) != 1:
                return None
            answer = answer.replace(old, new)
        return answer

    def misfit(self, answer: str) -> str:
        """Which old text does not occur exactly once in the answer, and how often it does; "" if all fit."""
        for old, new in () if self.source else self.edits:
            if answer.count(old) != 1:
                return f"the old text {old!r} stands {answer.count(old)} times in the answer, expected once"
            answer = answer.replace(old, new)
        return ""


def arrays(*values: Any) -> tuple[Plain, ...]:
    """Turn numpy arrays, tensors and plain values into the arguments of a case."""
    return tuple(describe(value) for value in values)


@dataclass(frozen=True, eq=False)
class Question:
    """Everything about a question.

    Args:
        title: the title, in a few words.
        name: the name that the learner must define.
        points: the points for all groups together.
        library: "numpy" or "torch".
        groups: the parts; their shares add up to 1.
        draw: draws the cases with a random generator; every group must have a case in every draw.
        reference: the right implementation (or value).
        mistakes: the known mistakes, at least three.
        hints: three hints: the concept, the place, nearly the solution.
        call: how the answer is called: "function", "gradient", "module" or "value"; see `Call.kind`.
        accepts: for questions with many right answers: (case, value) -> what is wrong with the value, or "".
        loose: whether only numbers and shape are compared, and not the container and the dtype.
        tolerance: relative and absolute tolerance; None: by dtype.
        anywhere: draws one case of any group from all inputs that the question allows, also rare ones. It is
            not used for marks. It decides whether a changed answer that loses no points is as right as the
            reference.
        layout: whether the output must have the reference's memory layout, such as torch's channels_last.
        outline: (case, cell of the output, shape of the input's plane) -> the cells of the input that the
            output cell is computed from; the feedback outlines them.
        shrinks: positions of the array arguments that may be made smaller, each independently of the others,
            to find the smallest failing input. By default the only array argument; if there are several,
            none, as their sizes may depend on each other.
        forbidden: what may not be called; None: what the course bans for the library.
        task: what the learner must do, in a few words, for the lists of questions in the notebook and the
            book; by default the title.
        place: `__file__` of the module that describes the question. Its number, answer and course are found
            from there.
        id: chapter and number, such as "3.2"; by default taken from the folders' names.
    """

    title: str
    name: str
    points: float
    library: str
    groups: tuple[Group, ...]
    draw: Callable[[np.random.Generator], Sequence[Case]]
    reference: Any
    mistakes: tuple[Mistake, ...]
    hints: tuple[str, str, str]
    call: str = "function"
    accepts: Callable[[Case, Plain], str] | None = None
    loose: bool = False
    tolerance: float | None = None
    layout: bool = False
    anywhere: Callable[[np.random.Generator], Case] | None = None
    outline: Outline | None = None
    shrinks: tuple[int, ...] | None = None
    forbidden: tuple[str, ...] | None = None
    task: str = ""
    place: str = ""
    id: str = ""

    def __post_init__(self) -> None:
        if not self.task:
            object.__setattr__(self, "task", self.title)
        if self.place and not self.id:
            object.__setattr__(self, "id", self._id_of_folder())
        if abs(sum(group.share for group in self.groups) - 1) > 1e-9:
            raise ValueError(f"question {self.id}: shares of the groups: expected a sum of 1")

    def refuses(self, case: Case, value: Plain) -> str:
        """What is wrong with the value that an answer returned, or "": for questions judged by `accepts`.

        A value far larger than any right answer is refused unread: judging it would take too long.
        """
        if self.accepts is None:
            raise ValueError(f"question {self.id}: expected `accepts` to be given, got None")
        return "That is too much to look at." if _numbers(value) > MOST_NUMBERS else self.accepts(case, value)

    @property
    def grade_id(self) -> str:
        """nbgrader's id of the answer cell; it must not contain dots."""
        return "q" + self.id.replace(".", "-")

    @property
    def check_id(self) -> str:
        """nbgrader's id of the check cell."""
        return self.grade_id + "-check"

    @property
    def public_seed(self) -> int:
        """The seed of the notebook's check; official grading derives its seeds from a secret instead."""
        return int.from_bytes(hashlib.sha256(self.id.encode()).digest()[:8], "big")

    def _id_of_folder(self) -> str:
        match = QUESTION.fullmatch(self.folder.name)
        if match is None:
            raise CourseError(f"{self.place}: expected a folder named as q2_loops, got {self.folder.name}")
        return f"{self.chapter.number}.{int(match['number'])}"

    @property
    def folder(self) -> Path:
        """The folder with all files of the question."""
        return Path(self.place).parent

    @cached_property
    def chapter(self) -> Chapter:
        """The chapter that the question belongs to."""
        return Chapter(self.folder.parent)

    @cached_property
    def course(self) -> Course:
        """The course that the question belongs to."""
        return course_in(self.folder.parent.parent)

    @cached_property
    def answer(self) -> str:
        """The source of the right answer, as the notebook's author wrote it.

        Raises:
            CourseError: if the chapter's notebook has no answer cell for the question.
        """
        if self.id not in self.chapter.answers:
            raise CourseError(
                f'{self.chapter.notebook}: expected a cell `# %% answer="{self.id}"`, found none'
            )
        return self.chapter.answers[self.id]

    @cached_property
    def styles(self) -> dict[str, str]:
        """Right answers that are written in other styles, by file name; each must get full marks."""
        return {
            path.stem: path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("styles/*.py"))
        }

    @cached_property
    def banned(self) -> tuple[str, ...]:
        """What an answer may not call. The course's own modules are always included."""
        if not self.place:
            return self.forbidden or ()
        return (
            self.course.banned(self.library)
            if self.forbidden is None
            else (*self.forbidden, *self.course.names)
        )

    def cases(self, seed: int) -> list[Case]:
        """The cases that are drawn from a seed.

        Raises:
            CourseError: if a case names a group that the question does not have, or a group has no case.
        """
        drawn = list(self.draw(np.random.default_rng(seed)))
        groups, found = {group.name for group in self.groups}, {case.group for case in drawn}
        if groups != found:
            odd = [f"a case of {name!r}, which is no group" for name in sorted(found - groups)]
            odd += [f"no case of the group {name!r}" for name in sorted(groups - found)]
            raise CourseError(f"question {self.id}: {self.place or 'draw'}: {'; '.join(odd)}")
        return drawn

    def shrinkable(self, case: Case) -> tuple[int, ...]:
        """Positions of the arguments of a case that may be made smaller."""
        if self.shrinks is not None:
            return self.shrinks
        arrays_at = tuple(position for position, value in enumerate(case.args) if isinstance(value, Array))
        return arrays_at if len(arrays_at) == 1 else ()

    def call_of(self, case: Case, again: bool = False) -> Call:
        """The call of an answer on a case; `again` as in `Call`."""
        return Call(
            self.name,
            self.call,
            case.args,
            dict(case.keywords),
            self.library,
            case.cotangent,
            dict(case.init),
            self.banned if again else (),
            again and self.call != "value",
            case.part,
        )

    def expected(self, case: Case) -> Observation:
        """What is observed when the reference is called on a case."""
        return observe(self.call_of(case), {self.name: self.reference})

    def mistaken(self, *mistakes: Mistake) -> str | None:
        """The source of the answer with these mistakes in it, or None if they exclude one another."""
        source: str | None = self.answer
        for mistake in mistakes:
            source = None if source is None else mistake.apply(source)
        return source

    def define(self, source: str) -> dict[str, Any]:
        """Run the course's own code (an answer or a mistake, never a learner's); returns the namespace."""
        namespace: dict[str, Any] = {"np": np, "__name__": "__main__"}
        if self.library == "torch":
            import torch

            namespace["torch"] = torch
        exec(compile(source, f"<{self.id}>", "exec", dont_inherit=True), namespace)
        return namespace

    def pairs(self) -> list[tuple[Mistake, Mistake]]:
        """All pairs of mistakes that can be made at once."""
        both = itertools.combinations(self.mistakes, 2)
        return [pair for pair in both if not any(one.source for one in pair) and self.mistaken(*pair)]

    def with_values(self, case: Case, position: int, data: Any) -> Case:
        """The case with other data in one array argument."""
        old = case.args[position]
        args = list(case.args)
        args[position] = replace(old, data=np.ascontiguousarray(data))
        return replace(case, args=tuple(args))
