"""A course as an instructor has it: configuration, released exercises, a few of the sample class's submissions."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path

from poolgrader import authoring
from poolgrader.classroom import sample

ROOT = Path(__file__).resolve().parents[2]


def course_in(root: Path, learners: Collection[str]) -> Path:
    """Make it in a folder; returns the folder of what was handed in."""
    shutil.copyfile(ROOT / "nbgrader_config.py", root / "nbgrader_config.py")
    (root / "solutions").symlink_to(ROOT / "solutions")
    (root / "grading").mkdir()
    authoring.write_source_notebooks(root, root / "build" / "source")
    authoring.nbgrader(root, "generate_assignment", sample.ASSIGNMENT)
    sample.write(root / "exercises" / sample.ASSIGNMENT / "max_pooling.ipynb", root / "grading")
    submitted = root / "grading" / "submitted"
    for folder in submitted.iterdir():
        if folder.name not in learners:
            shutil.rmtree(folder)
    return submitted
