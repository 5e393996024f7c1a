"""No file of the grader imports, names or explains anything about pooling: courses are passed to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.course import COURSE, ROOT

FILES = [
    path
    for path in sorted((ROOT / "poolgrader").rglob("*"))
    if path.suffix in (".py", ".json", ".html", ".css", ".j2")
]
# Allowed: the grader's own name, and pools of processes and threads.
OTHER_POOLS = re.compile(
    r"poolgrader|ProcessPoolExecutor|ThreadPoolExecutor|a pool of threads", re.IGNORECASE
)
OF_THE_SUBJECT = re.compile(r"pool|convolution|receptive|dilation|lecture|kernel_size", re.IGNORECASE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_word_of_the_subject_is_in_the_file(path: Path) -> None:
    text = OTHER_POOLS.sub("", path.read_text(encoding="utf-8"))
    assert OF_THE_SUBJECT.findall(text) == []


def test_no_chapter_is_named() -> None:
    text = " ".join(path.read_text(encoding="utf-8") for path in FILES)
    assert [chapter for chapter in COURSE.chapters if chapter in text] == []


def test_no_file_looks_for_a_course_beside_the_grader() -> None:
    """Only the jail asks in which folder the package is, in order to show it to a learner's process."""
    above = [
        path.relative_to(ROOT / "poolgrader")
        for path in FILES
        if "parents[" in path.read_text(encoding="utf-8")
    ]
    assert above == [Path("jail/nursery.py")]
