"""Every aspect of a verdict and every kind of question, on questions made for it."""

import json
import warnings
from typing import Any

import numpy as np
import pytest
import torch

from poolgrader.calls.observe import observe
from poolgrader.calls.values import Array, Observation, describe
from poolgrader.classroom.run.grading import judgement_of
from poolgrader.judging.comparison import compare, differing
from poolgrader.judging.feedback import NAMES_OF_FACTS, as_html, as_text
from poolgrader.judging.judge import judge
from poolgrader.questions.question import Case, Group, Mistake, arrays
from tests.poolgrader.answers import Asked, defined, question, verdict


def doubling(rng: np.random.Generator) -> list[Case]:
    return [Case("all", arrays(rng.normal(size=(3, 4))))]


def twice_in_place(x: Any) -> Any:
    x *= 2
    return x.copy()


def sometimes(x: Any, counted: list[int] = [0]) -> Any:  # noqa: B006 - it keeps a count on purpose
    counted[0] += 1
    return 2 * x + counted[0]


@pytest.mark.parametrize(
    ("answer", "aspect"),
    [
        (lambda x: 1 / 0, "failure"),
        (lambda x: (2 * x).tolist(), "type"),
        (lambda x: None, "type"),
        (lambda x: {1, 2}, "type"),
        (lambda x: (2 * x)[:, :-1], "shape"),
        (lambda x: 2 * x + 1e-6, "values"),
        (lambda x: np.where(x > 0, 2 * x, np.nan), "values"),
        (sometimes, "values"),
    ],
)
def test_aspects_of_a_wrong_answer(answer: Any, aspect: str) -> None:
    seen = verdict(question(doubling, lambda x: 2 * x), answer)
    assert seen.points == 0
    assert seen.status == "wrong"
    assert seen.example is not None
    assert seen.example.difference.aspect == aspect


@pytest.mark.parametrize(
    ("answer", "names", "points"),
    [
        (lambda x: (2 * x).astype(np.float32), ["the dtype is the right one"], 3.2),
        (twice_in_place, ["the arguments are left as they were"], 3.2),
        (
            lambda x: np.multiply(x, 2, out=x),
            ["the arguments are left as they were", "the output has memory of its own"],
            2.4,
        ),
    ],
)
def test_what_is_wrong_beside_the_numbers_costs_its_own_part(
    answer: Any, names: list[str], points: float
) -> None:
    seen = verdict(question(doubling, lambda x: 2 * x), answer)
    assert (seen.points, seen.status) == (points, "wrong")
    assert [NAMES_OF_FACTS[one.aspect] for one in seen.deductions] == names
    assert seen.parts[0].right
    for name in names:
        assert f"✗ {name} (−0.8)" in as_text(seen)
        assert f"✗ {name} (−0.8)" in as_html(seen)
    assert [name, -0.8, False] in judgement_of(seen)["parts"]


def two_groups(rng: np.random.Generator) -> list[Case]:
    return [
        Case("numbers", arrays(rng.normal(size=(3, 4)))),
        Case("own memory", arrays(rng.normal(size=(2, 2)))),
    ]


def test_what_a_group_looks_at_costs_that_group_alone() -> None:
    groups = (Group("numbers", 0.75), Group("own memory", 0.25, facts=("aliases",)))
    asked = question(two_groups, lambda x: x.copy(), groups=groups)
    seen = verdict(asked, lambda x: x[:])
    assert seen.points == 3
    assert [part.right for part in seen.parts] == [True, False]
    assert not seen.deductions
    assert verdict(asked, lambda x: x[:1]).points == 0, "wrong numbers still cost every group"


def test_a_view_hides_no_known_mistake() -> None:
    """Numbers that a known mistake explains are explained,
    though the output is a view of the input as well.
    """
    doubled = Mistake("halved", "Each number was halved.", "Which way?", (("2 * x", "x / 2"),))
    asked = question(doubling, lambda x: 2 * x, mistakes=(doubled,))

    def halved_on_the_spot(x: Any) -> Any:
        x /= 2
        return x

    seen = verdict(asked, halved_on_the_spot)
    assert seen.points == 0
    assert seen.diagnosis.key == "halved"
    assert seen.example is not None
    assert seen.example.difference.aspect == "values"
    assert len(seen.deductions) == 2


def test_a_tiny_input_has_a_tiny_tolerance_and_a_huge_one_a_huge() -> None:
    tiny = question(lambda rng: [Case("all", arrays(1e-12 * rng.normal(size=9)))], lambda x: 2 * x)
    assert verdict(tiny, lambda x: 0 * x).points == 0
    huge = question(lambda rng: [Case("all", arrays(1e12 * rng.normal(size=9)))], lambda x: x - x.mean())
    assert verdict(huge, lambda x: x - x.sum() / 9).points == 4
    assert verdict(huge, lambda x: (x + 1e14) - (x + 1e14).mean()).points == 4, "rounding at 1e14 is 0.01"


def test_points_are_a_float_also_where_a_group_has_the_whole_number_1_as_its_share() -> None:
    """A result's file holds 4.0 in each case, and not 4 in some."""
    for share in (1, 1.0):
        seen = verdict(question(doubling, lambda x: 2 * x, groups=(Group("all", share),)), lambda x: 2 * x)
        assert json.dumps(judgement_of(seen)["points"]) == "4.0"


def test_a_right_answer_has_all_points() -> None:
    seen = verdict(question(doubling, lambda x: 2 * x), lambda x: x + x)
    assert (seen.points, seen.status, seen.example) == (4.0, "right", None)
    assert "4 of 4 points. All of it is right." in as_text(seen)


def test_an_output_that_shares_memory_with_the_input_is_seen() -> None:
    asked = question(doubling, lambda x: x.copy())
    seen = verdict(asked, lambda x: x[:])
    assert seen.example is not None
    assert seen.example.difference.aspect == "aliases"
    assert verdict(asked, lambda x: x.copy()).status == "right"


def test_an_answer_that_changes_from_call_to_call_is_seen() -> None:
    calls = [0]

    def answer(x: Any) -> Any:
        calls[0] += 1
        return 2 * x if calls[0] == 1 else 3 * x

    seen = verdict(question(doubling, lambda x: 2 * x), answer)
    assert seen.points == 0
    assert seen.example is not None


def test_a_failing_line_is_shown_shortened() -> None:
    source = "def answer(x):\n    y = 2 * x\n    return y[" + "0 + " * 200 + "99, 99]\n"
    seen = verdict(question(doubling, lambda x: 2 * x), defined(source)["answer"])
    assert seen.example is not None
    assert "IndexError" in seen.example.difference.got
    assert "return y[0 + " in seen.example.difference.got
    assert len(seen.example.difference.got) < 800


def test_untouched_is_not_started_and_a_missing_return_is_not() -> None:
    def untouched(x: Any) -> Any:
        raise NotImplementedError

    asked = question(doubling, lambda x: 2 * x)
    assert verdict(asked, untouched).status == "not started"
    assert "Not started" in as_text(verdict(asked, untouched))
    assert verdict(asked, lambda x: None).status == "wrong"


def test_expected_exceptions_are_compared_by_type() -> None:
    def strict(x: Any) -> Any:
        raise ValueError("too small")

    asked = question(doubling, strict)
    assert verdict(asked, strict).status == "right"
    assert verdict(asked, lambda x: 2 * x).status == "wrong"
    assert verdict(asked, lambda x: [][0]).status == "wrong"


def with_gradient(rng: np.random.Generator) -> list[Case]:
    x = torch.from_numpy(rng.normal(size=(2, 3)))
    cotangent = describe(torch.from_numpy(rng.normal(size=(2, 3))))
    assert isinstance(cotangent, Array)
    return [Case("all", arrays(x), cotangent=cotangent)]


@pytest.mark.parametrize(
    ("answer", "aspect"),
    [
        (lambda x: x.detach() ** 2, "gradient"),
        (lambda x: x * x.detach(), "gradient"),
        (lambda x: (x**2).float(), "dtype"),
    ],
)
def test_gradients_count(answer: Any, aspect: str) -> None:
    asked = question(with_gradient, lambda x: x**2, library="torch", call="gradient")
    assert verdict(asked, lambda x: x * x).status == "right"
    seen = verdict(asked, answer)
    assert seen.example is not None
    assert seen.example.difference.aspect == aspect


class Scaled(torch.nn.Module):
    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Any) -> Any:
        return self.factor * x


def test_a_module_is_built_with_drawn_settings() -> None:
    def draw(rng: np.random.Generator) -> list[Case]:
        return [Case("all", arrays(torch.ones(2)), init={"factor": float(rng.integers(2, 9))})]

    asked = question(draw, Scaled, library="torch", call="module")
    assert verdict(asked, Scaled).status == "right"
    seen = verdict(asked, lambda factor: Scaled(2.5))
    assert seen.example is not None
    assert seen.example.difference.aspect == "values"


def test_values_tuples_and_choices() -> None:
    def draw(rng: np.random.Generator) -> list[Case]:
        return [Case("first", part=(0,)), Case("second", part=(1,))]

    groups = (Group("first", 0.25), Group("second", 0.75))
    asked = question(draw, (5, "b"), call="value", groups=groups)
    assert verdict(asked, (5, "b")).points == 4
    assert verdict(asked, (5, "c")).points == 1
    assert verdict(asked, [4, "b"]).points == 3
    assert verdict(asked, None).status == "not started"
    assert verdict(asked, 7).points == 0


def test_a_wrong_choice_gets_its_own_reply() -> None:
    class Choice(Asked):
        answer = 'answer = "b"\n'

    replies = (
        Mistake("a", "That is what average pooling gives.", "And the largest?", (('"b"', '"a"'),)),
        Mistake("c", "That is what stride 1 gives.", "And stride 2?", (('"b"', '"c"'),)),
    )
    asked = Choice(
        id="0.1",
        title="choose",
        name="answer",
        points=1,
        library="numpy",
        groups=(Group("all", 1.0),),
        draw=lambda rng: [Case("all")],
        reference="b",
        mistakes=replies,
        hints=("", "", ""),
        call="value",
    )
    assert "That is what stride 1 gives." in as_text(verdict(asked, "c"))
    assert verdict(asked, "d").diagnosis.mistakes == ()


def test_an_inverse_design_has_many_right_answers() -> None:
    """Find kernel and stride that make 7 cells into 3."""

    def accepts(case: Case, value: Any) -> str:
        if not isinstance(value, tuple) or len(value) != 2 or not all(type(one) is int for one in value):
            return "A pair of whole numbers was asked for."
        k, s = value
        made = (7 - k) // s + 1 if k > 0 and s > 0 else 0
        return "" if made == 3 else f"That makes {made} cells."

    asked = question(lambda rng: [Case("all")], None, accepts=accepts, shrinks=())
    assert all(
        verdict(asked, lambda pair=pair: pair).points == 4 for pair in [(3, 2), (5, 1), (1, 3), (2, 2)]
    )
    wrong = verdict(asked, lambda: (2, 1))
    assert wrong.points == 0
    assert "That makes 6 cells." in as_text(wrong)
    assert verdict(asked, lambda: "3, 2").points == 0


def test_the_example_is_small_and_still_fails() -> None:
    def draw(rng: np.random.Generator) -> list[Case]:
        return [Case("all", arrays(rng.normal(size=(9, 11))), "many numbers")]

    asked = question(draw, lambda x: 2 * x)
    seen = verdict(asked, lambda x: np.where(x < 0, 0.0, 2 * x))
    assert seen.example is not None
    (shown,) = seen.example.case.args
    assert shown.data.size == 1
    assert shown.data.item() == -1.0


def test_two_mistakes_that_no_input_separates_are_both_named() -> None:
    alike = (
        Mistake("plus", "It adds.", "Why?", (("2 * x", "x + 1"),)),
        Mistake("plus_too", "It adds as well.", "Why?", (("2 * x", "1 + x"),)),
        Mistake("negated", "It turns the sign.", "Why?", (("2 * x", "-2 * x"),)),
    )
    asked = question(doubling, lambda x: 2 * x, mistakes=alike)
    seen = verdict(asked, lambda x: x + 1)
    assert seen.diagnosis.key == "plus | plus_too"
    assert "Any one of these explains it" in as_text(seen)
    assert verdict(asked, lambda x: -2 * x).diagnosis.key == "negated"
    assert verdict(asked, lambda x: -2 * x + 1).diagnosis.key == ""


def test_two_mistakes_that_agree_on_the_cases_are_told_apart_by_another_input() -> None:
    """The first case holds whole numbers only, where rounding and cutting are alike;
    further draws are not.
    """
    mistakes = (
        Mistake("cut", "It cuts.", "Why?", (("2 * x", "np.trunc(2 * x) + 1"),)),
        Mistake("rounded", "It rounds.", "Why?", (("2 * x", "np.round(2 * x) + 1"),)),
    )

    def draw(rng: np.random.Generator) -> list[Case]:
        first = rng.integers(0, 9, size=4) + 0.0
        return [Case("all", arrays(first if _is_seven(rng) else first + 0.3))]

    asked = question(draw, lambda x: 2 * x, mistakes=mistakes)
    assert verdict(asked, lambda x: np.trunc(2 * x) + 1).diagnosis.key == "cut"
    assert verdict(asked, lambda x: np.round(2 * x) + 1).diagnosis.key == "rounded"


def _is_seven(rng: np.random.Generator) -> bool:
    return bool(np.array_equal(rng.integers(0, 9, size=4), _after_four(7)))


def _after_four(seed: int) -> Any:
    rng = np.random.default_rng(seed)
    rng.integers(0, 9, size=4)
    return rng.integers(0, 9, size=4)


def test_an_answer_that_never_comes_is_not_asked_for_ever() -> None:
    asked = question(lambda rng: [Case("all", arrays(np.ones(2)))] * 9, lambda x: 2 * x)
    calls = []

    def never(call: Any) -> Observation:
        calls.append(call)
        return Observation(lost="no answer within 5 s")

    seen = judge(asked, 7, never)
    assert (seen.points, seen.status, len(calls)) == (0.0, "lost", 1)


def test_what_another_answer_left_behind_costs_nothing() -> None:
    asked = question(lambda rng: [Case("all", arrays(np.ones(2)))] * 3, lambda x: 2 * x)
    spoilt = [True]

    def call(one: Any) -> Observation:
        return (
            Observation(lost="ended by another") if spoilt[0] else observe(one, {asked.name: lambda x: 2 * x})
        )

    def afresh() -> bool:
        was, spoilt[0] = spoilt[0], False
        return was

    assert judge(asked, 7, call).status == "lost"
    assert judge(asked, 7, call, afresh=afresh).status == "right"
    assert not spoilt[0]
    assert judge(asked, 7, lambda one: Observation(lost="always"), afresh=afresh).status == "lost"


def test_what_is_handed_over_without_arguments_is_handed_over_once() -> None:
    """Else an answer could count its calls, and hand over what the next case asks for."""
    cases = [Case("all", hidden=number) for number in range(3)]
    asked = question(
        lambda rng: cases,
        lambda: 0,
        accepts=lambda case, value: "" if value == case.hidden else "another number",
    )
    calls = []

    def counting(one: Any) -> Observation:
        calls.append(one)
        return Observation(value=len(calls) - 1)

    assert judge(asked, 7, counting, shrinks=False).status == "wrong"


@pytest.mark.parametrize(
    ("expected", "got", "same"),
    [
        ([1.0, np.nan], [1.0, np.nan], True),
        ([1.0, np.inf], [1.0, np.inf], True),
        ([1.0, np.inf], [1.0, -np.inf], False),
        ([0.0], [-0.0], True),
        ([1.0], [1.0 + 1e-12], True),
        ([1.0], [1.0 + 1e-8], False),
        ([np.nan], [0.0], False),
    ],
)
def test_values_within_the_tolerance(expected: list[float], got: list[float], same: bool) -> None:
    one, other = describe(np.array(expected)), describe(np.array(got))
    assert isinstance(one, Array)
    assert isinstance(other, Array)
    assert (not differing(one, other).any()) == same


def test_loose_comparison_takes_lists_for_arrays() -> None:
    expected = Observation(value=describe([1, 2, 3]))
    assert compare(expected, Observation(value=describe(np.array([1.0, 2.0, 3.0]))), loose=True) is None
    assert compare(expected, Observation(value=describe((1, 2, 3))), loose=True) is None
    difference = compare(expected, Observation(value=describe([1, 2])), loose=True)
    assert difference is not None
    assert difference.aspect == "shape"
    assert compare(expected, Observation(value=describe([1, [2], 3])), loose=True) is not None


def test_the_layout_counts_where_the_question_says_so() -> None:
    def draw(rng: np.random.Generator) -> list[Case]:
        x = torch.from_numpy(rng.normal(size=(1, 2, 3, 4))).contiguous(memory_format=torch.channels_last)
        return [Case("all", arrays(x))]

    asked = question(draw, lambda x: 2 * x, library="torch", layout=True)
    assert verdict(asked, lambda x: x + x).status == "right"
    seen = verdict(asked, lambda x: (2 * x).contiguous())
    assert seen.example is not None
    assert seen.example.difference.aspect == "layout"


def test_feedback_marks_cells_by_sign_and_frames_the_window() -> None:
    from poolgrader.questions import find

    asked = find("3.3")
    padded = next(mistake for mistake in asked.mistakes if mistake.key == "zero_padding")
    namespace = asked.define(asked.mistaken(padded) or "")
    seen = judge(asked, asked.public_seed, lambda call: observe(call, namespace))
    page, text = as_html(seen), as_text(seen)
    assert "≠" in page
    assert 'title="outlined"' in page
    assert "!0" in text
    assert "[-1]" in text
    for words in ("yours", "expected", padded.says, padded.asks):
        assert words in text
    assert "-np.inf" not in text, "never the answer"


def test_a_mistake_without_a_gradient_explains_no_answer_that_has_one() -> None:
    class Squared(Asked):
        answer = "def answer(x):\n    return x**2\n"

    cut = Mistake("cut", "No gradient reaches the input.", "Why?", (("x**2", "x.detach() ** 2"),))
    fields: dict[str, Any] = {"library": "torch", "call": "gradient", "mistakes": (cut,)}
    asked = question(with_gradient, lambda x: x**2, **fields)
    asked = Squared(**{name: getattr(asked, name) for name in asked.__dataclass_fields__})
    assert verdict(asked, lambda x: x.detach() ** 2).diagnosis.key == "cut"
    halved = verdict(asked, lambda x: x * x.detach())
    assert halved.diagnosis.mistakes == ()
    assert "gradient, yours 2 × 3" in as_text(halved)
    assert "gradient, expected 2 × 3" in as_text(halved)


def test_what_a_known_mistake_warns_of_reaches_nobody(recwarn: pytest.WarningsRecorder) -> None:
    noisy = Mistake(
        "noisy",
        "",
        "",
        source="import warnings\ndef answer(x):\n    warnings.warn('noise')\n    return 3 * x",
    )
    warnings.simplefilter("always")
    seen = verdict(question(doubling, lambda x: 2 * x, mistakes=(noisy,)), lambda x: 3 * x)
    assert [one.key for one in seen.diagnosis.mistakes] == ["noisy"]
    assert not list(recwarn)


def test_a_failure_is_explained_only_by_one_with_the_same_message() -> None:
    divided = Mistake(
        "divided", "The size is no whole number.", "Why?", (("2 * x", "np.zeros(x.shape[0] / 1)"),)
    )
    asked = question(doubling, lambda x: 2 * x, mistakes=(divided,))
    assert verdict(asked, lambda x: np.ones(x.shape[0] / 1)).diagnosis.key == "divided"
    assert verdict(asked, lambda x: np.zeros(x.shape[0] / 2)).diagnosis.key == ""
    assert verdict(asked, lambda x: x + "1").diagnosis.key == ""


def test_an_address_in_a_message_is_not_compared() -> None:
    source = "def answer(x):\n    raise TypeError(f'not for {object()!r}')\n"
    told = Mistake("told", "It raises.", "Why?", source=source)
    asked = question(doubling, lambda x: 2 * x, mistakes=(told,))
    kept = [object()]  # so that another object has another address

    def answer(x: Any) -> Any:
        raise TypeError(f"not for {kept[0]!r}")

    assert verdict(asked, answer).diagnosis.key == "told"


def test_two_mistakes_that_only_ever_raise_explain_nothing() -> None:
    """What is seen then is an error of the two together, and nothing of either."""
    mistakes = (
        Mistake("emptied", "It looks at no row.", "Why?", (("(x):\n", "(x):\n    x = x[:0]\n"),)),
        Mistake("averaged", "It divides by the size.", "Why?", (("2 *", "2 / x.size *"),)),
    )
    asked = question(doubling, lambda x: 2 * x, mistakes=mistakes)
    assert verdict(asked, lambda x: 2 / x.size * x).diagnosis.key == "averaged"
    assert verdict(asked, lambda x: 1 / 0 * x).diagnosis.key == ""


def test_an_error_that_was_asked_for_may_be_worded_freely() -> None:
    class Refusing(Asked):
        answer = "def answer(n):\n    if n < 0:\n        raise ValueError('negative')\n    return n + 1\n"

    added = Mistake("added", "It adds 2.", "Why?", (("n + 1", "n + 2"),))
    made = question(lambda rng: [Case("all", (n,)) for n in (1, -1)], None, mistakes=(added,), shrinks=())
    fields = {name: getattr(made, name) for name in made.__dataclass_fields__}
    asked = Refusing(**fields | {"reference": defined(Refusing.answer)["answer"]})

    def answer(n: Any) -> Any:
        if n < 0:
            raise ValueError("in other words")
        return n + 2

    assert verdict(asked, answer).diagnosis.key == "added"
