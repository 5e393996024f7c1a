"""The reference answers' sources, GENERATED from solutions/ by `make exercises`; do not edit them here.

They stand here too because the known mistakes are edits of them, and a learner's copy may have no solutions/.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

MARK = re.compile(r'^# %% answer="(?P<id>[\d.]+)"$', re.MULTILINE)


def answer_source(question_id: str) -> str:
    """Source of the reference answer of a question.

    Raises:
        KeyError: if no exercise answers it.
    """
    chapter = int(question_id.split(".")[0])
    found = sorted(Path(__file__).parent.glob(f"{chapter:02d}_*.py"))
    if not found:
        raise KeyError(f"answers: expected one file for chapter {chapter}, got none")
    return answers_in(found[0])[question_id]


@cache
def answers_in(path: Path) -> dict[str, str]:
    """Sources by question id, of a file of cells marked `# %% answer="3.2"`."""
    text = path.read_text(encoding="utf-8")
    marks = list(MARK.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return {mark["id"]: text[mark.end() : end].strip() + "\n" for mark, end in zip(marks, ends, strict=True)}
