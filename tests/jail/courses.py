"""A course as an instructor has it: configuration, released exercises, submissions of the sample class."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path

from poolgrader import learner_notebooks
from poolgrader.classroom import sample
from tests.course import COURSE, SAMPLE

ROOT = Path(__file__).resolve().parents[2]


def course_in(root: Path, learners: Collection[str]) -> Path:
    """Make the course in `root`, with submissions of these learners alone; returns the folder `submitted`."""
    shutil.copyfile(ROOT / "nbgrader_config.py", root / "nbgrader_config.py")
    (root / "grading").mkdir()
    learner_notebooks.write_source_notebooks(COURSE, root / "build" / "source")
    learner_notebooks.nbgrader(root, "generate_assignment", SAMPLE.assignment)
    sample.write(root / "exercises" / SAMPLE.assignment / "max_pooling.ipynb", root / "grading")
    submitted = root / "grading" / "submitted"
    for folder in submitted.iterdir():
        if folder.name not in learners:
            shutil.rmtree(folder)
    return submitted
