"""Which course is meant: the one that POOLGRADER_COURSE names, the one around us,
or the only one installed.
"""

from __future__ import annotations

import os
from importlib import metadata, util
from pathlib import Path

from poolgrader.questions.course import SETTINGS, Course, CourseError, course_in

VARIABLE = "POOLGRADER_COURSE"
GROUP = "poolgrader.courses"  # of entry points: name of the course = the package that holds course.toml
BESIDE = "solutions"  # where a course's own repository keeps it


def current_course() -> Course:
    """The course whose questions are asked.

    Raises:
        CourseError: if there is none, or if several are installed; the message lists them.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return course_in(Path(named))
    around = next((found for place in _working_folders() if (found := course_at(place))), None)
    return course_in(around) if around else _installed()


def _working_folders() -> list[Path]:
    """The working folder and those above it; none where it was deleted meanwhile."""
    try:
        here = Path.cwd()
    except FileNotFoundError:
        return []
    return [here, *here.parents]


def course_at(place: Path) -> Path | None:
    """The course's folder in a place: the place itself, or `solutions` in it; None where there is none."""
    return next((folder for folder in (place, place / BESIDE) if (folder / SETTINGS).is_file()), None)


def choose(place: Path | None = None) -> Course:
    """Settle on a course for this process and those that it starts: an instructor's command says which.

    Args:
        place: the course's folder, or the one that holds it. Without it: the one that POOLGRADER_COURSE
            names, or the one of the working folder, or the only one installed. Folders above the working
            folder are not looked at: what a learner handed in must never become the course.

    Raises:
        CourseError: if there is no course.
    """
    if place is not None:
        course = course_in(course_at(place) or place)
    elif os.environ.get(VARIABLE):
        course = current_course()
    else:
        around = next((found for place in _working_folders()[:1] if (found := course_at(place))), None)
        course = course_in(around) if around else _installed()
    os.environ[VARIABLE] = str(course.folder)
    return course


def _installed() -> Course:
    found = {point.name: _folder_of(point.value) for point in metadata.entry_points(group=GROUP)}
    folders = {name: folder for name, folder in found.items() if folder is not None}
    if len(folders) == 1:
        return course_in(next(iter(folders.values())))
    if folders:
        listed = ", ".join(f"{name} ({folder})" for name, folder in sorted(folders.items()))
        raise CourseError(f"several courses are installed: {listed}. Set {VARIABLE} to the folder of one.")
    raise CourseError(f"no course is here: expected a folder with {SETTINGS}, or {VARIABLE} set to one")


def _folder_of(package: str) -> Path | None:
    """Where an installed package lies, without importing it."""
    spec = util.find_spec(package)
    places = list(spec.submodule_search_locations or ()) if spec else []
    folders = [Path(place) for place in places if (Path(place) / SETTINGS).is_file()]
    return folders[0] if folders else None
