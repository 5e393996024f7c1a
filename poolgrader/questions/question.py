"""A question: how its answer is called, on which inputs, the reference it is compared with,
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

MOST_NUMBERS = 2**20  # in a value that an answer hands over, so that it is judged at all


def _numbers(value: Plain) -> int:
    """How many numbers and letters a value holds; each item of a list counts, so that long lists of empty
    lists are found too.
    """
    if isinstance(value, Array):
        return extent(value.shape)
    if isinstance(value, list | tuple):
        return len(value) + sum(map(_numbers, value))
    return len(value) if isinstance(value, str) else 1


def largest_magnitude(data: NDArray[Any]) -> float:
    """The largest finite magnitude in an array; 0 if no number is finite."""
    finite = np.abs(data[np.isfinite(data)], dtype=np.float64)
    return float(finite.max(initial=0.0))


@dataclass(frozen=True)
class Group:
    """A named part of a question's cases, worth a share of its points; all of its cases must be right.

    Args:
        name: what the learner reads.
        share: of the question's points.
        facts: what this group checks on the cases of all groups, and no other group checks: "dtype",
            "layout", "mutated" (an argument was changed in place) or "aliases" (the output shares memory
            with an argument).
    """

    name: str
    share: float
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Case:
    """One input with which an answer is called.

    Args:
        group: name of the group that the case counts for.
        args: positional arguments.
        note: what is special about the input, in words, for the feedback.
        keywords: keyword arguments.
        cotangent: gradient with respect to the output, if the question asks for a gradient.
        init: constructor arguments, for a module.
        part: indices of the part of the answer that the case checks.
        hidden: data for judging the case that stay in the parent process, out of the answer's reach.
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
        """How many numbers all array arguments hold."""
        return sum(value.data.size for value in self.args if isinstance(value, Array))

    @cached_property
    def largest(self) -> float:
        """The largest finite magnitude in all arrays of the case; 1 if there is none or it is 0.

        The error that a computed number may have is a fraction of it.
        """
        given = [*self.args, *self.keywords.values(), self.cotangent]
        return (
            max((largest_magnitude(one.data) for one in given if isinstance(one, Array)), default=0.0) or 1.0
        )


@dataclass(frozen=True)
class Mistake:
    """A known wrong implementation, as edits of the reference answer's text,
    and the sentence that explains it.

    Args:
        key: a short name, unique in its question.
        says: what the learner sees in the output, and what causes it.
        asks: one question that leads the learner on.
        edits: (old, new) texts, applied in turn to the reference answer; each old text must occur in it once.
        source: the whole wrong implementation, used instead of `edits` if the mistake is not a small edit.
        unnamed_because: why the grader cannot tell this mistake from others. A mistake without such a reason
            must be named on each seed.
    """

    key: str
    says: str
    asks: str
    edits: tuple[tuple[str, str], ...] = ()
    source: str = ""
    unnamed_because: str = ""

    def apply(self, answer: str) -> str | None:
        """The source with the mistake in it, or None if an old text does not occur exactly once."""
        if self.source:
            return self.source
        for old, new in self.edits:
            if answer.count(old) != 1:
                return None
            answer = answer.replace(old, new)
        return answer

    def misfit(self, answer: str) -> str:
        """Names the first old text that does not occur exactly once in the answer; "" if there is none."""
        for old, new in () if self.source else self.edits:
            if answer.count(old) != 1:
                return f"the old text {old!r} stands {answer.count(old)} times in the answer, expected once"
            answer = answer.replace(old, new)
        return ""


def arrays(*values: Any) -> tuple[Plain, ...]:
    """Make the arguments of a case from numpy arrays, tensors and plain values."""
    return tuple(describe(value) for value in values)


@dataclass(frozen=True, eq=False)
class Question:
    """A question. The fields are what its author writes; the properties are derived from them.

    Args:
        title: a few words.
        name: what the learner defines.
        points: points of all groups together.
        library: "numpy" or "torch".
        groups: the parts of the question; their shares add up to 1.
        draw: makes the cases from a random generator; every group must have a case each time.
        reference: the right implementation (or value).
        mistakes: the known mistakes, at least three.
        hints: three, each telling more: the concept, the place to look, nearly the solution.
        call: "function", "gradient", "module" or "value".
        accepts: judges a value when many values are right: (case, value) -> "" or what is wrong with it. It
            replaces the comparison with the reference.
        loose: compare values and shape only, not container and dtype.
        tolerance: used as relative and as absolute tolerance; None: it depends on the dtype.
        anywhere: draws one input, of any group, from everything that the question's text allows, rare inputs
            included. It never affects a mark: it decides whether a changed answer that loses no points is as
            right as the reference.
        layout: the output must have the same memory layout as the reference's (torch, channels_last).
        outline: (case, cell of the output, shape of the input's plane) -> the cells of the input from which
            the output cell is computed; the feedback outlines them.
        shrinks: positions of the array arguments that may be made smaller, each by itself, to find the
            smallest failing input. By default the only array argument; none if there are several, because
            their sizes may belong together.
        forbidden: what may not be called; None: what the course bans for the library.
        task: what is to be done, in a few words, for the lists of questions in notebook and book; by default
            the title.
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
        """What is wrong with a value that an answer handed over, or "", for questions judged by `accepts`.

        A value far larger than any right one is refused without judging it, which would take too long.
        """
        if self.accepts is None:
            raise ValueError(f"question {self.id}: nothing says what it accepts")
        return "That is too much to look at." if _numbers(value) > MOST_NUMBERS else self.accepts(case, value)

    @property
    def grade_id(self) -> str:
        """nbgrader's id of the answer cell, which must not contain dots."""
        return "q" + self.id.replace(".", "-")

    @property
    def check_id(self) -> str:
        """nbgrader's id of the check cell."""
        return self.grade_id + "-check"

    @property
    def public_seed(self) -> int:
        """The seed of the notebook's own check; inputs for official marks are drawn from a secret instead."""
        return int.from_bytes(hashlib.sha256(self.id.encode()).digest()[:8], "big")

    def _id_of_folder(self) -> str:
        match = QUESTION.fullmatch(self.folder.name)
        if match is None:
            raise CourseError(f"{self.place}: expected a folder named as q2_loops, got {self.folder.name}")
        return f"{self.chapter.number}.{int(match['number'])}"

    @property
    def folder(self) -> Path:
        """The folder that holds the files of the question."""
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
        """Source of the reference answer, as the exercise's author wrote it.

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
        """Further right answers, written in other styles than the reference; each must get full marks."""
        return {
            path.stem: path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("styles/*.py"))
        }

    @cached_property
    def banned(self) -> tuple[str, ...]:
        """What an answer may not call. The course itself is always in the list."""
        if not self.place:
            return self.forbidden or ()
        return (
            self.course.banned(self.library)
            if self.forbidden is None
            else (*self.forbidden, *self.course.names)
        )

    def cases(self, seed: int) -> list[Case]:
        """The cases drawn with a seed.

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
        """How to put a case to an answer."""
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
        """The reference answer's source with these mistakes in it, or None if they exclude one another."""
        source: str | None = self.answer
        for mistake in mistakes:
            source = None if source is None else mistake.apply(source)
        return source

    def define(self, source: str) -> dict[str, Any]:
        """Run one of the course's own sources, never a learner's, and return its namespace."""
        namespace: dict[str, Any] = {"np": np, "__name__": "__main__"}
        if self.library == "torch":
            import torch

            namespace["torch"] = torch
        exec(compile(source, f"<{self.id}>", "exec", dont_inherit=True), namespace)
        return namespace

    def pairs(self) -> list[tuple[Mistake, Mistake]]:
        """All pairs of mistakes that can be in one answer together."""
        both = itertools.combinations(self.mistakes, 2)
        return [pair for pair in both if not any(one.source for one in pair) and self.mistaken(*pair)]

    def with_values(self, case: Case, position: int, data: Any) -> Case:
        """A copy of the case with other data in one array argument."""
        old = case.args[position]
        args = list(case.args)
        args[position] = replace(old, data=np.ascontiguousarray(data))
        return replace(case, args=tuple(args))
