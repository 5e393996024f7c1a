"""Numpy questions and poolkit's reference work without torch.

The file also compares chapter 13's own functions with poolkit's.
"""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch

from poolkit.regions import attention_pool, roi_align, roi_pool, spatial_pyramid_pool
from tests.course import COURSE, ROOT

WITHOUT_TORCH = """
import sys


class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            raise ModuleNotFoundError("No module named 'torch'", name="torch")


sys.meta_path.insert(0, Missing())
"""
EVERY_NUMPY_QUESTION = """
import warnings

from poolgrader.calls.observe import observe
from poolgrader.judging.feedback import as_html, as_text
from poolgrader.judging.judge import judge
from poolgrader.questions import chapters, find

warnings.simplefilter("ignore")
asked = 0
for chapter in chapters().values():
    for question_id in chapter.questions:
        question = find(question_id)
        if question.library == "numpy":
            asked += 1
            mistaken = question.mistaken(question.mistakes[0])
            for source, points in ((question.answer, question.points), (mistaken, None)):
                names = question.define(source)
                verdict = judge(question, question.public_seed, lambda call: observe(call, names))
                assert as_html(verdict) and as_text(verdict)
                assert verdict.points == points if points else verdict.points < question.points, question_id
assert "torch" not in sys.modules
print(asked)
"""


def run(program: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-c", WITHOUT_TORCH + program]
    return subprocess.run(line, cwd=ROOT, text=True, capture_output=True, check=False)


def test_every_numpy_question_is_checked_without_torch() -> None:
    done = run(EVERY_NUMPY_QUESTION)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 60


def test_without_torch_the_reference_works_and_other_functions_name_what_they_need() -> None:
    done = run(
        "import poolkit\nprint(poolkit.Window.of(2).kernel, "
        "poolkit.reference.max_pool.__name__)\npoolkit.max_pool2d\n"
    )
    assert "max_pool" in done.stdout
    assert "ModuleNotFoundError" in done.stderr
    assert "torch" in done.stderr


def test_the_predictions_of_chapter_13_agree_with_poolkit() -> None:
    found = COURSE.module("ch13_regions_and_sets", "q1_predict", "question")._predict()
    row = torch.arange(9.0, -1, -1).view(1, 1, 1, 10)
    items, scores = torch.tensor([[3.0], [7], [26]]), torch.tensor([0.0, np.log(3), 0])
    assert found == (
        spatial_pyramid_pool(torch.zeros(4, 9, 13), (1, 2, 4)).numel(),
        roi_pool(row, torch.tensor([[0, 1.6, 0, 5.4, 0]]), (1, 2)).flatten().tolist(),
        round(attention_pool(items, scores, torch.tensor([True, True, False])).item(), 6),
    )


@pytest.mark.parametrize("operation", ["mean", "max"])
def test_the_aligned_region_of_chapter_13_agrees_with_poolkit(operation: str) -> None:
    """Each sample point is compared with a bin of poolkit's ROIAlign that has one sample.

    The image is padded with repeated border cells, so that no sample point is outside it.
    """
    align = COURSE.module("ch13_regions_and_sets", "q2_align", "question")._align
    x, far = np.random.default_rng(0).normal(size=(7, 9)), 6
    for box in ((1.4, 1.2, 5.3, 5.6), (-2.6, -1.7, 8.1, 7.4), (4.6, 2.7, 10.3, 7.2)):
        wide = torch.from_numpy(np.pad(x, far, mode="edge"))[None, None]
        corners = torch.tensor([[0.0, *(corner + far for corner in box)]], dtype=torch.float64)
        parts = roi_align(wide, corners, (6, 8), sampling_ratio=1, aligned=True)[0, 0].view(3, 2, 4, 2)
        expected = parts.mean((1, 3)) if operation == "mean" else parts.amax((1, 3))
        np.testing.assert_allclose(
            align(x, box, (3, 4), 2, operation), expected.numpy(), rtol=1e-12, atol=1e-12
        )
