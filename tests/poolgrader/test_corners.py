"""The poolings of question 11.4: the right one agrees with torch, each wrong one differs in some cases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from tests.course import COURSE

Case = tuple[np.ndarray, tuple[int, int], tuple[int, int], tuple[int, int]]

corners = COURSE.module("ch11_the_fine_print", "q4_expose", "corners")
WRONG_CORNERS, Corner, pooled = corners.WRONG_CORNERS, corners.Corner, corners.pooled


def cases(count: int = 400) -> Iterator[Case]:
    """Random planes with settings that torch accepts."""
    rng = np.random.default_rng(11)
    while count:
        k, s = ((int(a), int(b)) for a, b in rng.integers(1, 5, (2, 2)))
        p = (int(rng.integers(0, k[0] // 2 + 1)), int(rng.integers(0, k[1] // 2 + 1)))
        x = rng.random(tuple(int(side) for side in rng.integers(1, 9, 2)))
        if all(n + 2 * a >= b for n, a, b in zip(x.shape, p, k, strict=True)):
            count -= 1
            yield x, k, s, p


def test_the_right_pooling_agrees_with_torch() -> None:
    for x, k, s, p in cases():
        expected = torch.nn.functional.avg_pool2d(torch.tensor(x)[None], k, s, p, ceil_mode=True)[0].numpy()
        np.testing.assert_allclose(
            pooled(x, k, s, p, Corner()), expected, rtol=1e-12, err_msg=f"{x.shape} {k} {s} {p}"
        )


@pytest.mark.parametrize("wrong", WRONG_CORNERS, ids=lambda wrong: wrong.says)
def test_each_wrong_pooling_is_right_in_some_cases_and_wrong_in_others(wrong: Any) -> None:
    same = []
    for x, k, s, p in cases(200):
        right, other = pooled(x, k, s, p, Corner()), pooled(x, k, s, p, wrong)
        same.append(right.shape == other.shape and np.allclose(right, other))
    assert 0.2 < np.mean(same) < 0.9
