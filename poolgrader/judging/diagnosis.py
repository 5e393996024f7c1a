"""Find the known mistake that explains an answer.

If several mistakes explain it, further inputs are drawn that tell them apart.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from functools import lru_cache

from poolgrader.calls.observe import observe
from poolgrader.calls.values import Failure, Observation
from poolgrader.judging.comparison import difference
from poolgrader.judging.verdict import Diagnosis
from poolgrader.questions.question import Case, Mistake, Question

Ask = Callable[[Case], Observation]
EXTRA_DRAWS = 12  # so many further seeds are searched for inputs that tell two candidates apart
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+\b")  # of an object in memory; it differs from run to run


@lru_cache(maxsize=512)
def _mistaken_namespace(question: Question, mistakes: tuple[Mistake, ...]) -> dict[str, object] | None:
    source = question.mistaken(*mistakes)
    return None if source is None else question.define(source)


@lru_cache(maxsize=4096)
def mistaken_observation(question: Question, mistakes: tuple[Mistake, ...], case: Case) -> Observation:
    """What an answer with these mistakes shows on a case. Its warnings are not shown to learners."""
    namespace = _mistaken_namespace(question, mistakes)
    if namespace is None:
        keys = ", ".join(mistake.key for mistake in mistakes)
        raise ValueError(f"question {question.id}: the edits of {keys} do not fit the answer")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return observe(question.call_of(case), namespace)


def agree(question: Question, case: Case, one: Observation, other: Observation) -> bool:
    """Whether two observations of a case are equal. If many answers are right: whether both fail alike.

    Two errors are equal if their types and messages are. Both answers had the same input, so the numbers in
    the messages agree too. If the right answer raises an error of this type, the messages may differ.
    """
    if one.failure and other.failure:
        if one.failure.type_name != other.failure.type_name:
            return False
        return (
            _message(one.failure) == _message(other.failure)
            or _expected_error(question, case) == one.failure.type_name
        )
    if question.accepts and not (one.failure or other.failure or one.lost or other.lost):
        return question.refuses(case, one.value) == question.refuses(case, other.value)
    return difference(question, case, one, other) is None


def _message(failure: Failure) -> str:
    """The message without addresses in memory."""
    return ADDRESS.sub("0x", failure.message)


@lru_cache(maxsize=4096)
def _expected_error(question: Question, case: Case) -> str:
    """The type of error that the right answer raises on a case, or "". Its message is not prescribed."""
    failure = None if question.accepts else question.expected(case).failure
    return failure.type_name if failure else ""


def diagnose(
    question: Question,
    seed: int,
    cases: Sequence[Case],
    got: Sequence[Observation],
    failed: Sequence[int],
    ask: Ask,
) -> Diagnosis:
    """Name the mistakes that reproduce every observation. If several do, call the answer on more inputs.

    Args:
        question: the question that was answered.
        seed: the cases were drawn from it; further cases are drawn from the seeds after it.
        cases, got: all inputs and what the answer showed on them.
        failed: indices of the cases on which the answer is wrong.
        ask: calls the answer on one more case.
    """
    if any(observation.lost or observation.forbidden for observation in got):
        return Diagnosis()
    order = [*failed, *(index for index in range(len(cases)) if index not in set(failed))]

    def explains(mistakes: tuple[Mistake, ...]) -> bool:
        return all(
            agree(question, cases[index], mistaken_observation(question, mistakes, cases[index]), got[index])
            for index in order
        )

    alone = [(mistake,) for mistake in question.mistakes if explains((mistake,))]
    if alone:
        left = _separate(question, seed, alone, ask)
        return Diagnosis(tuple(one for (one,) in left))
    if all(observation.failure for observation in got):
        return Diagnosis()  # if every call raises an error, nothing shows which two mistakes were made
    both = [pair for pair in question.pairs() if explains(pair)]
    left_pairs = _separate(question, seed, both, ask) if both else []
    return Diagnosis(left_pairs[0], together=True) if len(left_pairs) == 1 else Diagnosis()


def _separate(
    question: Question, seed: int, candidates: Sequence[tuple[Mistake, ...]], ask: Ask
) -> list[tuple[Mistake, ...]]:
    """Call the answer on further inputs on which the candidates differ,
    and keep the candidates that still explain it.
    """
    left = list(candidates)
    for draw in range(1, EXTRA_DRAWS + 1):
        if len(left) < 2:
            break
        for case in question.cases(seed + draw):
            shown = [mistaken_observation(question, mistakes, case) for mistakes in left]
            if all(agree(question, case, shown[0], other) for other in shown[1:]):
                continue
            answer = ask(case)
            left = [
                mistakes
                for mistakes, one in zip(left, shown, strict=True)
                if agree(question, case, one, answer)
            ]
            if len(left) < 2:
                break
    return left
