"""What a verdict says to a learner whose answer differs in no way that is known."""

from typing import Any

import numpy as np
import pytest

from poolgrader.calls.observe import observe
from poolgrader.judging.feedback import as_html, as_text
from poolgrader.judging.judge import judge
from poolgrader.questions import find
from poolgrader.questions.question import Case, arrays
from tests.poolgrader.answers import defined, question, verdict


def told(number: str, answer: Any) -> str:
    """The feedback of a question's own check on an answer."""
    asked = find(number)
    return as_text(judge(asked, asked.public_seed, lambda call: observe(call, {asked.name: answer})))


def test_a_window_is_spoken_of_only_where_one_can_be_drawn() -> None:
    texts = [
        told("1.5", lambda *_: [0, 1, 2]),
        told("1.5", lambda *_: [4]),
        told("2.1", lambda: [9, 8, 7, 6]),
    ]
    for text in texts:
        assert "This is none of the mistakes that the check knows." in text
        assert "outlined" not in text
        assert "windows fit" not in text
    sevens = told("3.2", lambda x, kernel_size: np.full(np.subtract(x.shape, kernel_size) + 1, 7.25))
    assert "from the outlined cells" in sevens


def channels_last(x: Any, kernel_size: Any, stride: Any = None, padding: Any = 0) -> Any:
    n, h, w, c = x.shape
    padded = np.full((n, h + 2, w + 2, c), -np.inf)
    padded[:, 1:-1, 1:, :] = x
    return padded


ERRORS_OF_3_3 = {
    "a size that is no whole number": (
        lambda x, *_: np.empty((1, 1, x.shape[2] / 2, 1)),
        "Which division should be `//`?",
    ),
    "sizes without brackets": (lambda x, *_: np.empty(*x.shape), "Which brackets are missing in that line?"),
    "axes without brackets": (lambda x, *_: x.max(2, 3), "Which brackets are missing in that line?"),
    "channels last": (channels_last, "was put into a place of shape"),
    "a size from another data set": (lambda x, *_: x.reshape(-1, 28, 28), "numbers cannot fill that shape"),
    "an axis that is not there": (lambda x, *_: x[0, 0].max(axis=2), "There is no axis 2"),
}


@pytest.mark.parametrize(("answer", "says"), ERRORS_OF_3_3.values(), ids=ERRORS_OF_3_3)
def test_an_error_that_no_known_mistake_raises_is_explained_by_itself(answer: Any, says: str) -> None:
    text = told("3.3", lambda x, kernel_size, stride=None, padding=0: answer(x, kernel_size, stride, padding))
    assert "Error: " in text
    assert "Two things at once" not in text
    assert says in text


def test_a_list_of_the_wrong_length_is_counted() -> None:
    assert "Expected a list of 2 numbers; got a list of 1 number: 3." in told(
        "3.1", lambda: ([3, 0, 0, -2], [3, 0, -4], [3])
    )
    assert "Expected a list of 1 number; got a list of no numbers." in told("1.5", lambda *_: [])


def test_a_list_of_lists_with_numpys_numbers_is_told_in_words() -> None:
    def rows(rng: np.random.Generator) -> list[Case]:
        return [Case("all", arrays(rng.normal(size=(3, 4))))]

    seen = as_text(
        verdict(question(rows, lambda x: 2 * x, shrinks=()), lambda x: [[2 * n for n in row] for row in x])
    )
    assert "Expected a numpy array; got a list of 3." in seen


def test_an_error_asks_for_the_numbers_that_it_comes_from() -> None:
    outside = told("7.2", lambda x, outputs: x[x.shape[0] + 1, 0])
    assert "which has" in outside
    assert "Counting starts at 0" in outside
    unfit = told("7.2", lambda x, outputs: x + np.zeros(x.shape[1] + 2))
    assert "meet in one operation, and do not fit" in unfit
    other = told("7.2", lambda x, outputs: x.no_such_name)
    assert "There is no `.no_such_name` here." in other
    assert "This is none of the mistakes that the check knows." not in outside + unfit + other


@pytest.mark.parametrize(
    ("answer", "asks"),
    [
        (
            "def max_pool_plane(x, kernel_size):\n    return sliding(x.shape)",
            "Did you run the cell that defines or imports it?",
        ),
        ("def max_pool_plane(x):\n    return x", "Which arguments does the question name?"),
        (
            "def max_pool_plane(x, size, stride):\n    return x",
            "Which arguments does the question name?",
        ),
        (
            "def max_pool_plane(x, kernel_size):\n    return len(1, 2)",
            "`len` was called with arguments that it does not take.",
        ),
    ],
)
def test_an_error_of_a_name_or_of_arguments_asks_for_them(answer: str, asks: str) -> None:
    assert asks in told("3.2", defined(answer)["max_pool_plane"])


def test_the_example_comes_from_the_first_part_that_fails() -> None:
    def late(x: Any, mask: Any, how: str) -> Any:
        return x.nan_to_num(0.0).mean(dim=1)

    assert "Input: mean: padding after the sequences." in told("7.5", late)


def test_an_input_that_was_made_smaller_says_so() -> None:
    def ends_too_late(x: Any, outputs: Any) -> Any:
        rows, columns = outputs
        y = np.zeros(outputs)
        for i, j in np.ndindex(outputs):
            h, w = x.shape
            y[i, j] = x[
                i * h // rows : (i + 1) * h // rows + 1, j * w // columns : (j + 1) * w // columns + 1
            ].sum()
        return y

    text = told("7.2", ends_too_late)
    assert "made smaller." in text
    assert "made smaller" not in told("7.1", lambda: ([1], [2], [3]))


def test_two_numbers_that_differ_look_different() -> None:
    def close(rng: np.random.Generator) -> list[Case]:
        return [Case("all", arrays(np.array([3.2015621187])))]

    text = as_text(verdict(question(close, lambda x: x, shrinks=()), lambda x: x + 1e-6))
    assert "Expected 3.20156212; got 3.20156312 at [0]." in text


def test_four_inputs_are_drawn() -> None:
    """9.3 takes four rows, and the last one takes part in every number."""

    def unpaired(seeds_a: Any, a: Any, seeds_b: Any, b: Any, quantile: Any) -> Any:
        return a.mean() - b.mean(), 0.0, 0.0

    text = told("9.3", unpaired)
    assert all(f"  {name} 5:" in text for name in ("seeds_a", "a", "seeds_b", "b"))


def test_drawn_arrays_scroll_by_keyboard_and_say_whose_they_are() -> None:
    asked = find("9.3")
    wrong = judge(
        asked, asked.public_seed, lambda call: observe(call, {asked.name: lambda *rows: (0.0, 0.0, 0.0)})
    )
    page = as_html(wrong)
    box = '<div role="region" aria-label="the arrays of 9.3" tabindex="0" style="overflow-x:auto;'
    assert page.count(box) == page.count("overflow-x") == 1
    assert page.index(box) < page.index("<table")
    asked = find("1.5")
    listed = judge(asked, asked.public_seed, lambda call: observe(call, {asked.name: lambda *_: [4]}))
    assert "overflow-x" not in as_html(listed), "where nothing is drawn, there is no box to stop at"


def test_a_single_number_has_no_place() -> None:
    def ones(rng: np.random.Generator) -> list[Case]:
        return [Case("all", arrays(np.ones(9)))]

    total = as_text(verdict(question(ones, lambda x: x.sum(), shrinks=()), lambda x: x.sum() - 1))
    assert "Expected 9; got 8." in total
    loose = as_text(verdict(question(ones, lambda x: 9, loose=True), lambda x: 8))
    assert "Expected 9; got 8." in loose
    rows = as_text(verdict(question(ones, lambda x: 2 * x, shrinks=()), lambda x: x))
    assert "got 1 at [0]." in rows
