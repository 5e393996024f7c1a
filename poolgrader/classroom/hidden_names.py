"""The option `--anonymous` of the commands: leave out learners' names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from poolgrader.classroom.terminal import say

if TYPE_CHECKING:
    from poolgrader.classroom.lms.roster import Learner
    from poolgrader.classroom.pages.pseudonyms import Pseudonyms


def hidden_names(folder: Path, more: Iterable[Learner] = ()) -> Pseudonyms:
    """The pseudonyms of a class.

    Args:
        folder: the folder of the class; its gradebook contains the names.
        more: learners whose names are known from another source, such as a roster.
    """
    from poolgrader.classroom.gradebook.marks import names_of
    from poolgrader.classroom.pages.pseudonyms import Pseudonyms
    from poolgrader.classroom.secret import course_secret

    names = names_of(folder) | {
        learner.folder: (learner.name, learner.email, learner.lms_id) for learner in more
    }
    return Pseudonyms(course_secret(folder.resolve().parent), names)


def keep(hidden: Pseudonyms | None, folder: Path) -> None:
    """If names were left out, write the list of pseudonyms and names, and print where it is."""
    if hidden:
        say(f"Who is who: {hidden.keep(folder.resolve().parent)}; keep it to yourself")
