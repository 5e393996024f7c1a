"""Flaws in a question's folder are reported with the file, before notebooks are released to learners."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from poolgrader import learner_notebooks, mutation
from poolgrader.questions import find
from poolgrader.questions.course import CourseError, course_in
from poolgrader.questions.flaws import flaws
from poolgrader.questions.question import Case, arrays
from tests.course import COURSE, ROOT

Edit = Callable[[Path], None]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the second course."""
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(ROOT / "tests" / "second_course", tmp_path / "course", ignore=ignored))


def replaced(file: str, old: str, new: str) -> Edit:
    def edit(course: Path) -> None:
        path = course / "ch01_sums" / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return edit


def removed(file: str) -> Edit:
    return lambda course: (course / "ch01_sums" / file).unlink()


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (removed("q2_running/__init__.py"), "expected an empty __init__.py beside question.py, found none"),
        (
            removed("q2_running/styles/arrays.py"),
            "expected at least 2 other right answers in styles/, got 1",
        ),
        (
            replaced("q2_running/question.py", '"sign_lost"', '"one_late"'),
            "expected each key once, got 'one_late' twice",
        ),
        (
            replaced("q2_running/question.py", 'y[i] = total"', 'nowhere"'),
            "'nowhere' stands 0 times in the answer",
        ),
        (
            replaced("q2_running/question.py", 'np.empty_like(x)"', 'total"'),
            "'total' stands 4 times in the answer",
        ),
        (
            replaced("q2_running/question.py", '"running_sum"', '"running"'),
            "to define 'running', as `name` says",
        ),
        (
            replaced("q2_running/question.py", "np.cumsum", "lambda x: x.no_such_name"),
            "short rows, one number: expected the reference to give an output, or to refuse the input by "
            "ValueError; got AttributeError",
        ),
        (replaced("notebook.py", "{1.2}", "1.2"), "expected {1.2} once in notebook.py, got it 0 times"),
        (
            replaced("notebook.py", '# %% check="1.2"', ""),
            'expected # %% check="1.2" once in notebook.py, got it 0 times',
        ),
    ],
)
def test_each_flaw_is_reported(copy: Path, edit: Edit, says: str) -> None:
    edit(copy)
    found = flaws(find("1.2", course_in(copy)))
    assert any(says in one for one in found), found


def test_this_course_has_no_flaws() -> None:
    assert [flaws(find(one)) for one in mutation.all_questions() if flaws(find(one))] == []


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (
            replaced("q2_running/question.py", 'Case("long rows"', 'Case("long row"'),
            "a case of 'long row', which is no group",
        ),
        (
            replaced("q2_running/question.py", "place=__file__,", ""),
            "expected place=__file__, which gives the id 1.2",
        ),
    ],
)
def test_an_inconsistent_question_raises_an_error(copy: Path, edit: Edit, says: str) -> None:
    edit(copy)
    with pytest.raises(CourseError, match=says):
        find("1.2", course_in(copy)).cases(0)


def test_a_group_without_a_case_is_an_error(copy: Path) -> None:
    replaced(
        "q2_running/question.py", 'Group("float32", 0.25)', 'Group("float32", 0.15), Group("empty", 0.1)'
    )(copy)
    with pytest.raises(CourseError, match="no case of the group 'empty'"):
        find("1.2", course_in(copy)).cases(0)


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (
            lambda course: (course / "nbgrader_config.py").unlink(),
            "expected nbgrader's settings, a file nbgrader_config.py",
        ),
        (
            lambda course: (course / "nbgrader_config.py").write_text(
                (course / "nbgrader_config.py").read_text(encoding="utf-8").replace('"sums"', '"cars"'),
                encoding="utf-8",
            ),
            "course_id: expected 'sums', as in course.toml, got 'cars'",
        ),
    ],
)
def test_nbgrader_settings_that_are_missing_or_contradict_the_course_are_an_error(
    copy: Path, edit: Edit, says: str
) -> None:
    edit(copy)
    with pytest.raises(CourseError, match=says):
        learner_notebooks.generate(course_in(copy), copy / "exercises")


def test_a_mistake_that_is_not_named_is_reported_unless_a_reason_is_given() -> None:
    alike = mutation.tally("15.4", mutation.outcomes("15.4", [1], pairs_step=0))
    assert alike.named == (3, 5)
    assert alike.troubles == ()
    question = find("3.2")
    found = [
        one for one in mutation.outcomes("3.2", [question.public_seed], pairs_step=0) if one.kind == "mistake"
    ]
    lost = [
        mutation.Outcome(one.question_id, one.kind, one.name, one.points, "", "", False) for one in found[:1]
    ]
    assert mutation.tally("3.2", lost).troubles == (f"3.2 {found[0].name}: not named: cause not known",)


def test_only_the_single_array_of_a_case_can_be_shrunk() -> None:
    """The sizes of several arrays may depend on one another, so with several arrays none is shrunk alone."""
    question = COURSE.module("ch03_max_pooling", "q2_plane", "question").QUESTION
    import numpy as np

    assert question.shrinkable(Case("g", arrays(np.ones((3, 3)), (2, 2)))) == (0,)
    assert question.shrinkable(Case("g", arrays(np.ones(3), np.ones(3)))) == ()
