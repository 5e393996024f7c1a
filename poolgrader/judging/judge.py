"""The judge: calls an answer on every case, adds up the points, and finds an example and the cause.

The notebook's check and official grading use the same judge. They differ in the seed, and in the process in
which the answer is called.
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

MAX_LOST = 1  # after this many calls without an answer, the remaining cases of the question are not called
# The share of a question's points that an answer loses for each wrong fact: a changed argument, an output
# that is a view, a wrong dtype.
SHARE_OF_A_FACT = 0.2
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
        question: the question that the answer is for.
        seed: the inputs are drawn from it.
        call: makes one call of the answer, in the learner's kernel or in the jail.
        shrinks: whether to look for the smallest failing input; if not, the first failing one is the example.
        afresh: called if the answer is wrong on some case. It returns whether the next calls run in a new
            process, because other answers were called in the previous one. If so, all cases are called again,
            so that a mark does not depend on other questions.
        written: the learner's cells, for the text of the feedback. Points do not depend on them.
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
    """A case that an answer was called on: the expected result, the actual one, and how they differ."""

    case: Case
    expected: Observation
    got: Observation
    difference: Difference | None

    @property
    def wrong_numbers(self) -> bool:
        """Whether there is a difference, and it is not merely one of FACTS (dtype, layout, ...)."""
        return self.difference is not None and self.difference.aspect not in FACTS

    def example(self) -> Example:
        """The case as an example for the feedback."""
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
    """The verdict on a wrong answer: with an example and the cause."""

    def ask(case: Case) -> Observation:
        return call(question.call_of(case))

    # The example is a case with wrong numbers; only if there is none, a case in which another fact is wrong.
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
    """The known mistakes that explain the whole answer; if there are none, those that explain its numbers."""
    if _undefined(question, seen):
        return Diagnosis()
    cases, got = [one.case for one in seen], [one.got for one in seen]
    diagnosis = diagnose(
        question, seed, cases, got, [at for at, one in enumerate(seen) if one in failed], ask
    )
    if not diagnosis.mistakes and any(_wrong_facts(question, one) for one in seen):
        return _diagnosed_by_numbers(question, seed, seen, ask)
    return diagnosis


def _other_cause(
    question: Question, seen: Sequence[_Case], example: Example, written: NotebookSources
) -> Cause | None:
    """The cause of a wrong answer that no known mistake explains; it fits the example that is shown."""
    if _undefined(question, seen):
        return cause_of_nothing(question, written)
    if example.difference.aspect in FACTS or (question.accepts and not example.got.failure):
        return None  # the difference itself is explanation enough
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
    """The points for an answer's observations on all cases; no example and no cause are looked for."""
    seen = [
        _Case(case, right, actual, _differ(question, case, actual, right))
        for case, right, actual in zip(cases, expected, got, strict=True)
    ]
    parts, deductions = _points(question, seen)
    return Verdict(question, parts, "wrong", deductions=deductions).points


def _parts(question: Question, lost: set[str]) -> tuple[Part, ...]:
    return tuple(
        Part(group.name, question.points * group.share, group.name not in lost) for group in question.groups
    )


def _points(question: Question, seen: Sequence[_Case]) -> tuple[tuple[Part, ...], tuple[Deduction, ...]]:
    """The parts, judged by their numbers, and the deductions for wrong facts.

    If a group of the question checks a fact, a wrong fact costs the points of that group. If no group does,
    it costs a share of the question's points.
    """
    lost = {one.case.group for one in seen if one.wrong_numbers}
    found = set().union(*(_wrong_facts(question, one) for one in seen))
    facts = [aspect for aspect in FACTS if aspect in found]
    looked_at = {aspect: group.name for group in question.groups for aspect in group.facts}
    lost |= {looked_at[aspect] for aspect in facts if aspect in looked_at}
    share = SHARE_OF_A_FACT * question.points
    return _parts(question, lost), tuple(
        Deduction(aspect, share) for aspect in facts if aspect not in looked_at
    )


def _wrong_facts(question: Question, judged: _Case) -> set[str]:
    """The facts that are wrong in an answer to a case; none for questions with many right answers."""
    if question.accepts:
        return set()
    return {
        found.aspect
        for found in fact_differences(judged.expected, judged.got, question.loose, question.layout)
    }


def _diagnosed_by_numbers(
    question: Question, seed: int, seen: Sequence[_Case], ask: Callable[[Case], Observation]
) -> Diagnosis:
    """The mistakes that explain the numbers of an answer in which a fact is wrong as well."""
    got = [without_facts(one.expected, one.got) for one in seen]
    failed = [at for at, one in enumerate(seen) if _differ(question, one.case, got[at], one.expected)]
    if not failed:
        return Diagnosis()

    def ask_for_numbers(case: Case) -> Observation:
        return without_facts(question.expected(case), ask(case))

    return diagnose(question, seed, [one.case for one in seen], got, failed, ask_for_numbers)


@lru_cache(maxsize=64)
def drawn(question: Question, seed: int) -> tuple[tuple[Case, ...], tuple[Observation, ...]]:
    """The cases of a seed and the reference's results on them; cached for the next answers."""
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
    """Call the answer once on every case, and twice on the first case of each group.

    The second call shows whether the answer is repeatable, and whether it calls something that is forbidden.

    Where `hands_over` holds, the answer is called once, and that result serves for all cases. Otherwise it
    could return something else each time, made for the next case.
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
    """Whether the returned value is judged by `accepts`, and the answer is called without arguments."""
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
    """The smallest failing input that a few tries find.

    It is from the first group that fails, as the groups of a question go from easy to hard.
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
        return None  # the case failed before and does not fail now: the answer is not repeatable

    def fails(case: Case) -> bool:
        found = examine(case)
        return found is not None and found.difference.aspect == whole.difference.aspect

    small = shrink(question, start, fails)
    if small.size < start.size:  # the note may mention the size that was drawn
        small = replace(small, note=f"{start.note}, made smaller" if start.note else "")
    return examine(small) or whole
