"""Tests of the table that shows how frameworks disagree about pooling.

They run each installed framework again, and compare poolkit's reference with torch's answers.
"""

from __future__ import annotations

import doctest
from collections.abc import Callable

import numpy as np
import pytest

from book.experiments import frameworks
from book.experiments.callers import CALLERS
from book.experiments.frameworks import LACKS, RAISES, TOPICS, shipped, table, written
from poolkit import reference
from poolkit.windows import Window

# Frameworks that are installed with the tests and run in this process; others run in processes of their own.
LIGHT = ("torch", "onnx", "skimage", "scipy")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in LIGHT else pytest.mark.peers) for name in CALLERS]
)
def test_answers_are_those_of_the_installed_version(name: str) -> None:
    made = frameworks.answers(name) if name in LIGHT else frameworks.run_apart(name)
    if made is None:
        pytest.skip(f"{name} is not installed; the table keeps its earlier answers")
    kept = shipped()[name]
    assert made["answers"] == kept["answers"], (
        f"{name} {made['version']}; the table was made with {kept['version']}"
    )


def test_every_framework_answers_every_topic() -> None:
    made = shipped()
    assert list(made) == list(CALLERS)
    keys = [topic.key for topic in TOPICS]
    assert len(set(keys)) == len(keys)
    for name, record in made.items():
        assert list(record["answers"]) == keys, name
        assert record["version"][0].isdigit(), name


def test_frameworks_agree_on_ties_and_only_on_a_few_other_topics() -> None:
    real = {
        topic.key: [text for text, _ in rows if text not in (LACKS, RAISES)]
        for topic, rows in table(shipped())
    }
    alike = {key for key, texts in real.items() if len(texts) == 1}
    assert (
        {"ties"}
        <= alike
        <= {
            "ties",
            "ceil_mode",
            "last_window",
            "overhang",
            "border_of_max",
            "dilated_max",
            "dilated_avg",
            "no_cells",
            "integer_max",
        }
    )


def test_every_framework_is_once_in_every_row() -> None:
    titles = sorted(caller.title for caller in CALLERS.values())
    for _, rows in table(shipped()):
        assert sorted(title for _, who in rows for title in who) == titles


REFERENCE: dict[str, Callable[[np.ndarray], object]] = {
    "default_stride": lambda x: reference.max_pool(x, Window.of(3, axes=1)).size,
    "ceil_mode": lambda x: reference.max_pool(x, Window.of(2, 2, 0, 1, True, axes=1)),
    "last_window": lambda x: reference.max_pool(x, Window.of(2, 2, 1, 1, True, axes=1)),
    "overhang": lambda x: reference.avg_pool(x, Window.of(3, 2, 1, 1, True, axes=1))[-1:],
    "count_default": lambda x: reference.avg_pool(x, Window.of(3, 1, 1, axes=1))[:1],
    "border_of_max": lambda x: reference.max_pool(x, Window.of(3, 1, 1, axes=1)),
    "hanging_max": lambda x: reference.max_pool(x, Window.of(2, 2, 0, 1, True, axes=1)),
    "all_padding": lambda x: reference.max_pool(x, Window.of(2, 1, 1, 3, axes=1)),
    "nan": lambda x: reference.max_pool(x, Window.of(2, axes=1)),
    "ties": lambda x: reference.max_pool_backward(np.ones(1), x, Window.of(3, axes=1)),
    "dilated_max": lambda x: reference.max_pool(x, Window.of(2, 1, 0, 2, axes=1)),
    "integer_max": lambda x: reference.max_pool(x, Window.of(2, axes=1)),
    "integer_avg": lambda x: reference.avg_pool(x, Window.of(2, axes=1)),
    "half_avg": lambda x: reference.avg_pool(x, Window.of(2, axes=1)),
}


@pytest.mark.parametrize("key", REFERENCE)
def test_poolkits_reference_gives_torchs_answers(key: str) -> None:
    """Poolkit's reference follows torch's rules in code of its own, so its answers must equal torch's."""
    (topic,) = (topic for topic in TOPICS if topic.key == key)
    row = np.array(topic.row, dtype=topic.dtype)
    assert written(REFERENCE[key](row)) == shipped()["torch"]["answers"][key]


def test_doctests() -> None:
    assert doctest.testmod(frameworks).failed == 0
    assert doctest.testmod(frameworks).attempted > 0
