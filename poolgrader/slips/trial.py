"""Does the grader also find mistakes that no author thought of?

Every slip of every right answer is tried.

A slip that makes the answer wrong must lose the same points with each seed. A slip that loses none is
compared with the reference on inputs drawn from everything that the question's text allows. If the outputs
differ there, the question's own cases miss a mistake.
"""

from __future__ import annotations

import ast
import contextlib
import json
import os
import resource
import signal
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from poolgrader.calls.observe import observe
from poolgrader.calls.values import Array, Observation
from poolgrader.judging.comparison import difference
from poolgrader.judging.judge import drawn, hands_over, points_of
from poolgrader.mutation import all_questions, seeds, silent
from poolgrader.questions import find
from poolgrader.questions.course import Course
from poolgrader.questions.question import Case, Question
from poolgrader.slips import Slip, slips_of
from poolgrader.slips.alterations import ALTERATIONS, OF_OUTPUTS

SECONDS = 2.0  # of processor time, for one slip on the cases of one seed
MEMORY = 6 * 2**30  # bytes of address space, for a process that tries slips
SEEDS_OF_ERRORS = 3  # a slip that raises an error on every case is not tried with more seeds than these
NEVER_SET = 77  # the number that np.empty is made to return
WIDE = 1500  # inputs from all that the text allows, for a slip that loses no points
KILLED, VARIES, SURVIVES, EQUAL = "killed", "other points with another seed", "survives", "equal"
GIVEN = "Given: leave it as it is"  # in the docstring of a function that learners get complete
Drawn = list[tuple[Case, Observation]]


class _TimeUp(BaseException):
    """A slip ran out of processor time. An `except Exception` in the answer does not catch this error."""


@dataclass(frozen=True)
class Fate:
    """The result of trying a slip.

    Args:
        answer: name of the right answer that was edited: "reference", or a style's name.
        slip: the slip.
        kind: KILLED, VARIES, SURVIVES or EQUAL.
        detail: the points and how many seeds gave them, or an input on which the output is wrong.
    """

    answer: str
    slip: Slip
    kind: str
    detail: str = ""


@dataclass
class Count:
    """How many slips of one question were made, and how many of them had each fate.

    `fates` lists the slips that were not killed.
    """

    question_id: str
    made: int = 0
    killed: int = 0
    equal: int = 0
    varies: int = 0
    survives: int = 0
    fates: list[Fate] = field(default_factory=list, repr=False)

    def add(self, fate: Fate) -> None:
        """Count one more slip."""
        self.made += 1
        self.killed += fate.kind == KILLED
        self.equal += fate.kind == EQUAL
        self.varies += fate.kind == VARIES
        self.survives += fate.kind == SURVIVES
        if fate.kind != KILLED:
            self.fates.append(fate)

    @property
    def troubles(self) -> list[Fate]:
        """Slips that must not occur: wrong ones with full marks for some seed, and ones whose points vary."""
        return [fate for fate in self.fates if fate.kind != EQUAL]


def fates(question_id: str, count: int, every: int = 1, first: int = 0) -> Count:
    """Try the slips of all right answers of a question.

    Args:
        question_id: as "3.2".
        count: seeds.
        every, first: try only every `every`-th slip, starting at the `first`: a sample of them.
    """
    question = find(question_id)
    counted = Count(question_id)
    for number, (answer, slip) in enumerate(slips_of_question(question)):
        if number % every == first % every:
            counted.add(fate_of(question, answer, slip, seeds(question, count)))
    return counted


def slips_of_question(question: Question) -> list[tuple[str, Slip]]:
    """The slips of the reference answer and of each style,
    each after the name of the right answer that was edited.
    """
    given = _given(question.answer)
    found = [
        (style, slip)
        for style, source in _right_answers(question).items()
        for slip in slips_of(source)
        if not _lies_in(slip, source, given)
    ]
    return [*found, *(("reference", slip) for slip in _alterations(question))]


def _functions(source: str) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))


def _given(answer: str) -> set[str]:
    """Names of the functions in an answer cell that learners get complete, and must leave as they are."""
    return {function.name for function in _functions(answer) if GIVEN in (ast.get_docstring(function) or "")}


def _lies_in(slip: Slip, source: str, given: set[str]) -> bool:
    """Whether a slip changes a given function: learners do not write it, so they make no slips in it."""
    return any(
        function.lineno <= slip.line <= (function.end_lineno or function.lineno)
        for function in _functions(source)
        if function.name in given
    )


def _right_answers(question: Question) -> dict[str, str]:
    return {"reference": question.answer, **question.styles}


def _alterations(question: Question) -> list[Slip]:
    """The reference answer with an altered argument, with an altered output, and overwriting an argument."""
    if question.call not in ("function", "gradient"):
        return []
    cases = question.cases(question.public_seed)
    places = sorted({at for case in cases for at, one in enumerate(case.args) if isinstance(one, Array)})
    calls = [
        (f"argument {at}: {one.name}", f"on_argument({{0}}, {at}, {one.name!r})")
        for at in places
        for one in ALTERATIONS
    ]
    calls += [(f"output: {one.name}", f"on_output({{0}}, {one.name!r})") for one in OF_OUTPUTS]
    calls += [(f"argument {at}: overwritten", f"overwriting({{0}}, {at})") for at in places]
    head = (
        f"{question.answer}\n\nfrom poolgrader.slips.alterations import on_argument, on_output, overwriting\n"
    )
    lines = head.count("\n") + 1
    return [
        Slip(kind, lines, f"{head}{question.name} = {call.format(question.name)}\n") for kind, call in calls
    ]


def fate_of(question: Question, answer: str, slip: Slip, chosen: Sequence[int]) -> Fate:
    """Try a slip with some seeds.

    Args:
        question: the question that the slip answers.
        answer: name of the right answer that was edited.
        slip: the slip.
        chosen: the seeds.
    """
    namespace = _defined(question, slip.source)
    if namespace is None:
        return Fate(answer, slip, KILLED)
    marks, errors_alone = [], True
    for number, seed in enumerate(chosen, start=1):
        got = _all_asked(question, namespace, seed)
        errors_alone = errors_alone and all(one.failure for one in got)
        if not got or (errors_alone and number == SEEDS_OF_ERRORS):  # out of time, or only errors
            return Fate(answer, slip, KILLED)
        marks.append(points_of(question, *drawn(question, seed), got))
    if max(marks) < question.points - 1e-9:
        varies = max(marks) - min(marks) > 1e-9
        return Fate(answer, slip, VARIES, _points(marks)) if varies else Fate(answer, slip, KILLED)
    if min(marks) < question.points - 1e-9:
        return Fate(answer, slip, SURVIVES, f"full marks with some seeds: {_points(marks)}")
    shown = differs_somewhere(question, namespace)
    return Fate(answer, slip, SURVIVES, shown) if shown else Fate(answer, slip, EQUAL)


def _points(marks: Sequence[float]) -> str:
    return ", ".join(
        f"{mark:g} ({times} x)" for mark, times in sorted(Counter(round(m, 6) for m in marks).items())
    )


def _defined(question: Question, source: str) -> dict[str, Any] | None:
    try:
        with _limited(), _quiet():
            return question.define(source)
    except (Exception, _TimeUp):  # noqa: BLE001 - a slip may raise any error
        return None


def _all_asked(question: Question, namespace: dict[str, Any], seed: int) -> list[Observation]:
    """What is observed of a slip on the cases of a seed; an empty list if it runs out of time."""
    try:
        with _limited(), _quiet():
            return list(_asked(question, drawn(question, seed)[0], namespace))
    except _TimeUp:
        return []


def _asked(question: Question, cases: Sequence[Case], namespace: dict[str, Any]) -> Iterator[Observation]:
    """One observation for each case; an answer to which the cases give no input is called only once."""
    given: Observation | None = None
    for case in cases:
        if given is None or not hands_over(question, case):
            given = observe(question.call_of(case), namespace)
        yield given


@lru_cache(maxsize=2)
def _drawn_wide(question: Question, count: int) -> Drawn:
    if question.anywhere is None:
        return []
    rng = np.random.default_rng(question.public_seed)
    with _quiet():
        cases = [question.anywhere(rng) for _ in range(count)]
        return [(case, question.expected(case)) for case in cases]


def differs_somewhere(question: Question, namespace: dict[str, Any], count: int = WIDE) -> str:
    """Describe an input on which an answer differs from the reference; "" if none was found.

    Args:
        question: the question; its `anywhere` draws the inputs. Without it none are tried.
        namespace: the namespace in which the answer is defined.
        count: how many inputs are tried.
    """
    if question.accepts:
        return ""  # `accepts` has judged the value itself, and found it right
    with _quiet():
        for case, expected in _drawn_wide(question, count):
            try:
                with _limited():
                    got = observe(question.call_of(case), namespace)
                    wrong = difference(question, case, expected, got) is not None
            except _TimeUp:
                wrong = True
            if wrong:
                return f"differs on {case.args!r} {dict(case.keywords)!r}"[:600]
    return ""


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    """Raise _TimeUp in code that takes more than SECONDS of processor time."""

    def stop(number: int, frame: Any) -> None:
        raise _TimeUp

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _prepare() -> None:
    """Prepare a process that tries slips: limit its memory, use one thread, print nothing."""
    silent()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for name in ("empty", "empty_like"):
        setattr(np, name, with_fixed_content(getattr(np, name)))
    with contextlib.suppress(ImportError):
        import torch

        torch.set_num_threads(1)


def with_fixed_content(empty: Callable[..., Any]) -> Callable[..., Any]:
    """Make np.empty or np.empty_like return arrays filled with NEVER_SET.

    The result of an answer that reads memory which it never wrote then does not depend on chance.
    """

    def filled(*args: Any, **keywords: Any) -> Any:
        made = empty(*args, **keywords)
        if made.dtype.kind in "biuf":
            made.fill(NEVER_SET)
        return made

    return filled


def counts(question_ids: Sequence[str], count: int, every: int = 1) -> Iterator[Count]:
    """Yield the counts of some questions, in the given order, computed by one process for each core.

    Args:
        question_ids: as "3.2".
        count: seeds for each slip.
        every: try only every `every`-th slip, with another start for each question.
    """
    with ProcessPoolExecutor(initializer=_prepare) as processes:
        jobs = [processes.submit(fates, one, count, every, number) for number, one in enumerate(question_ids)]
        for job in jobs:
            yield job.result()


def described(fate: Fate) -> str:
    """Describe a slip that was not killed: the changed line, and on a second line the details."""
    line = fate.slip.source.splitlines()[fate.slip.line - 1].strip()
    edit = f"{fate.kind}: {fate.answer} line {fate.slip.line}, {fate.slip.kind}: {line}"
    return f"{edit}\n    {fate.detail}".rstrip()


NUMBERS = ("made", "killed", "equal", "varies", "survives")


def table(found: Sequence[Count]) -> str:
    """The counts of some questions, one line each, and their sums."""
    rows = [(one.question_id, *(getattr(one, name) for name in NUMBERS)) for one in found]
    rows.append(("all", *(sum(getattr(one, name) for one in found) for name in NUMBERS)))
    head = f"{'question':9}" + "".join(f"{name:>10}" for name in NUMBERS)
    return "\n".join([head, *(f"{row[0]:9}" + "".join(f"{number:10}" for number in row[1:]) for row in rows)])


def kept_in(course: Course) -> Path | None:
    """The file that keeps the counts, beside the page of the matrix; None if the course has no such page."""
    page = course.settings.get("matrix")
    return (course.folder / str(page)).resolve().with_suffix(".json") if page else None


def write(path: Path, found: Sequence[Count], count: int) -> None:
    """Save counts in a file, from which the page of the matrix prints them.

    Counts of other questions in the file are kept if they were made with the same number of seeds.

    Args:
        path: the file.
        found: the counts of some questions, or of all.
        count: how many seeds were used.
    """
    kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    rows = kept["questions"] if kept.get("seeds") == count else {}
    rows |= {one.question_id: {name: getattr(one, name) for name in NUMBERS} for one in found}
    ordered = {name: rows[name] for name in all_questions() if name in rows}
    path.write_text(json.dumps({"seeds": count, "questions": ordered}, indent=1) + "\n", encoding="utf-8")


SECTION = """
## Every small edit of every right answer

What nobody thought of is generated: each right answer, and each of the other styles, \
is changed in one place: a number by
one, one axis's name for the other's, an operand or a line left out, \
`=` for `+=`, a start from 0 or -100, rounding up for
down, a `return` inside the loop, the first channel for all, \
half precision, ... Each edit meets {seeds} seeds.
**Killed**: it loses points with each of them, the same points each time. \
**Equal**: it has full marks, and differs from the right answer on none of
{wide} inputs drawn from all that the question's words allow. \
**Varies**: it loses points, but not the same with each
seed. **Survives**: it is wrong and has full marks with some seed.

| question | made | killed | equal | varies | survives |
|---|---|---|---|---|---|
"""


def section(path: Path | None) -> str:
    """The section on generated answers for the page of the matrix, made from the saved counts;
    "" if none are saved.
    """
    if path is None or not path.is_file():
        return ""
    kept = json.loads(path.read_text(encoding="utf-8"))
    counted = {name: kept["questions"][name] for name in all_questions() if name in kept["questions"]}
    rows = [(name, *(row[number] for number in NUMBERS)) for name, row in counted.items()]
    rows.append(("**all**", *(sum(row[number] for row in counted.values()) for number in NUMBERS)))
    lines = "".join(f"| {' | '.join(map(str, row))} |\n" for row in rows)
    missing = ", ".join(name for name in all_questions() if name not in counted)
    rest = f"\nNot yet counted: {missing}.\n" if missing else ""
    return SECTION.format(seeds=kept["seeds"], wide=WIDE) + lines + rest
