"""Right answers of all chapters, wrapped at random in what learners write around them, get full marks."""

from __future__ import annotations

import os
from collections.abc import Iterator

import hypothesis
import pytest
from hypothesis import strategies

from poolgrader.classroom.handed_in.submission import Submission
from poolgrader.classroom.run.grading import grade_submission
from poolgrader.classroom.secret import TEST_SECRET
from poolgrader.jail.nursery import Nursery
from poolgrader.limits import Limits
from poolgrader.questions import chapters, questions_of
from poolgrader.questions.question import Question

EXAMPLES = 12 if os.environ.get("NIGHTLY") else 2  # notebooks of each chapter
SETUP = ("setup", "import numpy as np\nimport torch\nfrom poolgrader.check import check")

# Each shape: text before the answer, and text after it; {name} is the answer's name.
SHAPES = {
    "as it is": ("", ""),
    "magics and shell lines": (
        "%matplotlib inline\n!pip install -q \\\n  numpy\n",
        "\n%timeit -n 1 -r 1 0\n",
    ),
    "a timed cell": ("%%time\n", ""),
    "future annotations": ("from __future__ import annotations\n", "\nlater: Undefined = 1\n"),
    "names of torch": (
        "import torch, math\nlike = torch.float32\nTensors = np.ndarray | torch.Tensor\n",
        "\nassert not isinstance(3, torch.Tensor)\n",
    ),
    "absent packages": (
        "import numpy as np, absent_package, functools\nfrom numba import njit\n",
        "\nframe = pandas.DataFrame()\n",
    ),
    "a progress bar": ("from tqdm.auto import tqdm\nfor _ in tqdm(range(2)):\n    pass\n", ""),
    "plots": ("", "\nimport matplotlib.pyplot as plt\nline, = plt.plot([1])\nplt.show()\n"),
    "a failing line": ("1 / 0\n", "\nopen('absent.csv')\n"),
    "a thread and a log": (
        "import threading\none = threading.Thread(target=print)\none.start()\none.join()\n",
        "\nwith open('log.txt', 'a') as log:\n    print('here', file=log)\n",
    ),
    "a second name": ("", "\nmine = {name}\n{name} = mine\n"),
    "text in other scripts": ("größe = '窗口'  # Größe\n", '\n"""A closing text with 100 %"""\n'),
}


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as made:
        yield made


def right_answers(question: Question) -> list[str]:
    """The reference's answer and the right answers in other styles."""
    return [question.answer, *question.styles.values()]


def wrapped(question: Question, source: str, shape: str) -> str:
    """An answer with the texts of a shape around it."""
    before, after = SHAPES[shape]
    return f"{before}{source}{after.format(name=question.name)}"


def test_there_are_at_least_ten_shapes() -> None:
    assert len(SHAPES) >= 10


@pytest.mark.slow
@pytest.mark.parametrize("chapter", chapters())
def test_a_wrapped_right_answer_has_full_marks(chapter: str, nursery: Nursery) -> None:
    questions = questions_of(chapter)

    @hypothesis.settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
    @hypothesis.given(strategies.data())
    def holds(data: strategies.DataObject) -> None:
        cells = [SETUP]
        for question in questions:
            source = data.draw(strategies.sampled_from(right_answers(question)))
            shape = data.draw(strategies.sampled_from(list(SHAPES)))
            cells.append((question.grade_id, wrapped(question, source, shape)))
        submission = Submission("anybody", chapter, "0", tuple(cells))
        result = grade_submission(submission, questions, TEST_SECRET, Limits(), nursery)
        lost = {
            one["question"]: one["reason"] for one in result["questions"] if one["points"] < one["max_points"]
        }
        assert lost == {}, result["cells"]

    holds()
