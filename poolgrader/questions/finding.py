"""Find the current course: the one that POOLGRADER_COURSE names, else the one around the working folder,
else the only one that is installed.
"""

from __future__ import annotations

import os
from importlib import metadata, util
from pathlib import Path

from poolgrader.questions.course import SETTINGS, Course, CourseError, course_in

VARIABLE = "POOLGRADER_COURSE"
GROUP = "poolgrader.courses"  # entry points: name of the course = the package that contains course.toml
BESIDE = "solutions"  # the folder that contains the course in its own repository


def current_course() -> Course:
    """The current course, as the first lines of this module describe.

    Raises:
        CourseError: if there is none, or if several are installed; the message lists them.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return course_in(Path(named))
    around = next((found for place in _working_folders() if (found := course_at(place))), None)
    return course_in(around) if around else _installed()


def _working_folders() -> list[Path]:
    """The working folder and all folders above it; none if the working folder was deleted."""
    try:
        here = Path.cwd()
    except FileNotFoundError:
        return []
    return [here, *here.parents]


def course_at(place: Path) -> Path | None:
    """The course's folder at a place: that folder itself, or `solutions` in it; None if there is none."""
    return next((folder for folder in (place, place / BESIDE) if (folder / SETTINGS).is_file()), None)


def choose(place: Path | None = None) -> Course:
    """Choose the course for this process and its child processes; the instructor's commands call this.

    Args:
        place: the course's folder, or the one that contains it. By default the course that POOLGRADER_COURSE
            names, else the one in the working folder, else the only one that is installed. Folders above the
            working folder are not searched: what a learner handed in must never become the course.

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
    """The folder of an installed package that contains course.toml; the package is not imported."""
    spec = util.find_spec(package)
    places = list(spec.submodule_search_locations or ()) if spec else []
    folders = [Path(place) for place in places if (Path(place) / SETTINGS).is_file()]
    return folders[0] if folders else None
