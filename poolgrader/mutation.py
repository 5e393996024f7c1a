"""Does the grader tell right from wrong? Every question against every implementation that is known of it.

`make mutation` prints the matrix over 200 seeds and writes the page of it; the tests hold a spread of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from poolgrader.jail.observe import observe
from poolgrader.jail.values import Array
from poolgrader.judging.diagnosis import agree, mistaken_observation
from poolgrader.judging.judge import judge
from poolgrader.judging.verdict import Verdict
from poolgrader.questions import chapters, find, questions_of
from poolgrader.questions.question import Case, Mistake, Question
from poolgrader.questions.styles import styles_of

PAGE = "book/instructor/mutation.md"
FURTHER = 12  # further seeds to look for an input that isolates a mistake


@dataclass(frozen=True, eq=False)
class Entry:
    """One implementation of one question: what it is, its source, and the mistakes in it."""

    question: Question
    kind: str
    name: str
    source: str
    mistakes: tuple[Mistake, ...] = ()

    def verdict(self, seed: int) -> Verdict:
        """What the judge says, as in the notebook."""
        namespace = self.question.define(self.source)
        return judge(self.question, seed, lambda call: observe(call, namespace), shrinks=False)

    def holds(self, verdict: Verdict) -> str:
        """What is wrong with a verdict, or "": right styles full, mistakes rejected and none misnamed."""
        if not self.mistakes:
            return "" if float(verdict) == self.question.points else f"lost marks: {verdict.reason}"
        if float(verdict) >= self.question.points:
            return "let through"
        named = {mistake.key for mistake in verdict.diagnosis.mistakes}
        made = {mistake.key for mistake in self.mistakes}
        if len(self.mistakes) == 1:
            return "" if not named or named & made else f"called {verdict.diagnosis.key}"
        return ""  # two at once may look like one: what counts is that they lose marks

    def named(self, verdict: Verdict) -> bool:
        """Whether the verdict names just the mistakes that were made."""
        return {one.key for one in verdict.diagnosis.mistakes} == {one.key for one in self.mistakes}


def entries(chapter: str, pairs: bool = True) -> Iterator[Entry]:
    """All implementations of a chapter's questions: the answer, the styles, each mistake, every two mistakes."""
    for question in questions_of(chapter):
        yield Entry(question, "right", "reference", question.answer)
        for style, sources in styles_of(chapter).items():
            if question.id in sources:
                yield Entry(question, "right", style, sources[question.id])
        for mistake in question.mistakes:
            source = question.mistaken(mistake)
            if source is None:
                raise ValueError(f"{question.id}: {mistake.key}: its edit finds nothing to change")
            yield Entry(question, "mistake", mistake.key, source, (mistake,))
        if pairs:
            for both in question.pairs():
                source = question.mistaken(*both) or ""
                yield Entry(question, "pair", " + ".join(one.key for one in both), source, both)


def seeds(question: Question, count: int) -> list[int]:
    """The public seed and others, the same every time."""
    return [question.public_seed, *range(1, count)]


def isolating_case(question: Question, mistake: Mistake) -> Case | None:
    """The smallest input of the first seed that has one: a mistake shows there, and as no other mistake does."""
    found: list[Case] = []
    for seed in [question.public_seed, *range(1, FURTHER)]:
        for case in question.cases(seed):
            shown = mistaken_observation(question, (mistake,), case)
            if agree(question, case, question.expected(case), shown):
                continue
            others = (mistaken_observation(question, (one,), case) for one in question.mistakes if one is not mistake)
            if not any(agree(question, case, shown, other) for other in others):
                found.append(case)
        if found:
            break
    return min(found, key=lambda case: case.size) if found else None


@dataclass
class Tally:
    """One question's row, as numbers and text: it comes back from another process."""

    question_id: str
    right: list[int]
    mistakes: list[int]
    named: list[int]
    pairs: list[int]
    troubles: list[str]

    @property
    def question(self) -> Question:
        """The question of the row."""
        return find(self.question_id)


def tally(chapter: str, count: int, step: Callable[[str], None] = lambda name: None) -> list[Tally]:
    """Run a chapter's matrix; pairs on the public seed alone.

    Args:
        chapter: as "03_max_pooling".
        count: seeds for each mistake and each right style.
        step: told of each question's seeds as they come, for a progress bar.
    """
    rows: dict[str, Tally] = {}
    verdicts: dict[Entry, list[Verdict]] = {entry: [] for entry in entries(chapter)}
    for question in questions_of(chapter):
        rows[question.id] = Tally(question.id, [0, 0], [0, 0], [0, 0], [0, 0], [])
        own = [entry for entry in verdicts if entry.question is question]
        for number, seed in enumerate(seeds(question, count)):  # seed by seed: what was drawn is kept for all
            step(f"{question.id}, seed {number + 1}")
            for entry in own:
                if number == 0 or entry.kind != "pair":
                    verdicts[entry].append(entry.verdict(seed))
    for entry, found in verdicts.items():
        _count(rows[entry.question.id], entry, found)
    return list(rows.values())


def _count(row: Tally, entry: Entry, verdicts: Sequence[Verdict]) -> None:
    wrong = {trouble for trouble in map(entry.holds, verdicts) if trouble}
    if len({(float(one), one.diagnosis.key) for one in verdicts}) > 1:
        wrong.add("another verdict with another seed")
    row.troubles += [f"{entry.question.id} {entry.name}: {trouble}" for trouble in sorted(wrong)]
    cell = {"right": row.right, "mistake": row.mistakes, "pair": row.pairs}[entry.kind]
    cell[0] += not wrong
    cell[1] += 1
    if entry.kind == "mistake":
        row.named[0] += all(map(entry.named, verdicts))
        row.named[1] += 1


HEAD = """# Does the grader tell right from wrong?

<!-- GENERATED by `make mutation`; do not edit. -->

Every known mistake of every question is put to the grader, and so is every right solution that we have in another
style. A mistake must lose marks, and its cause must be named or called unknown, never called by another's name. A right
solution must have full marks. Two mistakes at once must lose marks too. The verdicts are the same over {seeds} seeds.

## The matrix

| question | right styles with full marks | mistakes rejected | named | pairs rejected |
|---|---|---|---|---|
"""


def page(rows: Sequence[Tally], count: int) -> str:
    """The page of the instructor's part of the book."""
    text = HEAD.format(seeds=count)
    for row in rows:
        cells = [f"{good} of {all_}" for good, all_ in (row.right, row.mistakes, row.named, row.pairs)]
        text += f"| {row.question.id} {row.question.title} | {' | '.join(cells)} |\n"
    totals = [
        [sum(getattr(row, name)[i] for row in rows) for i in (0, 1)] for name in ("right", "mistakes", "named", "pairs")
    ]
    text += f"| **all** | {' | '.join(f'**{good} of {all_}**' for good, all_ in totals)} |\n"
    for row in rows:
        text += f"\n## {row.question.id} {row.question.title}\n\n"
        text += "| mistake | what the learner reads | the input that isolates it |\n|---|---|---|\n"
        for mistake in row.question.mistakes:
            case = isolating_case(row.question, mistake)
            where = described(row.question, case) if case else "only several inputs together"
            text += f"| `{mistake.key}` | {_cell(mistake.says)} *{_cell(mistake.asks)}* | {_cell(where)} |\n"
    return text


def described(question: Question, case: Case) -> str:
    """An input in a few words."""
    values = [f"{one.dtype} {tuple(one.shape)}" if isinstance(one, Array) else repr(one) for one in case.args]
    note = f"{case.note}: " if case.note else ""
    return f"{note}{', '.join(values)}".rstrip(": ")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def all_chapters() -> list[str]:
    """Chapters that have questions."""
    return list(chapters())
