"""The judge: puts every case to an answer, counts the parts, finds the example and the cause.

The same for a notebook's check and for an official mark: what differs is the seed, and who is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from poolgrader.jail.observe import tensor_in
from poolgrader.jail.values import Call, Observation
from poolgrader.judging.comparison import Difference, compare, said
from poolgrader.judging.diagnosis import diagnose
from poolgrader.judging.shrinking import shrink
from poolgrader.judging.verdict import Diagnosis, Example, Part, Verdict
from poolgrader.questions.question import Case, Question

MAX_LOST = 2  # calls without an answer before the rest of the question is not asked any more
UNTOUCHED = "NotImplementedError"


def judge(
    question: Question,
    seed: int,
    call: Callable[[Call], Observation],
    shrinks: bool = True,
    afresh: Callable[[], bool] = lambda: False,
) -> Verdict:
    """Judge an answer.

    Args:
        question: what was asked.
        seed: what the inputs are drawn from.
        call: makes one call of the answer, in the learner's kernel or in the jail.
        shrinks: look for the smallest failing input; else the first one is the example.
        afresh: asked where not all is right: whether the next calls are made in a new place, because other answers
            were called in the one before. Then all is asked again, so that a mark depends on no other question.
    """
    cases, expected = _drawn(question, seed)
    got, differences = _asked(question, cases, expected, call)
    if any(differences) and afresh():
        got, differences = _asked(question, cases, expected, call)
    failed = [index for index, difference in enumerate(differences) if difference]
    parts = tuple(
        Part(
            group.name,
            question.points * group.share,
            not any(cases[index].group == group.name for index in failed),
        )
        for group in question.groups
    )
    if not failed:
        return Verdict(question, parts, "right")
    status = _status(question, got, failed)
    if status in ("forbidden", "not started"):
        parts = tuple(Part(part.name, part.points, False) for part in parts)

    def ask(case: Case) -> Observation:
        return call(question.call_of(case))

    diagnosis = Diagnosis()
    if status == "wrong":
        diagnosis = diagnose(question, seed, cases, got, failed, ask)
    first = next((index for index in failed if got[index].forbidden), failed[0])
    example = _example(question, [cases[index] for index in failed], ask) if status == "wrong" and shrinks else None
    if example is None:
        difference = differences[first]
        assert difference is not None
        example = Example(cases[first], expected[first], got[first], difference)
    return Verdict(question, parts, status, example, diagnosis)


@lru_cache(maxsize=64)
def _drawn(question: Question, seed: int) -> tuple[tuple[Case, ...], tuple[Observation, ...]]:
    """The cases of a seed and what the reference shows on them: many answers are held against the same."""
    cases = tuple(question.cases(seed))
    return cases, tuple(_expected(question, case) for case in cases)


def _expected(question: Question, case: Case) -> Observation:
    return Observation() if question.accepts else question.expected(case)


def _asked(
    question: Question, cases: Sequence[Case], expected: Sequence[Observation], call: Callable[[Call], Observation]
) -> tuple[list[Observation], list[Difference | None]]:
    got = _ask_all(question, cases, call)
    return got, [_differ(question, *one) for one in zip(cases, got, expected, strict=True)]


def _ask_all(question: Question, cases: Sequence[Case], call: Callable[[Call], Observation]) -> list[Observation]:
    """Every case once; the first of each group twice, to see whether the answer is repeatable and its own.

    Where the answer is judged by what it hands over, and asked without arguments, it hands over once for all cases:
    else it could hand over something else each time, made for the case that comes next.
    """
    got: list[Observation] = []
    groups: set[str] = set()
    lost = ""
    for index, case in enumerate(cases):
        if sum(1 for one in got if one.lost) >= MAX_LOST:
            got.append(Observation(lost=lost))
            continue
        if index and _hands_over(question, case) and _hands_over(question, cases[index - 1]):
            got.append(got[-1])
            continue
        got.append(call(question.call_of(case, again=case.group not in groups)))
        groups.add(case.group)
        lost = got[-1].lost or lost
    return got


def _hands_over(question: Question, case: Case) -> bool:
    return question.accepts is not None and not (case.args or case.keywords or case.init or case.part)


def _differ(question: Question, case: Case, got: Observation, expected: Observation) -> Difference | None:
    tensor = tensor_in(got.value) if question.library == "numpy" and not got.forbidden else None
    if tensor:
        wanted = "plain numbers or a numpy array" if question.loose or question.accepts else "a numpy array"
        return Difference("library", wanted, said(tensor))
    if question.accepts and not (got.lost or got.failure or got.forbidden):
        wrong = question.refuses(case, got.value)
        return Difference("judged", "", wrong) if wrong else None
    return compare(expected, got, question.loose, question.tolerance, question.layout)


def _status(question: Question, got: Sequence[Observation], failed: Sequence[int]) -> str:
    if any(one.forbidden for one in got):
        return "forbidden"
    failures = [got[index].failure for index in failed]
    if len(failed) == len(got) and all(one is not None and one.type_name == UNTOUCHED for one in failures):
        return "not started"
    if question.call == "value" and all(one == Observation() for one in got):
        return "not started"
    return "lost" if any(one.lost for one in got) else "wrong"


def _example(question: Question, failing: Sequence[Case], ask: Callable[[Case], Observation]) -> Example | None:
    """The smallest failing input that a few tries find, from the first group that fails: groups go from plain to hard."""
    start = min((case for case in failing if case.group == failing[0].group), key=lambda case: case.size)

    def examine(case: Case) -> Example | None:
        expected = _expected(question, case)
        if expected.failure is not None and case is not start:
            return None
        got = ask(case)
        difference = _differ(question, case, got, expected)
        return Example(case, expected, got, difference) if difference else None

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
