"""Find the current course.

It is the one that POOLGRADER_COURSE names, or else the one in the working folder or in a folder above it,
or else the only one installed.
"""

from __future__ import annotations

import os
from importlib import metadata, util
from pathlib import Path

from poolgrader.questions.course import SETTINGS, Course, CourseError, course_in

VARIABLE = "POOLGRADER_COURSE"
# The group of entry points; each maps a course's name to the package that holds course.toml.
GROUP = "poolgrader.courses"
BESIDE = "solutions"  # folder in a course's own repository that holds course.toml


def current_course() -> Course:
    """The current course.

    Raises:
        CourseError: if there is none, or if several are installed; the message lists them.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return course_in(Path(named))
    around = next((found for place in _working_folders() if (found := course_at(place))), None)
    return course_in(around) if around else _installed()


def _working_folders() -> list[Path]:
    """The working folder and all folders above it; an empty list if the working folder was deleted."""
    try:
        here = Path.cwd()
    except FileNotFoundError:
        return []
    return [here, *here.parents]


def course_at(place: Path) -> Path | None:
    """The course's folder: the given folder, or `solutions` in it; None if neither holds `course.toml`."""
    return next((folder for folder in (place, place / BESIDE) if (folder / SETTINGS).is_file()), None)


def choose(place: Path | None = None) -> Course:
    """Fix the course for this process and for all processes that it starts; instructors' commands call this.

    Args:
        place: the course's folder, or the one that holds it as `solutions`. Without it, the course is the one
            that POOLGRADER_COURSE names, or the one in the working folder, or the only one installed. Folders
            above the working folder are not searched: what a learner handed in must never become the course.

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
    """The folder of an installed package that holds `course.toml`; the package is not imported."""
    spec = util.find_spec(package)
    places = list(spec.submodule_search_locations or ()) if spec else []
    folders = [Path(place) for place in places if (Path(place) / SETTINGS).is_file()]
    return folders[0] if folders else None
