"""What chapter 15 judges answers with: wrong implementations made of known mistakes, and measures of nets."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from poolgrader.questions.mutants import Mutant, composed, same
from poolkit import reference
from poolkit.windows import Window
from tests.course import COURSE

maximum = COURSE.module("ch05_padding_and_stride", "q2_maximum", "question")
forward = COURSE.module("ch15_break_the_grader", "q2_forward", "question")
backward = COURSE.module("ch15_break_the_grader", "q3_backward", "question")
nets = COURSE.module("ch15_break_the_grader", "nets")
ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = (-np.arange(1.0, 36.0).reshape(5, 7), (2, 3), (1, 2), ((1, 0), (0, 2)))


def test_a_mutant_without_mistakes_is_right() -> None:
    expected = reference.max_pool(ARGUMENTS[0], Window.of(*ARGUMENTS[1:]))
    assert same(Mutant(maximum.QUESTION).run(ARGUMENTS), expected)


@pytest.mark.parametrize(
    "keys", [("zero_padding",), ("kernel_axes_swapped",), ("zero_padding", "strides_swapped")]
)
def test_a_mutant_with_mistakes_gives_a_wrong_output(keys: tuple[str, ...]) -> None:
    expected = reference.max_pool(ARGUMENTS[0], Window.of(*ARGUMENTS[1:]))
    assert not same(Mutant(maximum.QUESTION, keys).run(ARGUMENTS), expected)


def test_a_mutant_that_raises_gives_none_and_does_not_change_the_input() -> None:
    whole = ARGUMENTS[0].astype(int)
    before = whole.copy()
    assert Mutant(maximum.QUESTION, ("infinity_in_whole_numbers",)).run((whole, *ARGUMENTS[1:])) is None
    assert np.array_equal(whole, before)


@pytest.mark.parametrize("chapter", [forward, backward])
def test_chapter_15_uses_only_mistakes_that_the_question_has(chapter: Any) -> None:
    question = chapter.maximum.QUESTION
    assert {key for keys in chapter.KNOWN.values() for key in keys} <= {
        mistake.key for mistake in question.mistakes
    }


def test_different_seeds_give_different_mutants() -> None:
    kinds = [forward.KNOWN[forward.PLACES], forward.KNOWN[forward.STRIDE], forward.KNOWN[forward.BORDER]]
    drawn = {composed(maximum.QUESTION, kinds, np.random.default_rng(seed)).keys for seed in range(20)}
    assert len(drawn) > 10
    assert all(len(keys) == 3 for keys in drawn)


@pytest.mark.parametrize(
    ("output", "alike"),
    [
        (np.array([1.0, np.nan]), True),
        (np.array([1.0 + 1e-12, np.nan]), True),
        (np.array([1.0, 2.0]), False),
        (np.array([[1.0, np.nan]]), False),
        (np.array([1.0, np.nan], dtype=np.float32), False),
        (None, False),
    ],
)
def test_outputs_are_the_same_if_shape_dtype_and_rounded_numbers_are(output: Any, alike: bool) -> None:
    assert same(output, np.array([1.0, np.nan])) is alike


class _Plain(ast.NodeTransformer):
    """Removes the annotations of a function."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.returns = None
        for argument in node.args.args:
            argument.annotation = None
        self.generic_visit(node)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.Assign:
        assert node.value is not None
        return ast.Assign([node.target], node.value, lineno=node.lineno)


def _measure(path: Path) -> str:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "measure"]
    return ast.unparse(_Plain().visit(functions[0]))


def test_the_notebook_and_the_grader_have_the_same_function_measure() -> None:
    assert nets.__file__
    assert _measure(COURSE.chapter("15_break_the_grader").notebook) == _measure(Path(nets.__file__))


def test_measure_gives_numbers_computed_by_hand() -> None:
    layers = [("conv", 2), ("polyphase", 2), ("conv", 3), ("global",), ("linear", 10)]
    image = np.random.default_rng(0).normal(size=(1, 8, 8))
    parameters, multiplications, change, seen = nets.measure(layers, image)
    assert parameters == 2 * 9 + 2 + 3 * 2 * 9 + 3 + 10 * 3 + 10
    assert multiplications == 64 * 2 * 9 + 16 * 3 * 2 * 9 + 10 * 3
    assert change < 1e-9
    assert seen == [8, 4]
    assert nets.measure([("conv", 2), ("max", 2, 2), *layers[2:]], image)[2] > 1e-3
