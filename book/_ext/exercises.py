"""Directives and roles that write questions, points and minutes of the notebooks into the pages.

They read the numbers from the folders of the course.

{exercise}                  directive: a chapter's questions and points, at the end of its page
{hours}                     directive: a table of all chapters with minutes and points
{exercise}`minutes`         role: the minutes of the page's own notebook
{course}`points`            role: the points of all notebooks; `points 0-7`, `points 1,2,5` for some chapters
{course}`hours`             role: the hours for all chapters and notebooks; `hours 0-7` for some chapters;
                            `hours to read` for the chapters alone; `hours to do` for the notebooks alone
{course}`notebooks`         role: the number of notebooks in words; `Notebooks` to begin a sentence
"""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from docutils import nodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

from poolgrader.questions import questions_of
from poolgrader.questions.course import Chapter, Course, course_in

if TYPE_CHECKING:
    from sphinx.application import Sphinx

UNITS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
]
UNITS += ["seventeen", "eighteen", "nineteen", "twenty"]
TITLE = re.compile(r"^# (\d+\. .+)$", re.MULTILINE)
FACT = re.compile(
    r"(?P<count>[nN]otebooks)|(?P<what>points|hours)(?: to (?P<part>read|do))?(?: "
    r"(?P<chapters>\d+(?:[-,]\d+)*))?"
)
CHECKS = "Each check answers at once, and names the mistake where it can. Try as often as you like."
MINUTES = re.compile(r"^\*\*Time:\*\* about (\d+) minutes for the chapter", re.MULTILINE)


def in_words(count: int) -> str:
    """Write a count as a word if it is at most twenty, otherwise in digits."""
    return UNITS[count] if count < len(UNITS) else str(count)


def course_of(environment: Any) -> Course:
    """The course of the book that Sphinx is building."""
    return course_in(Path(environment.srcdir) / "solutions")


def points_of(chapter: Chapter, course: Course) -> float:
    """The sum of the points of all questions in a chapter's notebook."""
    return sum(question.points for question in questions_of(chapter.name, course))


class Exercise(SphinxDirective):
    """The directive {exercise}, which describes the notebook of the page's own chapter."""

    def run(self) -> list[nodes.Node]:
        """Write the numbers of questions and points, the list of tasks, and a note on checks."""
        course = course_of(self.env)
        name = Path(self.env.docname).name
        if name not in course.chapters:
            return [nodes.paragraph("", "This chapter has no notebook.")]
        chapter = course.chapter(name)
        asked = questions_of(chapter.name, course)
        for path in (chapter.notebook, *(question.place for question in asked)):
            self.env.note_dependency(str(path))
        points = sum(question.points for question in asked)
        count = f"{in_words(len(asked))} question{'' if len(asked) == 1 else 's'}"
        text = nodes.paragraph("", "The notebook ")
        text += nodes.literal("", f"exercises/{chapter.name}/{chapter.slug}.ipynb")
        text += nodes.Text(f" has {count} and {points:g} points. Open it with ")
        text += nodes.literal("", "make learn")
        text += nodes.Text(".")
        tasks = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
        for question in asked:
            tasks += nodes.list_item("", nodes.paragraph("", f"{question.task}."))
        return [text, tasks, nodes.paragraph("", CHECKS)]


class Hours(SphinxDirective):
    """The directive {hours}, which writes a table of all chapters with a notebook.

    The columns are the minutes for reading the chapter, the minutes for its notebook, and the points. After
    each part of the book, a row has the sums so far.
    """

    def run(self) -> list[nodes.Node]:
        """Write the table as Markdown, and parse it as a part of the page, so that its links work."""
        source = Path(self.env.srcdir)
        course = course_of(self.env)
        lines = ["| Chapter | read | do | points |", "|---|---|---|---|"]
        sums = [0.0, 0.0, 0.0]
        listed = [(part, page) for part, page in parts(source) if Path(page).name in course.chapters]
        for _, pages in groupby(listed, key=lambda one: one[0]):
            chapter = None
            for _, page in pages:
                chapter = course.chapter(Path(page).name)
                path = source / f"{page}.md"
                self.env.note_dependency(str(path))
                title, read = facts_of(path)
                row = [float(read), float(chapter.minutes), points_of(chapter, course)]
                sums = [total + one for total, one in zip(sums, row, strict=True)]
                lines.append(f"| [{title}](/{page}.md) | {' | '.join(f'{one:g}' for one in row)} |")
            if chapter:
                last = " | ".join(f"**{one:g}**" for one in sums)
                lines.append(f"| **chapters 0 to {chapter.number}** | {last} |")
        return self.parse_text_to_nodes("\n".join(lines))


def parts(source: Path) -> list[tuple[str, str]]:
    """For every page, the caption of its part and the page's path, in the order of the table of contents."""
    contents = yaml.safe_load((source / "_toc.yml").read_text(encoding="utf-8"))
    return [(part["caption"], page["file"]) for part in contents["parts"] for page in part["chapters"]]


def facts_of(page: Path) -> tuple[str, int]:
    """Read the title of a chapter and the minutes for reading it from the chapter's page."""
    text = page.read_text(encoding="utf-8")
    title, minutes = TITLE.search(text), MINUTES.search(text)
    if title is None or minutes is None:
        raise ValueError(
            f"{page}: expected a title `# 3. ...` and a line `**Time:** about 45 minutes for the chapter`"
        )
    return title[1], int(minutes[1])


class ExerciseFact(SphinxRole):
    """The role {exercise}, which writes a fact about the notebook of the page's own chapter."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Write the minutes for the notebook, or 0 if the chapter has no notebook."""
        if self.text != "minutes":
            raise ValueError(f"{self.env.docname}: exercise: expected minutes, got {self.text}")
        chapter = course_of(self.env).chapters.get(Path(self.env.docname).name)
        if chapter is None:
            return [nodes.Text("0")], []
        self.env.note_dependency(str(chapter.notebook))
        return [nodes.Text(str(chapter.minutes))], []


class CourseFact(SphinxRole):
    """The role {course}, which writes a fact about the whole course or about some of its chapters."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Write the text that `course_fact` returns for the role."""
        return [nodes.Text(course_fact(self.text, course_of(self.env), Path(self.env.srcdir)))], []


def course_fact(asked: str, course: Course, source: Path) -> str:
    """Return the points, the hours or the number of notebooks that the text of a role asks for.

    The docstring of this module lists the texts that a role may have.

    Raises:
        ValueError: if `asked` is not one of these texts.
    """
    match = FACT.fullmatch(asked)
    if match is None:
        raise ValueError(
            f"course: expected notebooks, points or hours, with chapters as 0-7 or 1,2,5, got {asked!r}"
        )
    if match["count"]:
        count = in_words(len(course.chapters))
        return count.capitalize() if match["count"] == "Notebooks" else count
    wanted = _numbers(match["chapters"] or "")
    chosen = [chapter for chapter in course.chapters.values() if not wanted or chapter.number in wanted]
    if match["what"] == "points":
        return f"{sum(points_of(chapter, course) for chapter in chosen):g}"
    pages = {Path(page).name: source / f"{page}.md" for _, page in parts(source)}
    read = sum(facts_of(pages[chapter.name])[1] for chapter in chosen)
    done = sum(chapter.minutes for chapter in chosen)
    if match["part"]:
        return f"{(read if match['part'] == 'read' else done) / 60:.0f}"
    return f"{(read + done) / 60:.1f}".removesuffix(".0") if wanted else f"{(read + done) / 60:.0f}"


def _numbers(text: str) -> set[int]:
    """Read the numbers of chapters from a text such as 0-7 or 1,2,5.

    >>> sorted(_numbers("1-3,5"))
    [1, 2, 3, 5]
    """
    ranges = [one.split("-") for one in text.split(",") if one]
    return {number for ends in ranges for number in range(int(ends[0]), int(ends[-1]) + 1)}


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directives and roles of this extension with Sphinx."""
    app.add_directive("exercise", Exercise)
    app.add_directive("hours", Hours)
    app.add_role("exercise", ExerciseFact())
    app.add_role("course", CourseFact())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
