"""An answer that calls a ready-made pooling has no marks, however it writes the call."""

import importlib.util
import sys
from typing import Any

import numpy as np
import pytest
import torch

from poolgrader.calls.observe import observe
from poolgrader.calls.values import Call, Failure
from poolgrader.jail.child import _Absent
from poolgrader.jail.nursery import Nursery
from poolgrader.jail.parent import Jail
from poolgrader.judging.feedback import as_text, reason_of
from poolgrader.judging.judge import judge
from poolgrader.questions import find
from poolgrader.questions.question import Case, arrays
from tests.course import COURSE
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
def test_ready_made_pooling_is_detected_however_it_is_called(call: str) -> None:
    def draw(rng: np.random.Generator) -> list[Case]:
        return [Case("all", arrays(torch.from_numpy(rng.normal(size=(1, 1, 4, 4)))))]

    asked = question(draw, lambda x: x.unfold(2, 2, 2).unfold(3, 2, 2).amax((-2, -1)), library="torch")
    answer = defined(f"def answer(x):\n    return {call}\n")["answer"]
    seen = verdict(asked, answer)
    assert (seen.points, seen.status) == (0.0, "forbidden")
    assert "a ready-made one was called" in as_text(seen)


@pytest.mark.parametrize(
    "call",
    [
        "__import__('poolkit.reference').reference.max_pool(x, __import__('poolkit').Window.of(2))",
        "torch.nn.functional.max_pool2d(torch.from_numpy(x), 2).numpy()",
        "__import__('skimage.measure').measure.block_reduce(x, (1, 1, 2, 2), np.max)",
        (
            "__import__('scipy.ndimage').ndimage.maximum_filter(x, (1, 1, 2, 2), origin=(0, 0, -1, -1))[..., "
            "::2, ::2]"
        ),
    ],
)
def test_other_libraries_are_detected_in_a_numpy_question(call: str) -> None:
    def draw(rng: np.random.Generator) -> list[Case]:
        return [Case("all", arrays(rng.normal(size=(1, 1, 4, 4))))]

    asked = question(draw, lambda x: x.reshape(1, 1, 2, 2, 2, 2).max((3, 5)))
    answer = defined(f"def answer(x):\n    return {call}\n")["answer"]
    assert verdict(asked, answer).status == "forbidden"


def halved(rng: np.random.Generator) -> list[Case]:
    """One plane of 4 by 4, for numpy questions whose output is 2 by 2."""
    return [Case("all", arrays(rng.normal(size=(4, 4))))]


@pytest.mark.parametrize("loose", [False, True])
@pytest.mark.parametrize(
    "returned",
    [
        "torch.from_numpy(x)[::2, ::2]",
        "torch.from_numpy(x).unfold(0, 1, 2).unfold(1, 1, 2).amax((-2, -1))",
        "torch.zeros(2, 2)",
        "[torch.tensor(row[::2]) for row in x[::2]]",
    ],
)
def test_feedback_says_that_a_numpy_question_got_a_torch_tensor(returned: str, loose: bool) -> None:
    asked = question(halved, lambda x: x[::2, ::2].copy(), loose=loose)
    seen = verdict(asked, defined(f"def answer(x):\n    return {returned}\n")["answer"])
    assert (seen.points, seen.status) == (0.0, "wrong")
    assert "ready-made" not in as_text(seen)
    assert "Your answer returned a torch tensor; this question asks for" in as_text(seen)
    assert "Write it with numpy" in as_text(seen)
    assert "a torch tensor, where numpy was asked for" in reason_of(seen)


def test_a_tensor_has_no_points_in_a_numpy_question_that_judges_by_a_rule() -> None:
    asked = question(halved, None, accepts=lambda case, value: "")
    assert verdict(asked, defined("def answer(x):\n    return x\n")["answer"]).status == "right"
    assert verdict(asked, defined("def answer(x):\n    return torch.from_numpy(x)\n")["answer"]).points == 0


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    "returned",
    [
        "torch.nn.functional.max_pool2d(torch.from_numpy(x)[None], 2)[0]",
        "torch.jit.script(torch.nn.MaxPool2d(2))(torch.from_numpy(x)[None])[0]",
        "torch.ops.aten.max_pool2d.default(torch.from_numpy(x)[None], [2, 2])[0]",
        "__import__('poolkit.functional').functional.max_pool2d(torch.from_numpy(x)[None, None], 2)[0, 0]",
    ],
)
def test_a_ready_made_pooling_is_forbidden_even_if_it_returns_a_tensor(returned: str) -> None:
    asked = question(halved, lambda x: x.reshape(2, 2, 2, 2).max((1, 3)))
    seen = verdict(asked, defined(f"def answer(x):\n    return {returned}\n")["answer"])
    assert (seen.points, seen.status) == (0.0, "forbidden")
    assert "a ready-made one was called" in as_text(seen)
    assert "from_numpy" not in reason_of(seen)


def test_torch_in_a_numpy_answer_has_no_marks_but_is_not_called_ready_made() -> None:
    asked = question(halved, lambda x: x[::2, ::2].copy())
    seen = verdict(
        asked, defined("def answer(x):\n    return torch.from_numpy(x)[::2, ::2].numpy()\n")["answer"]
    )
    assert (seen.points, seen.status) == (0.0, "forbidden")
    assert "No marks: this question is answered with numpy, and torch was called." in as_text(seen)
    assert "ready-made" not in as_text(seen)


@pytest.mark.parametrize("line", ["from scipy.ndimage import zoom", "import scipy"])
def test_feedback_explains_that_a_package_is_not_there_where_a_question_is_graded(line: str) -> None:
    namespace: dict[str, Any] = {}
    exec(compile(f"def answer(x):\n    {line}\n", "<cell>", "exec"), namespace)
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in sys.modules if name.split(".")[0] == "scipy"]:
            patch.delitem(sys.modules, name)
        patch.setattr(sys, "meta_path", [_Absent({"scipy"}, sys.meta_path)])
        assert importlib.util.find_spec("scipy") is None, "code that asks first must get an answer"
        seen = verdict(question(halved, lambda x: x, shrinks=()), namespace["answer"])
    assert seen.status == "wrong"
    assert "The package `scipy" in as_text(seen)
    assert "Which value does that line get" not in as_text(seen)


def test_strides_unfold_and_reductions_are_allowed() -> None:
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


REFERENCE = "ch13_regions_and_sets.q2_align.question"


@pytest.mark.parametrize(
    "reach",
    [
        f"__import__('solutions.{REFERENCE}', fromlist=['_align'])._align",
        "__import__('poolgrader.questions', fromlist=['find']).find('13.2').reference",
        f"__import__('{COURSE.package}.{REFERENCE}', fromlist=['_align'])._align",
    ],
)
def test_calling_the_courses_own_reference_is_forbidden(reach: str) -> None:
    """The reference of 13.2 calls nothing of poolkit, so the course's modules must be forbidden themselves.

    They are forbidden under each name by which they can be imported.
    """
    asked = find("13.2")
    names = asked.define(f"def roi_align_plane(*given):\n    return {reach}(*given)\n")
    assert judge(asked, asked.public_seed, lambda call: observe(call, names)).status == "forbidden"


def test_the_reference_is_forbidden_too_if_a_question_has_its_own_list_of_forbidden_calls() -> None:
    asked = find("10.3")
    assert asked.forbidden is not None
    place = "solutions.ch10_pooling_in_architectures.q3_audit.question"
    reach = f"__import__('{place}', fromlist=['QUESTION']).QUESTION.reference"
    names = asked.define(f"def {asked.name}(*given):\n    return {reach}(*given)\n")
    assert (
        judge(asked, asked.public_seed, lambda call: observe(call, names), shrinks=False).status
        == "forbidden"
    )


def test_without_a_sandbox_the_course_cannot_be_imported_either() -> None:
    with (
        Nursery("none") as nursery,
        Jail([("cell", "import solutions")], "numpy", nursery=nursery, absent=COURSE.absent) as jail,
    ):
        assert jail.ask(Call("solutions", "value")).failure == Failure(
            "NameError", "solutions is not defined"
        )
