"""Does the grader tell right from wrong? Every known implementation of every question is graded.

`make mutation` prints the matrix over 200 seeds and writes its page; the tests check a sample of it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass

from poolgrader.calls.observe import observe
from poolgrader.calls.values import Array
from poolgrader.judging.diagnosis import agree, mistaken_observation
from poolgrader.judging.feedback import reason_of
from poolgrader.judging.judge import drawn, judge
from poolgrader.judging.verdict import Verdict
from poolgrader.judging.written import NotebookSources
from poolgrader.questions import find
from poolgrader.questions.finding import current_course
from poolgrader.questions.flaws import flaws
from poolgrader.questions.question import Case, Mistake, Question

SEEDS_AT_A_TIME = 5  # that one job of a process covers
FURTHER = 12  # seeds that are searched, at most, for an input that isolates a mistake


@dataclass(frozen=True, eq=False)
class Implementation:
    """One implementation of one question: its kind and name, its source, and the mistakes in it."""

    question: Question
    kind: str
    name: str
    source: str
    mistakes: tuple[Mistake, ...] = ()

    def verdict(self, seed: int) -> Verdict:
        """The verdict of the judge on the cases of a seed, as in the notebook."""
        namespace = self.question.define(self.source)
        written = NotebookSources((self.source,))
        return judge(
            self.question, seed, lambda call: observe(call, namespace), shrinks=False, written=written
        )

    def holds(self, verdict: Verdict) -> str:
        """What is wrong with a verdict, or "".

        A right answer must get full marks. A mistake must lose marks, and must not be named as another one.
        """
        if not self.mistakes:
            return "" if verdict.points == self.question.points else f"lost marks: {reason_of(verdict)}"
        if verdict.points >= self.question.points:
            return "let through"
        named = {mistake.key for mistake in verdict.diagnosis.mistakes}
        made = {mistake.key for mistake in self.mistakes}
        if len(self.mistakes) == 1:
            return "" if not named or named & made else f"called {verdict.diagnosis.key}"
        return ""  # two mistakes at once may look like another one: they must only lose marks

    def named(self, verdict: Verdict) -> bool:
        """Whether the verdict names the mistakes that were made, and no others."""
        return {one.key for one in verdict.diagnosis.mistakes} == {one.key for one in self.mistakes}


def entries(question: Question, pairs_step: int = 1) -> Iterator[Implementation]:
    """All implementations of a question: the answer, the styles, each mistake, each pair of mistakes.

    Args:
        question: whose implementations.
        pairs_step: take every n-th pair of mistakes for this n; 0 for no pair.

    Raises:
        ValueError: if an old text of a mistake does not occur exactly once in the answer.
    """
    yield Implementation(question, "right", "reference", question.answer)
    for style, source in question.styles.items():
        yield Implementation(question, "right", style, source)
    for mistake in question.mistakes:
        mistaken = question.mistaken(mistake)
        if mistaken is None:
            raise ValueError(f"{question.id}: {mistake.key}: {mistake.misfit(question.answer)}")
        yield Implementation(question, "mistake", mistake.key, mistaken, (mistake,))
    for both in question.pairs()[::pairs_step] if pairs_step else ():
        source = question.mistaken(*both) or ""
        yield Implementation(question, "pair", " + ".join(one.key for one in both), source, both)


def seeds(question: Question, count: int) -> list[int]:
    """The public seed and further ones, the same on each call."""
    return [question.public_seed, *range(1, count)]


def isolating_case(question: Question, mistake: Mistake) -> Case | None:
    """The smallest input on which a mistake gives a wrong output that no other mistake gives.

    It is taken from the first seed that has such an input; None if no seed has one.
    """
    found: list[Case] = []
    for seed in [question.public_seed, *range(1, FURTHER)]:
        for case in drawn(question, seed)[0]:  # the same ones for each mistake: what they show is kept
            shown = mistaken_observation(question, (mistake,), case)
            if agree(question, case, question.expected(case), shown):
                continue
            others = (
                mistaken_observation(question, (one,), case)
                for one in question.mistakes
                if one is not mistake
            )
            if not any(agree(question, case, shown, other) for other in others):
                found.append(case)
        if found:
            break
    return min(found, key=lambda case: case.size) if found else None


@dataclass(frozen=True)
class Outcome:
    """The verdict on one implementation with one seed, as numbers and text,
    because another process sends it back.
    """

    question_id: str
    kind: str
    name: str
    points: float
    said: str
    trouble: str
    named: bool


def outcomes(question_id: str, chosen: Sequence[int], pairs_step: int = 1) -> list[Outcome]:
    """The verdicts on all implementations of a question.

    Args:
        question_id: as "3.2".
        chosen: seeds to draw the inputs from.
        pairs_step: see `entries`; pairs are tried with the first of the seeds only.
    """
    question = find(question_id)
    every = list(entries(question, pairs_step))
    found = []
    # The outer loop is over seeds, so that the cases of a seed are drawn once for all implementations.
    for number, seed in enumerate(chosen):
        for entry in every:
            if number == 0 or entry.kind != "pair":
                verdict = entry.verdict(seed)
                said, trouble, named = verdict.diagnosis.key, entry.holds(verdict), entry.named(verdict)
                found.append(
                    Outcome(question_id, entry.kind, entry.name, verdict.points, said, trouble, named)
                )
    return found


@dataclass(frozen=True)
class Tally:
    """One question's row of the matrix: pairs of how many are as they must be, and how many there are."""

    question_id: str
    right: tuple[int, int]
    mistakes: tuple[int, int]
    named: tuple[int, int]
    pairs: tuple[int, int]
    troubles: tuple[str, ...]

    @property
    def question(self) -> Question:
        """The question of the row."""
        return find(self.question_id)


def tally(question_id: str, found: Sequence[Outcome]) -> Tally:
    """A question's row of the matrix, from the outcomes on all seeds."""
    by_entry: dict[tuple[str, str], list[Outcome]] = {}
    for one in found:
        by_entry.setdefault((one.kind, one.name), []).append(one)
    troubles = {key: _troubles(group) for key, group in by_entry.items()}

    def held(wanted: str) -> tuple[int, int]:
        wrong = [bool(listed) for (kind, _), listed in troubles.items() if kind == wanted]
        return wrong.count(False), len(wrong)

    named = [all(one.named for one in group) for (kind, _), group in by_entry.items() if kind == "mistake"]
    lines = tuple(
        f"{question_id} {name}: {trouble}" for (_, name), some in troubles.items() for trouble in some
    )
    lines += tuple(f"{question_id} {line}" for line in _unnamed(find(question_id), by_entry))
    return Tally(
        question_id, held("right"), held("mistake"), (named.count(True), len(named)), held("pair"), lines
    )


def _unnamed(question: Question, by_entry: Mapping[tuple[str, str], Sequence[Outcome]]) -> list[str]:
    """Lines about mistakes that are not named on each seed, and give no reason in `unnamed_because`."""
    expected = [mistake.key for mistake in question.mistakes if not mistake.unnamed_because]
    lines = []
    for key in expected:
        said = sorted(
            {one.said for one in by_entry.get(("mistake", key), ()) if not one.named and not one.trouble}
        )
        if said:
            lines.append(f"{key}: not named: {' and '.join(one or 'cause not known' for one in said)}")
    return lines


def _troubles(group: Sequence[Outcome]) -> list[str]:
    wrong = {one.trouble for one in group if one.trouble}
    if len({(one.points, one.said) for one in group}) > 1:
        wrong.add("another verdict with another seed")
    return sorted(wrong)


def matrix(question_ids: Sequence[str], count: int) -> Iterator[Tally]:
    """Yield the rows of some questions, in the given order, computed by one process for each core.

    Args:
        question_ids: as "3.2".
        count: number of seeds for each mistake and each right style; pairs are tried with the public seed
            only.
    """
    with ProcessPoolExecutor(initializer=_prepare) as processes:
        # References run in the processes alone: a process that is forked after torch has computed may wait
        # forever for torch's threads.
        found = {question_id: processes.submit(_flaws_of, question_id) for question_id in question_ids}
        waiting: list[tuple[str, list[Future[list[Outcome]]]]] = []
        for question_id in question_ids:
            lacks = found[question_id].result()
            if lacks:
                none = (0, 0)
                yield Tally(
                    question_id, none, none, none, none, tuple(f"{question_id} {flaw}" for flaw in lacks)
                )
                continue
            chosen = seeds(find(question_id), count)
            chunks = [chosen[start : start + SEEDS_AT_A_TIME] for start in range(0, count, SEEDS_AT_A_TIME)]
            jobs = [
                processes.submit(outcomes, question_id, chunk, int(number == 0))
                for number, chunk in enumerate(chunks)
            ]
            waiting.append((question_id, jobs))
        for question_id, jobs in waiting:
            yield tally(question_id, [one for job in jobs for one in job.result()])


def _flaws_of(question_id: str) -> list[str]:
    return flaws(find(question_id))


def _prepare() -> None:
    """A process that asks questions: nothing on the terminal,
    and one thread of torch, since each core has a process.
    """
    silent()
    os.environ["OMP_NUM_THREADS"] = "1"  # read by torch when it is imported
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


def silent() -> None:
    """Discard stderr: torch's profiler writes lines there for each call that it watches, which would hide the
    matrix.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


HEAD = """# Does the grader tell right from wrong?

<!-- GENERATED by `make mutation`; do not edit. -->

Every known mistake of every question is put to the grader, \
and so is every right solution that we have in another
style. A mistake must lose marks, and its cause must be named or called unknown, \
never called by another's name. A right
solution must have full marks. Two mistakes at once must lose marks too. \
The verdicts are the same over {seeds} seeds.

## The matrix

| question | right styles with full marks | mistakes rejected | named | pairs rejected |
|---|---|---|---|---|
"""


def page(rows: Sequence[Tally], count: int, generated: str = "") -> str:
    """The page of the matrix, for the instructor's part of the book.

    Args:
        rows: the rows of all questions.
        count: number of seeds for each implementation.
        generated: the section about generated answers, which takes far longer to compute.
    """
    sections = (section(row.question) for row in rows)
    return "".join([table(rows, count), generated, *sections])


def table(rows: Sequence[Tally], count: int) -> str:
    """The head of the page, and the matrix; see `page`."""
    text = HEAD.format(seeds=count)
    for row in rows:
        cells = [f"{good} of {all_}" for good, all_ in (row.right, row.mistakes, row.named, row.pairs)]
        text += f"| {row.question.id} {row.question.title} | {' | '.join(cells)} |\n"
    totals = [
        [sum(getattr(row, name)[i] for row in rows) for i in (0, 1)]
        for name in ("right", "mistakes", "named", "pairs")
    ]
    return text + f"| **all** | {' | '.join(f'**{good} of {all_}**' for good, all_ in totals)} |\n"


def section(question: Question) -> str:
    """The section of the page on the mistakes of one question."""
    text = f"\n## {question.id} {question.title}\n\n"
    text += "| mistake | what the learner reads | the input that isolates it |\n|---|---|---|\n"
    for mistake in question.mistakes:
        case = isolating_case(question, mistake)
        where = described(question, case) if case else "only several inputs together"
        text += f"| `{mistake.key}` | {_cell(mistake.says)} *{_cell(mistake.asks)}* | {_cell(where)} |\n"
    return text


def described(question: Question, case: Case) -> str:
    """Describe an input in a few words."""
    values = [f"{one.dtype} {tuple(one.shape)}" if isinstance(one, Array) else repr(one) for one in case.args]
    note = f"{case.note}: " if case.note else ""
    return f"{note}{', '.join(values)}".rstrip(": ")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def all_questions(chapter: str = "") -> list[str]:
    """Ids of the questions of the course, or of one chapter, in order.

    Raises:
        KeyError: if there is no such chapter.
    """
    course = current_course()
    chosen = [course.chapter(chapter)] if chapter else course.chapters.values()
    return [question_id for one in chosen for question_id in one.questions]
