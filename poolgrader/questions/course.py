"""A course: a folder with `course.toml` and the chapters' folders, which contain the questions' folders.

    course.toml
    ch03_sorting/
        notebook.py        source of the learners' notebook, with the right answers
        q2_loops/          question 3.2: question.py, styles/, pasted.py

Numbers, order and names are taken from the folders. A question is imported only when it is needed.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

SETTINGS = "course.toml"
CHAPTER = re.compile(r"ch(?P<number>\d\d)_(?P<slug>[a-z]\w*)")
QUESTION = re.compile(r"q(?P<number>[1-9]\d?)_(?P<slug>[a-z]\w*)")
ANSWER = re.compile(r'^# %% answer="(?P<id>[\d.]+)"$', re.MULTILINE)
CELL = re.compile(r"^# %%", re.MULTILINE)
MINUTES = re.compile(r"^# minutes: (?P<minutes>\d+)$", re.MULTILINE)
RELATIVE = re.compile(r"from \.{3}(ch\d\d_\w+)")  # how a question's module imports from another chapter


class CourseError(ValueError):
    """A course is missing, or something in it is wrong; the message says what was expected, and where."""


@dataclass(frozen=True)
class Chapter:
    """A chapter's folder.

    Args:
        folder: its path, which ends with a name such as ch03_sorting.
    """

    folder: Path

    @property
    def name(self) -> str:
        """The assignment's name, such as "03_sorting"."""
        return self.folder.name.removeprefix("ch")

    @property
    def slug(self) -> str:
        """The notebook's name, such as "sorting"."""
        return self.name.partition("_")[2]

    @property
    def number(self) -> int:
        """The chapter's number, such as 3."""
        return int(self.name.partition("_")[0])

    @property
    def notebook(self) -> Path:
        """The source file of the learners' notebook."""
        return self.folder / "notebook.py"

    @cached_property
    def questions(self) -> dict[str, Path]:
        """The questions' folders by question id (such as "3.2"), in order.

        Raises:
            CourseError: if two folders have the same number, or a number is missing.
        """
        found: dict[int, Path] = {}
        for path in sorted(self.folder.iterdir()):
            match = QUESTION.fullmatch(path.name)
            if match is None or not path.is_dir():
                continue
            number = int(match["number"])
            if number in found:
                raise CourseError(f"{self.folder}: {found[number].name} and {path.name} have the same number")
            found[number] = path
        if sorted(found) != list(range(1, len(found) + 1)):
            numbers = ", ".join(str(number) for number in sorted(found))
            raise CourseError(
                f"{self.folder}: expected questions numbered from 1 without a gap, got {numbers}"
            )
        return {f"{self.number}.{number}": found[number] for number in sorted(found)}

    @property
    def minutes(self) -> int:
        """How many minutes the notebook takes, as its source says in a line `# minutes: 90`.

        Raises:
            CourseError: if there is no such line.
        """
        found = MINUTES.search(self.notebook.read_text(encoding="utf-8"))
        if found is None:
            raise CourseError(f"{self.notebook}: expected a line `# minutes: 90` among the first, found none")
        return int(found["minutes"])

    @cached_property
    def answers(self) -> dict[str, str]:
        """The sources of the right answers by question id, as the notebook's author wrote them."""
        return answers_in(self.notebook.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Course:
    """A course: its settings and its chapters.

    Args:
        folder: contains `course.toml` and the chapters.
        settings: the contents of `course.toml`.
    """

    folder: Path
    settings: Mapping[str, Any] = field(repr=False, hash=False, compare=False)

    @property
    def id(self) -> str:
        """The name of the course in gradebooks."""
        return str(self.settings["id"])

    @property
    def name(self) -> str:
        """The name of the course for human readers."""
        return str(self.settings["name"])

    @property
    def root(self) -> Path:
        """The folder that contains exercises/ and nbgrader's settings."""
        return (self.folder / str(self.settings.get("root", ".."))).resolve()

    @property
    def exercises(self) -> Path:
        """The folder of the learners' notebooks, with a folder for each assignment."""
        return self.root / "exercises"

    @property
    def packages(self) -> tuple[str, ...]:
        """The packages that the questions use, besides the grader. Marks depend on them."""
        return tuple(self.settings.get("packages", ()))

    @property
    def package(self) -> str:
        """The name under which the course's own modules are imported. It is unique to this folder."""
        return f"_course_{hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]}"

    @property
    def names(self) -> tuple[str, str]:
        """All names under which the course's modules can be imported: `package`, and the folder's name."""
        return self.package, self.folder.name

    @cached_property
    def chapters(self) -> dict[str, Chapter]:
        """The chapters by assignment name (such as "03_sorting"), in order."""
        found = [
            path for path in sorted(self.folder.iterdir()) if CHAPTER.fullmatch(path.name) and path.is_dir()
        ]
        return {chapter.name: chapter for chapter in map(Chapter, found)}

    def chapter(self, name: str) -> Chapter:
        """The chapter with an assignment's name.

        Raises:
            KeyError: if there is none; the message lists the chapters.
        """
        if name not in self.chapters:
            raise KeyError(f"chapter: expected one of {', '.join(self.chapters)}, got {name!r}")
        return self.chapters[name]

    def banned(self, library: str) -> tuple[str, ...]:
        """What an answer may not call, unless the question has its own list; the course is included."""
        return (*self.settings.get("banned", {}).get(library, ()), "poolgrader.questions", *self.names)

    @property
    def absent(self) -> tuple[str, ...]:
        """Packages that answers cannot import during official grading."""
        return (*self.packages, *self.settings.get("absent", ()), "nbgrader", *self.names)

    def module(self, *names: str) -> ModuleType:
        """A module of the course; `names` are the names of its folders and of its file."""
        if self.package not in sys.modules:
            _import_package(self.package, self.folder)
        return importlib.import_module(".".join((self.package, *names)))

    def named(self, setting: str) -> Any:
        """The object in the course's own code that a setting names as "module:name"; None if it is not set.

        Raises:
            CourseError: if there is no such module, or no such name in it.
        """
        wanted = self.settings.get(setting)
        if wanted is None:
            return None
        module, _, name = str(wanted).partition(":")
        found = getattr(self.module(*module.split(".")), name, None)
        if found is None:
            raise CourseError(f"{self.folder / SETTINGS}: {setting}: expected module:name, got {wanted!r}")
        return found


def _import_package(name: str, folder: Path) -> None:
    """Import a folder as a package with a private name, so that its modules can use relative imports."""
    init = folder / "__init__.py"
    spec = importlib.util.spec_from_file_location(name, init, submodule_search_locations=[str(folder)])
    if spec is None or spec.loader is None or not init.is_file():
        raise CourseError(f"{folder}: expected a package (__init__.py beside {SETTINGS}), found none")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise


@cache
def course_in(folder: Path) -> Course:
    """The course in a folder that contains `course.toml`.

    Raises:
        CourseError: if the file is missing, is not valid TOML, or lacks the id or the name.
    """
    path = folder.resolve() / SETTINGS
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise CourseError(f"expected a course's folder, with {SETTINGS} in it, got {folder}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: {error}") from None
    for key in ("id", "name"):
        if not isinstance(settings.get(key), str) or not settings[key]:
            raise CourseError(f"{path}: {key}: expected a text, got {settings.get(key)!r}")
    return Course(path.parent, settings)


def answers_in(text: str) -> dict[str, str]:
    """The answer cells of a notebook's source by question id,
    without the marker lines (### BEGIN, ### END) around what learners do not see.
    """
    found = {}
    for mark in ANSWER.finditer(text):
        next_cell = CELL.search(text, mark.end())
        body = text[mark.end() : next_cell.start() if next_cell else len(text)]
        lines = [line for line in body.splitlines() if "### BEGIN" not in line and "### END" not in line]
        found[mark["id"]] = "\n".join(lines).strip("\n") + "\n"
    return found


def course_sources(course: Course, assignment: str) -> list[Path]:
    """The files that the marks of an assignment depend on.

    These are the course's own files, those of the chapter, those of other chapters that it imports, and those
    of the course's packages.
    """
    chapters = [course.chapter(assignment).folder.name]
    for name in chapters:  # the list grows during the loop: an imported chapter may itself import another one
        text = "".join(path.read_text(encoding="utf-8") for path in _modules(course.folder / name))
        chapters += [found for found in dict.fromkeys(RELATIVE.findall(text)) if found not in chapters]
    packages = [path for name in course.packages for path in _package_files(name)]
    own = [course.folder / SETTINGS, *sorted(course.folder.glob("*.py"))]
    return [*packages, *own, *(path for name in chapters for path in _modules(course.folder / name))]


def _modules(folder: Path) -> list[Path]:
    """A chapter's files that marks depend on: all modules but those in styles/ and pasted.py."""
    skipped = {"styles", "pasted.py"}
    return [
        path for path in sorted(folder.rglob("*.py")) if not skipped & set(path.relative_to(folder).parts)
    ]


def _package_files(name: str) -> list[Path]:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise CourseError(f"packages: expected an installed package, got {name!r}")
    return [path for place in spec.submodule_search_locations for path in sorted(Path(place).rglob("*.py"))]
