"""What chapter 15 judges tests by: wrong implementations made of known mistakes, and the measure of a net."""

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
def test_a_mutant_is_wrong(keys: tuple[str, ...]) -> None:
    expected = reference.max_pool(ARGUMENTS[0], Window.of(*ARGUMENTS[1:]))
    assert not same(Mutant(maximum.QUESTION, keys).run(ARGUMENTS), expected)


def test_a_mutant_that_raises_gives_nothing_and_leaves_the_input() -> None:
    whole = ARGUMENTS[0].astype(int)
    before = whole.copy()
    assert Mutant(maximum.QUESTION, ("infinity_in_whole_numbers",)).run((whole, *ARGUMENTS[1:])) is None
    assert np.array_equal(whole, before)


@pytest.mark.parametrize("chapter", [forward, backward])
def test_known_mistakes_are_known(chapter: Any) -> None:
    question = chapter.maximum.QUESTION
    assert {key for keys in chapter.KNOWN.values() for key in keys} <= {
        mistake.key for mistake in question.mistakes
    }


def test_learners_meet_other_mutants() -> None:
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
def test_same(output: Any, alike: bool) -> None:
    assert same(output, np.array([1.0, np.nan])) is alike


class _Plain(ast.NodeTransformer):
    """A function without its annotations."""

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


def test_the_notebook_measures_as_the_grader_does() -> None:
    assert nets.__file__
    assert _measure(COURSE.chapter("15_break_the_grader").notebook) == _measure(Path(nets.__file__))


def test_measure_by_hand() -> None:
    layers = [("conv", 2), ("polyphase", 2), ("conv", 3), ("global",), ("linear", 10)]
    image = np.random.default_rng(0).normal(size=(1, 8, 8))
    parameters, multiplications, change, seen = nets.measure(layers, image)
    assert parameters == 2 * 9 + 2 + 3 * 2 * 9 + 3 + 10 * 3 + 10
    assert multiplications == 64 * 2 * 9 + 16 * 3 * 2 * 9 + 10 * 3
    assert change < 1e-9
    assert seen == [8, 4]
    assert nets.measure([("conv", 2), ("max", 2, 2), *layers[2:]], image)[2] > 1e-3
