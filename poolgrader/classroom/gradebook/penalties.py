"""Late penalties, by the plugin that nbgrader_config.py names:
what nbgrader's AssignLatePenalties would assign.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config.loader import Config, ConfigFileNotFound, PyFileConfigLoader


@dataclass
class _Scored:
    """What nbgrader's check of a penalty wants of a notebook: its score."""

    score: float


class LatePenalties:
    """The course's own rule for late work.

    Args:
        root: holds nbgrader_config.py; without one, nothing is taken off, as in nbgrader.
    """

    def __init__(self, root: Path) -> None:
        self._step: Any = AssignLatePenalties(config=course_settings(root))
        self._step.init_plugin()

    def of(self, learner: str, score: float, seconds_late: float) -> float | None:
        """Points that are taken off; None for none.

        Args:
            learner: whose.
            score: of the notebook, marks by hand included.
            seconds_late: after the due date, the learner's extension included.
        """
        if seconds_late <= 0:
            return None
        penalty = self._step.plugin_inst.late_submission_penalty(learner, score, seconds_late)
        if penalty is None:
            return None
        return float(self._step._check_late_penalty(_Scored(score), penalty))


def course_settings(root: Path) -> Config:
    """What nbgrader_config.py says; nothing, if there is none."""
    try:
        with contextlib.chdir(root):  # what it makes, it makes there
            settings: Config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    except ConfigFileNotFound:
        return Config()
    return settings
