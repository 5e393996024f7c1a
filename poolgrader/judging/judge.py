"""The judge: puts every case to an answer, counts the parts, finds the example and the cause.

The same for a notebook's check and for an official mark: what differs is the seed, and who is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from poolgrader.calls.observe import not_defined, tensor_in
from poolgrader.calls.values import Call, Observation
from poolgrader.judging.comparison import (
    FACTS,
    Difference,
    difference,
    fact_differences,
    said,
    without_facts,
)
from poolgrader.judging.diagnosis import diagnose
from poolgrader.judging.other_causes import JudgedCase, cause_of, cause_of_nothing
from poolgrader.judging.shrinking import shrink
from poolgrader.judging.verdict import UNTOUCHED, Cause, Deduction, Diagnosis, Example, Part, Status, Verdict
from poolgrader.judging.written import NotebookSources
from poolgrader.questions.question import Case, Question

MAX_LOST = 1  # calls without an answer before the rest of the question is not asked any more
SHARE_OF_A_FACT = 0.2  # of a question's points, for a changed argument, a view, a lost dtype: each by itself
NOTHING_WRITTEN = NotebookSources()


def judge(
    question: Question,
    seed: int,
    call: Callable[[Call], Observation],
    shrinks: bool = True,
    afresh: Callable[[], bool] = lambda: False,
    written: NotebookSources = NOTHING_WRITTEN,
) -> Verdict:
    """Judge an answer.

    Args:
        question: what was asked.
        seed: what the inputs are drawn from.
        call: makes one call of the answer, in the learner's kernel or in the jail.
        shrinks: look for the smallest failing input; else the first one is the example.
        afresh: asked where not all is right: whether the next calls are made in a new place, because other
            answers were called in the one before. Then all is asked again, so that a mark depends on no other
            question.
        written: the learner's cells, for the words of the feedback. No point depends on them.
    """
    cases, expected = drawn(question, seed)
    got, differences = _asked(question, cases, expected, call)
    if any(differences) and afresh():
        got, differences = _asked(question, cases, expected, call)
    if not any(differences):
        return Verdict(question, _parts(question, set()), "right")
    seen = [_Case(*one) for one in zip(cases, expected, got, differences, strict=True)]
    status = _status(question, got, [one.got for one in seen if one.difference])
    if status == "wrong":
        return _wrong(question, seed, seen, call, shrinks, written)
    parts, deductions = _points(question, seen)
    if status in ("forbidden", "not started"):
        parts, deductions = _parts(question, {group.name for group in question.groups}), ()
    failed = [one for one in seen if one.difference]
    first = next((one for one in failed if one.got.forbidden), failed[0])
    cause = cause_of_nothing(question, written) if status == "not started" else None
    return Verdict(question, parts, status, first.example(), deductions=deductions, cause=cause)


@dataclass(frozen=True, eq=False)
class _Case:
    """A case that was put to an answer: what was expected, what came, and how they differ, if they do."""

    case: Case
    expected: Observation
    got: Observation
    difference: Difference | None

    @property
    def wrong_numbers(self) -> bool:
        """Whether something else than a fact beside the numbers differs."""
        return self.difference is not None and self.difference.aspect not in FACTS

    def example(self) -> Example:
        """The case, to be shown."""
        assert self.difference is not None
        return Example(self.case, self.expected, self.got, self.difference)


def _wrong(
    question: Question,
    seed: int,
    seen: Sequence[_Case],
    call: Callable[[Call], Observation],
    shrinks: bool,
    written: NotebookSources,
) -> Verdict:
    """The verdict on an answer that is wrong: an example, and what explains it."""

    def ask(case: Case) -> Observation:
        return call(question.call_of(case))

    # Wrong numbers are shown first; what is wrong beside them, where no number is.
    failed = [one for one in seen if one.wrong_numbers] or [one for one in seen if one.difference]
    parts, deductions = _points(question, seen)
    diagnosis = _explained(question, seed, seen, failed, ask)
    smaller = _example(question, [one.case for one in failed], ask) if shrinks else None
    example = smaller or failed[0].example()
    cause = None if diagnosis.mistakes else _other_cause(question, seen, example, written)
    return Verdict(question, parts, "wrong", example, diagnosis, deductions, cause)


def _explained(
    question: Question,
    seed: int,
    seen: Sequence[_Case],
    failed: Sequence[_Case],
    ask: Callable[[Case], Observation],
) -> Diagnosis:
    """The known mistakes that explain an answer; else those that explain its numbers alone."""
    if _undefined(question, seen):
        return Diagnosis()
    cases, got = [one.case for one in seen], [one.got for one in seen]
    diagnosis = diagnose(
        question, seed, cases, got, [at for at, one in enumerate(seen) if one in failed], ask
    )
    if not diagnosis.mistakes and any(_facts(question, one) for one in seen):
        return _diagnosed_by_numbers(question, seed, seen, ask)
    return diagnosis


def _other_cause(
    question: Question, seen: Sequence[_Case], example: Example, written: NotebookSources
) -> Cause | None:
    """The cause of an answer that no known mistake explains, in words that fit the example that is shown."""
    if _undefined(question, seen):
        return cause_of_nothing(question, written)
    if example.difference.aspect in FACTS or (question.accepts and not example.got.failure):
        return None  # the difference says it all
    shown = JudgedCase(example.expected, example.got, example.difference)
    all_cases = [
        JudgedCase(one.expected, one.got, one.difference if one.wrong_numbers else None) for one in seen
    ]
    return cause_of(question, [shown, *all_cases], written)


def _undefined(question: Question, seen: Sequence[_Case]) -> bool:
    return all(one.got.failure == not_defined(question.name) for one in seen)


def points_of(
    question: Question, cases: Sequence[Case], expected: Sequence[Observation], got: Sequence[Observation]
) -> float:
    """The points alone, of what an answer showed on all cases: without an example and a cause."""
    seen = [
        _Case(case, right, theirs, _differ(question, case, theirs, right))
        for case, right, theirs in zip(cases, expected, got, strict=True)
    ]
    parts, deductions = _points(question, seen)
    return Verdict(question, parts, "wrong", deductions=deductions).points


def _parts(question: Question, lost: set[str]) -> tuple[Part, ...]:
    return tuple(
        Part(group.name, question.points * group.share, group.name not in lost) for group in question.groups
    )


def _points(question: Question, seen: Sequence[_Case]) -> tuple[tuple[Part, ...], tuple[Deduction, ...]]:
    """The parts, judged by their numbers, and what each thing beside the numbers costs.

    A thing that a group looks at costs that group; another one costs a share of the question's points.
    """
    lost = {one.case.group for one in seen if one.wrong_numbers}
    found = set().union(*(_facts(question, one) for one in seen))
    facts = [aspect for aspect in FACTS if aspect in found]
    looked_at = {aspect: group.name for group in question.groups for aspect in group.facts}
    lost |= {looked_at[aspect] for aspect in facts if aspect in looked_at}
    share = SHARE_OF_A_FACT * question.points
    return _parts(question, lost), tuple(
        Deduction(aspect, share) for aspect in facts if aspect not in looked_at
    )


def _facts(question: Question, one: _Case) -> set[str]:
    """What is wrong with an answer to a case beside its numbers; nothing where many answers are right."""
    if question.accepts:
        return set()
    return {
        found.aspect for found in fact_differences(one.expected, one.got, question.loose, question.layout)
    }


def _diagnosed_by_numbers(
    question: Question, seed: int, seen: Sequence[_Case], ask: Callable[[Case], Observation]
) -> Diagnosis:
    """The mistakes that explain the numbers, where something beside the numbers is wrong as well."""
    got = [without_facts(one.expected, one.got) for one in seen]
    failed = [at for at, one in enumerate(seen) if _differ(question, one.case, got[at], one.expected)]
    if not failed:
        return Diagnosis()

    def ask_for_numbers(case: Case) -> Observation:
        return without_facts(question.expected(case), ask(case))

    return diagnose(question, seed, [one.case for one in seen], got, failed, ask_for_numbers)


@lru_cache(maxsize=64)
def drawn(question: Question, seed: int) -> tuple[tuple[Case, ...], tuple[Observation, ...]]:
    """The cases of a seed and what the reference shows on them: many answers are held against the same."""
    cases = tuple(question.cases(seed))
    return cases, tuple(_expected(question, case) for case in cases)


def _expected(question: Question, case: Case) -> Observation:
    return Observation() if question.accepts else question.expected(case)


def _asked(
    question: Question,
    cases: Sequence[Case],
    expected: Sequence[Observation],
    call: Callable[[Call], Observation],
) -> tuple[list[Observation], list[Difference | None]]:
    got = _ask_all(question, cases, call)
    return got, [_differ(question, *one) for one in zip(cases, got, expected, strict=True)]


def _ask_all(
    question: Question, cases: Sequence[Case], call: Callable[[Call], Observation]
) -> list[Observation]:
    """Every case once; the first of each group twice, to see whether the answer is repeatable and its own.

    Where the answer is judged by what it hands over, and asked without arguments, it hands over once for all
    cases: else it could hand over something else each time, made for the case that comes next.
    """
    got: list[Observation] = []
    groups: set[str] = set()
    lost = ""
    for index, case in enumerate(cases):
        if sum(1 for one in got if one.lost) >= MAX_LOST:
            got.append(Observation(lost=lost))
            continue
        if index and hands_over(question, case) and hands_over(question, cases[index - 1]):
            got.append(got[-1])
            continue
        got.append(call(question.call_of(case, again=case.group not in groups)))
        groups.add(case.group)
        lost = got[-1].lost or lost
    return got


def hands_over(question: Question, case: Case) -> bool:
    """Whether an answer is judged by what it hands over, and asked for it without arguments."""
    return question.accepts is not None and not (case.args or case.keywords or case.init or case.part)


def _differ(question: Question, case: Case, got: Observation, expected: Observation) -> Difference | None:
    tensor = tensor_in(got.value) if question.library == "numpy" and not got.forbidden else None
    if tensor:
        wanted = "plain numbers or a numpy array" if question.loose or question.accepts else "a numpy array"
        return Difference("library", wanted, said(tensor))
    if question.accepts and not (got.lost or got.failure or got.forbidden):
        wrong = question.refuses(case, got.value)
        return Difference("judged", "", wrong) if wrong else None
    return difference(question, case, expected, got)


def _status(question: Question, got: Sequence[Observation], failed: Sequence[Observation]) -> Status:
    if any(one.forbidden for one in got):
        return "forbidden"
    failures = [one.failure for one in failed]
    if len(failed) == len(got) and all(one is not None and one.type_name == UNTOUCHED for one in failures):
        return "not started"
    if question.call == "value" and all(one == Observation() for one in got):
        return "not started"
    return "lost" if any(one.lost for one in got) else "wrong"


def _example(
    question: Question, failing: Sequence[Case], ask: Callable[[Case], Observation]
) -> Example | None:
    """The smallest failing input that a few tries find, from the first group that fails:
    groups go from plain to hard.
    """
    start = min((case for case in failing if case.group == failing[0].group), key=lambda case: case.size)

    def examine(case: Case) -> Example | None:
        expected = _expected(question, case)
        if expected.failure is not None and case is not start:
            return None
        got = ask(case)
        found = _differ(question, case, got, expected)
        return Example(case, expected, got, found) if found else None

    whole = examine(start)
    if whole is None:
        return None  # it failed before and does not now: an answer that is not repeatable

    def fails(case: Case) -> bool:
        found = examine(case)
        return found is not None and found.difference.aspect == whole.difference.aspect

    small = shrink(question, start, fails)
    if small.size < start.size:  # its note may speak of the size that was drawn
        small = replace(small, note=f"{start.note}, made smaller" if start.note else "")
    return examine(small) or whole
