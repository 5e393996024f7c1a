"""Does the grader tell right from wrong where nobody thought of the mistake?

Every slip of every right answer is tried.

A slip that is wrong must lose points on each seed, and the same ones. One that loses none is held against
inputs from all that the question's words allow: if it differs there, the question's own draws have a hole.
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

SECONDS = 2.0  # of the processor, for one slip on the cases of one seed
MEMORY = 6 * 2**30  # bytes of addresses, for a process that tries slips
SEEDS_OF_ERRORS = 3  # with which a slip that raises an error on every case need only be tried
NEVER_SET = 77  # what memory holds that was never set
WIDE = 1500  # inputs from all that the words allow, for a slip that loses no points
KILLED, VARIES, SURVIVES, EQUAL = "killed", "other points with another seed", "survives", "equal"
GIVEN = "Given: leave it as it is"  # in the docstring of a function that learners are handed whole
Drawn = list[tuple[Case, Observation]]


class _TimeUp(BaseException):
    """A slip that does not come to an end; no `except Exception` of an answer stops it."""


@dataclass(frozen=True)
class Fate:
    """What became of a slip.

    Args:
        answer: the right answer that it is a slip of: "reference", or a style's name.
        slip: the slip.
        kind: KILLED, VARIES, SURVIVES or EQUAL.
        detail: the points with each seed, or an input on which it differs.
    """

    answer: str
    slip: Slip
    kind: str
    detail: str = ""


@dataclass
class Count:
    """One question's numbers: slips made, killed on each seed with the same points, equal;
    and those that are neither.
    """

    question_id: str
    made: int = 0
    killed: int = 0
    equal: int = 0
    varies: int = 0
    survives: int = 0
    fates: list[Fate] = field(default_factory=list, repr=False)

    def add(self, fate: Fate) -> None:
        """Count one more."""
        self.made += 1
        self.killed += fate.kind == KILLED
        self.equal += fate.kind == EQUAL
        self.varies += fate.kind == VARIES
        self.survives += fate.kind == SURVIVES
        if fate.kind != KILLED:
            self.fates.append(fate)

    @property
    def troubles(self) -> list[Fate]:
        """What must not be: a wrong answer that passes with some seed, or whose points hang on the seed."""
        return [fate for fate in self.fates if fate.kind != EQUAL]


def fates(question_id: str, count: int, every: int = 1, first: int = 0) -> Count:
    """Try the slips of all right answers of a question.

    Args:
        question_id: as "3.2".
        count: seeds.
        every, first: only each `every`-th slip, from the `first` on: a spread of them.
    """
    question = find(question_id)
    counted = Count(question_id)
    for number, (answer, slip) in enumerate(slips_of_question(question)):
        if number % every == first % every:
            counted.add(fate_of(question, answer, slip, seeds(question, count)))
    return counted


def slips_of_question(question: Question) -> list[tuple[str, Slip]]:
    """The slips of the reference answer and of each style,
    each with the name of the answer that it is made of.
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
    """Names of the functions that an answer's cell brings along, and asks to leave as they are."""
    return {one.name for one in _functions(answer) if GIVEN in (ast.get_docstring(one) or "")}


def _lies_in(slip: Slip, source: str, given: set[str]) -> bool:
    """Whether a slip changes a function that was given: nobody writes that, so nobody slips there."""
    return any(
        one.lineno <= slip.line <= (one.end_lineno or one.lineno)
        for one in _functions(source)
        if one.name in given
    )


def _right_answers(question: Question) -> dict[str, str]:
    return {"reference": question.answer, **question.styles}


def _alterations(question: Question) -> list[Slip]:
    """The reference answer on arguments that are altered as a whole, with an output that is,
    and one that writes into arguments.
    """
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
    """What becomes of a slip with some seeds.

    Args:
        question: what was asked.
        answer: name of the right answer that it is a slip of.
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
        if not got or (errors_alone and number == SEEDS_OF_ERRORS):  # no end, or nothing but errors
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
    except (Exception, _TimeUp):  # noqa: BLE001 - a slip may fail in any way
        return None


def _all_asked(question: Question, namespace: dict[str, Any], seed: int) -> list[Observation]:
    """What a slip shows on the cases of a seed; nothing where it does not come to an end."""
    try:
        with _limited(), _quiet():
            return list(_asked(question, drawn(question, seed)[0], namespace))
    except _TimeUp:
        return []


def _asked(question: Question, cases: Sequence[Case], namespace: dict[str, Any]) -> Iterator[Observation]:
    """Each case once. What is handed over without being asked anything is handed over once for all cases."""
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
    """An input, in words, on which an answer differs from the reference; "" where none was found.

    Args:
        question: one that says with `anywhere` what its words allow.
        namespace: where the answer is defined.
        count: how many inputs are tried.
    """
    if question.accepts:
        return ""  # what is handed over is judged as it is: it was found right
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
    """End what takes too much of the processor's time."""

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
    """A process that tries slips: its own limits, one thread, nothing on the terminal."""
    silent()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for name in ("empty", "empty_like"):
        setattr(np, name, with_fixed_content(getattr(np, name)))
    with contextlib.suppress(ImportError):
        import torch

        torch.set_num_threads(1)


def with_fixed_content(empty: Callable[..., Any]) -> Callable[..., Any]:
    """Memory that was never set, always with the same in it:
    what an answer reads there decides no fate by chance.
    """

    def filled(*args: Any, **keywords: Any) -> Any:
        made = empty(*args, **keywords)
        if made.dtype.kind in "biuf":
            made.fill(NEVER_SET)
        return made

    return filled


def counts(question_ids: Sequence[str], count: int, every: int = 1) -> Iterator[Count]:
    """The numbers of some questions, in their order, with as many processes as there are cores.

    Args:
        question_ids: as "3.2".
        count: seeds for each slip.
        every: only each `every`-th slip, another start for each question.
    """
    with ProcessPoolExecutor(initializer=_prepare) as processes:
        jobs = [processes.submit(fates, one, count, every, number) for number, one in enumerate(question_ids)]
        for job in jobs:
            yield job.result()


def described(fate: Fate) -> str:
    """A slip that is not killed, in two lines: the line as it became, and what is known of it."""
    line = fate.slip.source.splitlines()[fate.slip.line - 1].strip()
    edit = f"{fate.kind}: {fate.answer} line {fate.slip.line}, {fate.slip.kind}: {line}"
    return f"{edit}\n    {fate.detail}".rstrip()


NUMBERS = ("made", "killed", "equal", "varies", "survives")


def table(found: Sequence[Count]) -> str:
    """The numbers of some questions, a line each, and their sums."""
    rows = [(one.question_id, *(getattr(one, name) for name in NUMBERS)) for one in found]
    rows.append(("all", *(sum(getattr(one, name) for one in found) for name in NUMBERS)))
    head = f"{'question':9}" + "".join(f"{name:>10}" for name in NUMBERS)
    return "\n".join([head, *(f"{row[0]:9}" + "".join(f"{number:10}" for number in row[1:]) for row in rows)])


def kept_in(course: Course) -> Path | None:
    """The file that keeps the numbers of a whole run, beside the page of the matrix;
    None where there is no page.
    """
    page = course.settings.get("matrix")
    return (course.folder / str(page)).resolve().with_suffix(".json") if page else None


def write(path: Path, found: Sequence[Count], count: int) -> None:
    """Keep the numbers in a file, for the page that prints them; those of other questions stay.

    Args:
        path: the file.
        found: the numbers of some questions, or of all.
        count: seeds that were drawn.
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
    """What the page of the matrix says of generated answers, from the numbers that were kept;
    "" where there are none.
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
