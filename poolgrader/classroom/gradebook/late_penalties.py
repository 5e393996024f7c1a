"""Late penalties as nbgrader's AssignLatePenalties assigns them, by the plugin in nbgrader_config.py."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config.loader import Config, ConfigFileNotFound, PyFileConfigLoader


@dataclass
class _Scored:
    """Stands in for a notebook: nbgrader's check of a penalty reads only its score."""

    score: float


class LatePenalties:
    """The course's own rule for late work.

    Args:
        root: the folder of nbgrader_config.py; without that file, nothing is taken off, as in nbgrader.
    """

    def __init__(self, root: Path) -> None:
        self._step: Any = AssignLatePenalties(config=course_settings(root))
        self._step.init_plugin()

    def of(self, learner: str, score: float, seconds_late: float) -> float | None:
        """The points that are taken off, or None if none are.

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
    """The settings in nbgrader_config.py; empty settings if there is no such file."""
    try:
        with contextlib.chdir(root):  # files that nbgrader_config.py may make are made there
            settings: Config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    except ConfigFileNotFound:
        return Config()
    return settings
