"""What a question is: how it is called, on which inputs, against which reference,
and which mistakes are known.
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

MOST_NUMBERS = 2**20  # that an answer may hand over


def _numbers(value: Plain) -> int:
    """Numbers and letters in a value; rows without numbers count as well, for whoever makes lists of them."""
    if isinstance(value, Array):
        return extent(value.shape)
    if isinstance(value, list | tuple):
        return len(value) + sum(map(_numbers, value))
    return len(value) if isinstance(value, str) else 1


def largest_magnitude(data: NDArray[Any]) -> float:
    """The largest finite magnitude of some numbers; 0 where there is none."""
    finite = np.abs(data[np.isfinite(data)], dtype=np.float64)
    return float(finite.max(initial=0.0))


@dataclass(frozen=True)
class Group:
    """A named part of a question's cases, worth a share of its points; all of its cases must be right.

    Args:
        name: what the learner reads.
        share: of the question's points.
        facts: what only this group looks at, on the cases of all groups: "dtype", "layout", "mutated" (an
            argument was changed in place) or "aliases" (the output shares memory with an argument).
    """

    name: str
    share: float
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Case:
    """One input: what the answer is called with.

    Args:
        group: name of the group that the case counts for.
        args: positional arguments.
        note: what is special about the input, in words, for the feedback.
        keywords: keyword arguments.
        cotangent: gradient of the output, where a gradient is asked for.
        init: constructor arguments, for a module.
        part: indices into the answer: what of it the case looks at.
        hidden: what the parent alone needs to judge the case.
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
        """Numbers in all array arguments: what a shrinker makes smaller."""
        return sum(value.data.size for value in self.args if isinstance(value, Array))

    @cached_property
    def largest(self) -> float:
        """The largest finite magnitude of all array arguments; 1 where there is none. What is computed from
        them may be wrong by a part of it.
        """
        given = [*self.args, *self.keywords.values(), self.cotangent]
        return (
            max((largest_magnitude(one.data) for one in given if isinstance(one, Array)), default=0.0) or 1.0
        )


@dataclass(frozen=True)
class Mistake:
    """A known-wrong implementation, as edits of the reference answer's text,
    and the sentence that explains it.

    Args:
        key: a short name, unique in its question.
        says: what is seen, and what gives that.
        asks: one question that leads on.
        edits: (old, new) texts, applied in turn to the reference answer; each old text must stand in it once.
        source: the whole implementation instead, where it is not a small edit.
        unnamed_because: why this mistake cannot be told from others, where that is so. Each other one must be
            named.
    """

    key: str
    says: str
    asks: str
    edits: tuple[tuple[str, str], ...] = ()
    source: str = ""
    unnamed_because: str = ""

    def apply(self, answer: str) -> str | None:
        """The mistaken source, or None where an old text does not stand there once."""
        if self.source:
            return self.source
        for old, new in self.edits:
            if answer.count(old) != 1:
                return None
            answer = answer.replace(old, new)
        return answer

    def misfit(self, answer: str) -> str:
        """Which old text does not stand once in the answer, and how often it does; "" where all do."""
        for old, new in () if self.source else self.edits:
            if answer.count(old) != 1:
                return f"the old text {old!r} stands {answer.count(old)} times in the answer, expected once"
            answer = answer.replace(old, new)
        return ""


def arrays(*values: Any) -> tuple[Plain, ...]:
    """Arguments of a case from numpy arrays, tensors and plain values."""
    return tuple(describe(value) for value in values)


@dataclass(frozen=True, eq=False)
class Question:
    """All there is to know of a question. See the fields; everything else is derived.

    Args:
        title: a few words.
        name: what the learner defines.
        points: for all groups together.
        library: "numpy" or "torch".
        groups: the parts; shares add up to 1.
        draw: the cases, from a random generator; the same groups every time.
        reference: the right implementation (or value).
        mistakes: the known ones, at least three.
        hints: concept, place, nearly the solution.
        call: "function", "gradient", "module" or "value".
        accepts: judges an answer by data where many are right: (case, value) -> "" or what is wrong with it.
        loose: values and shape count, container and dtype do not.
        tolerance: relative and absolute; None: by dtype.
        anywhere: draws one input from all that the question's words allow, however rare; of any group. No
            mark comes of it: it decides whether a changed answer that loses no points is as right as the
            reference.
        layout: the output must have the memory layout that the reference gives (torch, channels_last).
        outline: (case, cell of the output, shape of the input's plane) -> the input's cells that it is made
            of, which the feedback outlines.
        shrinks: positions of the array arguments that may be made smaller, each by itself, to find the
            smallest failing input. By default the array argument, if there is one only: the sizes of several
            may belong together.
        forbidden: what may not be called; None: what the course bans for the library.
        task: what is to be done, in a few words, for the lists of questions in notebook and book; by default
            the title.
        place: `__file__` of the module that describes the question. Its number, answer and course are found
            from there.
        id: chapter and number, as "3.2"; by default what the folders say.
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
        """What is wrong with what an answer handed over, or "": for questions that are judged by `accepts`.

        What is far larger than any right answer is not looked at: whoever judges would be held up by it.
        """
        if self.accepts is None:
            raise ValueError(f"question {self.id}: nothing says what it accepts")
        return "That is too much to look at." if _numbers(value) > MOST_NUMBERS else self.accepts(case, value)

    @property
    def grade_id(self) -> str:
        """nbgrader's id of the answer cell: no dots are allowed there."""
        return "q" + self.id.replace(".", "-")

    @property
    def check_id(self) -> str:
        """nbgrader's id of the check cell."""
        return self.grade_id + "-check"

    @property
    def public_seed(self) -> int:
        """The seed of the notebook's own check; an official mark is drawn from a secret instead."""
        return int.from_bytes(hashlib.sha256(self.id.encode()).digest()[:8], "big")

    def _id_of_folder(self) -> str:
        match = QUESTION.fullmatch(self.folder.name)
        if match is None:
            raise CourseError(f"{self.place}: expected a folder named as q2_loops, got {self.folder.name}")
        return f"{self.chapter.number}.{int(match['number'])}"

    @property
    def folder(self) -> Path:
        """Where all that is known of the question lies."""
        return Path(self.place).parent

    @cached_property
    def chapter(self) -> Chapter:
        """The chapter that asks the question."""
        return Chapter(self.folder.parent)

    @cached_property
    def course(self) -> Course:
        """The course that asks the question."""
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
        """Right answers in other styles than the reference's: each must get full marks."""
        return {
            path.stem: path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("styles/*.py"))
        }

    @cached_property
    def banned(self) -> tuple[str, ...]:
        """What an answer may not call. The course itself is always among it."""
        if not self.place:
            return self.forbidden or ()
        return (
            self.course.banned(self.library)
            if self.forbidden is None
            else (*self.forbidden, *self.course.names)
        )

    def cases(self, seed: int) -> list[Case]:
        """The inputs that a seed gives.

        Raises:
            CourseError: if a case is of a group that the question has not, or a group has no case.
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
        """What the reference shows on a case."""
        return observe(self.call_of(case), {self.name: self.reference})

    def mistaken(self, *mistakes: Mistake) -> str | None:
        """The source of an answer with these mistakes in it, or None where they exclude one another."""
        source: str | None = self.answer
        for mistake in mistakes:
            source = None if source is None else mistake.apply(source)
        return source

    def define(self, source: str) -> dict[str, Any]:
        """The namespace that one of our own sources defines (an answer, a mistake; never a learner's)."""
        namespace: dict[str, Any] = {"np": np, "__name__": "__main__"}
        if self.library == "torch":
            import torch

            namespace["torch"] = torch
        exec(compile(source, f"<{self.id}>", "exec", dont_inherit=True), namespace)
        return namespace

    def pairs(self) -> list[tuple[Mistake, Mistake]]:
        """Every two mistakes that can be made at once."""
        both = itertools.combinations(self.mistakes, 2)
        return [pair for pair in both if not any(one.source for one in pair) and self.mistaken(*pair)]

    def with_values(self, case: Case, position: int, data: Any) -> Case:
        """The case with other values in one array argument."""
        was = case.args[position]
        args = list(case.args)
        args[position] = replace(was, data=np.ascontiguousarray(data))
        return replace(case, args=tuple(args))
