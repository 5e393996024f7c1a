"""Every question tells right from wrong answers: all known implementations are judged with several seeds.

Of the pairs of mistakes, the inputs that isolate a mistake, and the whole notebooks, only some are tried
unless NIGHTLY is set.
"""

import os
import re
from dataclasses import replace

import pytest

from poolgrader import mutation
from poolgrader.classroom.handed_in.submission import Submission
from poolgrader.classroom.run.grading import grade_submission
from poolgrader.classroom.secret import TEST_SECRET
from poolgrader.judging.diagnosis import agree
from poolgrader.limits import Limits
from poolgrader.questions import chapters, find, questions_of
from poolgrader.questions.question import Mistake, Question
from poolgrader.slips import trial
from tests.course import COURSE

NIGHTLY = bool(os.environ.get("NIGHTLY"))
SEEDS = 5 if NIGHTLY else 2  # the page's generator and the nightly run draw more
PAIRS_STEP = 1 if NIGHTLY else 8  # every n-th pair of mistakes is tried
QUESTIONS = [question for chapter in chapters() for question in questions_of(chapter)]
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
each_chapter = pytest.mark.parametrize("chapter", list(chapters())[:: 1 if NIGHTLY else 3])


@pytest.fixture(scope="session")
def rows() -> list[mutation.Tally]:
    return [
        mutation.tally(
            question.id,
            mutation.outcomes(question.id, mutation.seeds(question, SEEDS), PAIRS_STEP),
        )
        for question in QUESTIONS
    ]


@pytest.mark.slow
def test_mistakes_lose_points_right_styles_lose_none_and_no_cause_is_wrong(
    rows: list[mutation.Tally],
) -> None:
    assert [trouble for row in rows for trouble in row.troubles] == []


@pytest.mark.slow
def test_at_least_95_percent_of_the_mistakes_are_named(rows: list[mutation.Tally]) -> None:
    named, all_ = (sum(row.named[i] for row in rows) for i in (0, 1))
    assert named >= 0.95 * all_


@pytest.mark.slow
def test_the_page_of_the_mutation_matrix_is_up_to_date(rows: list[mutation.Tally]) -> None:
    page = (COURSE.folder / COURSE.settings["matrix"]).read_text(encoding="utf-8")
    said = re.search(r"The verdicts are the same over (\d+) seeds", page)
    assert said, "the page says how many seeds were drawn"
    # The page counts all pairs; where only some are tried here, none of the others is taken to be wrong.
    full = [
        replace(row, pairs=(row.pairs[0] - row.pairs[1] + count, count)) for row, count in with_pairs(rows)
    ]
    start = mutation.table(full, int(said[1])) + trial.section(trial.kept_in(COURSE))
    assert page.startswith(start), "run `make mutation`"
    titles = [f"\n## {question.id} {question.title}\n" for question in QUESTIONS]
    assert re.findall(r"\n## \d.*\n", page[len(start) :]) == titles, "run `make mutation`"
    for question in QUESTIONS[:: 1 if NIGHTLY else 4]:
        assert mutation.section(question) in page, "run `make mutation`"


def with_pairs(rows: list[mutation.Tally]) -> list[tuple[mutation.Tally, int]]:
    """Each row with the number of pairs of mistakes of its question."""
    return [(row, len(row.question.pairs())) for row in rows]


@each_question
def test_a_question_has_three_mistakes_and_three_right_answers(question: Question) -> None:
    assert len(question.mistakes) >= 3
    assert len({mistake.key for mistake in question.mistakes}) == len(question.mistakes)
    assert len(question.styles) >= 2, "the reference answer and two others"


@each_question
def test_cases_are_the_same_for_a_seed_and_cover_every_group(question: Question) -> None:
    one, other = question.cases(7), question.cases(7)
    assert {case.group for case in one} == {group.name for group in question.groups}
    assert [case.note for case in one] == [case.note for case in other]
    for case in one:
        again = other[one.index(case)]
        left, right = question.expected(case), question.expected(again)
        assert agree(question, case, left, right)


@each_question
def test_hints_contain_no_line_of_the_answer(question: Question) -> None:
    assert len(question.hints) == 3
    lines = [line.strip() for line in question.answer.splitlines() if len(line.strip()) > 30]
    for hint in question.hints:
        assert not any(line in hint for line in lines)


def test_the_matrix_detects_its_own_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """It reports a mistake whose edit does nothing, a style that is wrong, and a mistake named wrongly."""
    question = find("3.2")
    harmless = Mistake("harmless", "", "", (("return y", "return y + 0"),))
    entry = mutation.Implementation(
        question, "mistake", "harmless", question.mistaken(harmless) or "", (harmless,)
    )
    assert entry.holds(entry.verdict(question.public_seed)) == "let through"
    spoiled = question.mistaken(question.mistakes[0]) or ""
    style = mutation.Implementation(question, "right", "spoiled", spoiled)
    assert style.holds(style.verdict(question.public_seed)).startswith("lost marks")
    liar = mutation.Implementation(question, "mistake", "liar", spoiled, (question.mistakes[1],))
    assert liar.holds(liar.verdict(question.public_seed)) == f"called {question.mistakes[0].key}"


def notebooks(chapter: str) -> list[list[mutation.Implementation]]:
    """Notebooks with one implementation of each question, which together contain all of a chapter's."""
    dealt: dict[str, list[mutation.Implementation]] = {}
    for question in questions_of(chapter):
        dealt[question.id] = list(mutation.entries(question, pairs_step=0))
    longest = max(map(len, dealt.values()))
    return [[own[number % len(own)] for own in dealt.values()] for number in range(longest)]


@pytest.mark.slow
@each_chapter
def test_grader_and_notebook_give_the_same_marks(chapter: str) -> None:
    """The grader runs in another process, with secret inputs; points and named mistake must be the same."""
    for number, chosen in enumerate(notebooks(chapter)):
        cells: tuple[tuple[str, str], ...] = (("setup", "import numpy as np"), ("setup 2", "import torch"))
        cells += tuple((entry.question.grade_id, entry.source) for entry in chosen)
        submission = Submission(f"learner {number}", chapter, "0", cells)
        result = grade_submission(submission, questions_of(chapter), TEST_SECRET, Limits())
        seen = {record["question"]: (record["points"], record["mistake"]) for record in result["questions"]}
        checks = {entry.question.id: entry.verdict(entry.question.public_seed) for entry in chosen}
        assert seen == {key: (one.points, one.diagnosis.key) for key, one in checks.items()}
