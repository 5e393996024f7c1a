"""Where the task is to build it, a ready-made pooling has no marks, by any spelling."""

import numpy as np
import pytest
import torch

from poolgrader.questions.question import Case, arrays
from tests.poolgrader.answers import defined, question, verdict

BANNED = [
    "torch.nn.functional.max_pool2d(x, 2)",
    "torch.max_pool2d(x, 2)",
    "torch.nn.MaxPool2d(2)(x)",
    "torch.ops.aten.max_pool2d_with_indices(x, 2)[0]",
    "torch.ops.aten.max_pool2d.default(x, [2, 2])",
    "torch.nn.functional.adaptive_max_pool2d(x, 2)",
    "getattr(torch.nn.functional, 'max_' + 'pool2d')(x, 2)",
    "torch.jit.script(torch.nn.MaxPool2d(2))(x)",
    "-torch.nn.functional.max_pool2d(x, 2) * -1",
    "__import__('poolkit.functional').functional.max_pool2d(x, 2)",
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("call", BANNED)
def test_ready_made_pooling_is_seen_by_any_spelling(call: str) -> None:
    def draw(rng: np.random.Generator) -> list[Case]:
        return [Case("all", arrays(torch.from_numpy(rng.normal(size=(1, 1, 4, 4)))))]

    asked = question(draw, lambda x: x.unfold(2, 2, 2).unfold(3, 2, 2).amax((-2, -1)), library="torch")
    answer = defined(f"def answer(x):\n    return {call}\n")["answer"]
    seen = verdict(asked, answer)
    assert (float(seen), seen.status) == (0.0, "forbidden")
    assert "a ready-made one was called" in str(seen)


@pytest.mark.parametrize(
    "call",
    [
        "__import__('poolkit.reference').reference.max_pool(x, __import__('poolkit').Window.of(2))",
        "torch.nn.functional.max_pool2d(torch.from_numpy(x), 2).numpy()",
        "__import__('skimage.measure').measure.block_reduce(x, (1, 1, 2, 2), np.max)",
        "__import__('scipy.ndimage').ndimage.maximum_filter(x, (1, 1, 2, 2), origin=(0, 0, -1, -1))[..., ::2, ::2]",
    ],
)
def test_other_libraries_are_seen_in_a_numpy_question(call: str) -> None:
    def draw(rng: np.random.Generator) -> list[Case]:
        return [Case("all", arrays(rng.normal(size=(1, 1, 4, 4))))]

    asked = question(draw, lambda x: x.reshape(1, 1, 2, 2, 2, 2).max((3, 5)))
    answer = defined(f"def answer(x):\n    return {call}\n")["answer"]
    assert verdict(asked, answer).status == "forbidden"


def test_strides_unfold_and_reductions_are_fine() -> None:
    def draw(rng: np.random.Generator) -> list[Case]:
        return [Case("all", arrays(torch.from_numpy(rng.normal(size=(1, 1, 4, 4)))))]

    asked = question(draw, lambda x: x.unfold(2, 2, 2).unfold(3, 2, 2).amax((-2, -1)), library="torch")
    for call in (
        "torch.nn.functional.unfold(x, 2, stride=2).amax(1).reshape(1, 1, 2, 2)",
        "x.as_strided((1, 1, 2, 2, 2, 2), (16, 16, 8, 2, 4, 1)).amax((-2, -1))",
        "x.reshape(1, 1, 2, 2, 2, 2).amax((3, 5))",
    ):
        answer = defined(f"def answer(x):\n    return {call}\n")["answer"]
        assert verdict(asked, answer).status == "right"
