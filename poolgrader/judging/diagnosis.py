"""Which known mistake explains an answer. Names one only if it alone does,
on inputs that tell it from the rest.
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
EXTRA_DRAWS = 12  # further seeds to look for an input that separates two candidates
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+\b")  # of an object in memory: another one each time


@lru_cache(maxsize=512)
def _mistaken_namespace(question: Question, mistakes: tuple[Mistake, ...]) -> dict[str, object] | None:
    source = question.mistaken(*mistakes)
    return None if source is None else question.define(source)


@lru_cache(maxsize=4096)
def mistaken_observation(question: Question, mistakes: tuple[Mistake, ...], case: Case) -> Observation:
    """What an answer with these mistakes in it shows on a case. What it warns of is no word to a learner."""
    namespace = _mistaken_namespace(question, mistakes)
    if namespace is None:
        raise ValueError(f"question {question.id}: an edit of {mistakes[0].key} finds nothing to change")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return observe(question.call_of(case), namespace)


def agree(question: Question, case: Case, one: Observation, other: Observation) -> bool:
    """Whether two observations are the same answer to a case; where many are right, whether they fail alike.

    Two errors are the same if type and message are. Both saw the same input, so the numbers in a message
    agree too.
    """
    if one.failure and other.failure:
        if one.failure.type_name != other.failure.type_name:
            return False
        return (
            _said(one.failure) == _said(other.failure) or _asked_for(question, case) == one.failure.type_name
        )
    if question.accepts and not (one.failure or other.failure or one.lost or other.lost):
        return question.refuses(case, one.value) == question.refuses(case, other.value)
    return difference(question, case, one, other) is None


def _said(failure: Failure) -> str:
    return ADDRESS.sub("0x", failure.message)


@lru_cache(maxsize=4096)
def _asked_for(question: Question, case: Case) -> str:
    """The type of error that the right answer raises on a case, or "":
    whoever raises it may word it freely.
    """
    asked_for = None if question.accepts else question.expected(case).failure
    return asked_for.type_name if asked_for else ""


def diagnose(
    question: Question,
    seed: int,
    cases: Sequence[Case],
    got: Sequence[Observation],
    failed: Sequence[int],
    ask: Ask,
) -> Diagnosis:
    """Name the mistakes that reproduce every observation, asking for more where several do.

    Args:
        question: what was asked.
        seed: what the cases were drawn from; further ones are drawn from the seeds after it.
        cases, got: all inputs and what the answer showed on them.
        failed: indices of the wrong ones.
        ask: puts one more case to the answer.
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
        return Diagnosis()  # two mistakes that only ever raise an error show nothing of either
    both = [pair for pair in question.pairs() if explains(pair)]
    left_pairs = _separate(question, seed, both, ask) if both else []
    return Diagnosis(left_pairs[0], together=True) if len(left_pairs) == 1 else Diagnosis()


def _separate(
    question: Question, seed: int, candidates: Sequence[tuple[Mistake, ...]], ask: Ask
) -> list[tuple[Mistake, ...]]:
    """Put further inputs to the answer, each one on which two candidates differ,
    and keep those that still explain.
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
