"""The wrong answers that are generated from a right one by small edits, called slips.

Every kind of slip is made, and each one changes a single place and stays valid Python.
"""

from __future__ import annotations

import ast

import pytest

from poolgrader.slips import slips_of

ANSWER = '''
def pool(x, kernel_size, stride=None):
    """Pool a plane."""
    h, w = x.shape
    kh, kw = kernel_size
    sh, sw = kernel_size if stride is None else stride
    height = (h - kh) // sh + 1
    width = (w - kw) // sw + 1
    y = np.full((height, width), -np.inf, dtype=float)
    for i in range(height):
        for j in range(width):
            best = x[i * sh, j * sw]
            for u in range(kh):
                for v in range(kw):
                    if u > 0 and 0 <= v < kw:
                        best = max(best, x[i * sh + u, j * sw + v])
            y[i, j] += best
    return y[:height, 0:width]
'''

MADE = {
    "one name for another": [
        "h, w = kernel_size.shape",
        "height = (w - kh) // sh + 1",
        "height = (h - sh) // sh + 1",
    ],
    "a number one off": ["height = (h - kh) // sh + 2", "height = (h - kh) // sh + 0"],
    "an operand left out": ["height = (h) // sh + 1", "width = ((w - kw) // sw)"],
    "operands swapped": ["height = ((kh - h)) // sh + 1"],
    "another operator": ["height = ((h + kh)) // sh + 1"],
    "rounded up": ["height = (-(-(h - kh) // (sh))) + 1"],
    "not rounded": ["height = ((h - kh) / sh) + 1"],
    "another start": ["y = np.full((height, width), (-1e9), dtype=float)", "best = (0)", "best = (-100)"],
    "an argument left out": ["y = np.full((height, width), -np.inf)"],
    "a call left out": ["best = best"],
    "another function": ["best = min(best, x[i * sh + u, j * sw + v])"],
    "arguments swapped": ["best = max(x[i * sh + u, j * sw + v], best)"],
    "a pair swapped": ["y = np.full((width, height), -np.inf, dtype=float)", "(kw, kh) = kernel_size"],
    "one number for both": ["y = np.full((height, height), -np.inf, dtype=float)"],
    "a sign or a not left out": ["y = np.full((height, width), np.inf, dtype=float)"],
    "another comparison": ["if (u >= 0) and 0 <= v < kw:", "if u > 0 and (0 < v < kw):"],
    "half of a condition": ["if (u > 0):", "if (0 <= v < kw):", "if u > 0 and (0 <= v):"],
    "and for or": ["if (u > 0 or 0 <= v < kw):"],
    "a condition left out": ["if True:", "if False:"],
    "one case for all": ["sh, sw = kernel_size", "sh, sw = stride"],
    "a loop one short or one over": [
        "for i in range(height - 1):",
        "for i in range(1, height):",
        "for u in range(kh + 1):",
    ],
    "an index one off": ["best = x[i * sh - 1, j * sw]", "best = x[i * sh, j * sw + 1]"],
    "another slice": ["return y[:, 0:width]", "return y[:height - 1, 0:width]", "return y[:height, :width]"],
    "= for +=": ["y[i, j] = best"],
    "a line left out": ["pass"],
    "return inside the loop": ["return y[:height, 0:width]"],
}


@pytest.fixture(scope="module")
def made() -> dict[str, set[str]]:
    lines: dict[str, set[str]] = {}
    for slip in slips_of(ANSWER):
        changed = set(slip.source.splitlines()) - set(ANSWER.splitlines())
        lines.setdefault(slip.kind, set()).update(line.strip() for line in changed)
    return lines


@pytest.mark.parametrize(("kind", "lines"), MADE.items(), ids=MADE)
def test_each_kind_of_slip_is_made(kind: str, lines: list[str], made: dict[str, set[str]]) -> None:
    assert set(lines) <= made[kind]


def test_a_slip_is_valid_python_changes_one_place_and_is_made_once() -> None:
    slips = slips_of(ANSWER)
    assert len({slip.source for slip in slips}) == len(slips) > 200
    before = ANSWER.splitlines()
    for slip in slips:
        ast.parse(slip.source)
        after = slip.source.splitlines()
        first = next(at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other)
        same_from_the_end = next(at for at in range(len(before)) if before[-1 - at] != after[-1 - at])
        assert first >= len(after) - same_from_the_end - 2, slip
        assert slip.kind


def test_slips_are_right_in_lines_with_letters_beyond_ascii() -> None:
    """Python's parser counts columns in bytes, not in letters."""
    slips = slips_of('name = "größe ≤ 3"; y = a - 1\n')
    assert 'name = "größe ≤ 3"; y = a\n' in {slip.source for slip in slips}


def test_annotations_are_not_changed() -> None:
    assert not [
        slip for slip in slips_of("def f(x: int) -> int:\n    return x\n") if "x: " not in slip.source
    ]
