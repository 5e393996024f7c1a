"""Directives and roles that write questions, points and minutes of the notebooks into the pages.

The numbers come from the folders of the course.

{exercise}                  directive: a chapter's questions and points, at the end of its page
{hours}                     directive: a table of all chapters with minutes and points
{exercise}`minutes`         role: the minutes of the page's own notebook
{course}`points`            role: the points of all notebooks; `points 0-7`, `points 1,2,5`: of these chapters
{course}`hours`             role: hours to read and to do them; `hours 0-7`; `hours to read`; `hours to do`
{course}`notebooks`         role: how many notebooks there are, in words; `Notebooks` begins a sentence
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
    """A count in words, up to twenty."""
    return UNITS[count] if count < len(UNITS) else str(count)


def course_of(environment: Any) -> Course:
    """The course whose book is built."""
    return course_in(Path(environment.srcdir) / "solutions")


def points_of(chapter: Chapter, course: Course) -> float:
    """The points of a chapter's notebook."""
    return sum(question.points for question in questions_of(chapter.name, course))


class Exercise(SphinxDirective):
    """The directive that describes the notebook of the page's own chapter."""

    def run(self) -> list[nodes.Node]:
        """Sentences with the numbers of questions and points, their list, and what a check does."""
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
    """The directive for a table of all chapters with a notebook.

    It has minutes to read, minutes for the notebook and points, with running sums after each part.
    """

    def run(self) -> list[nodes.Node]:
        """The table, parsed as a part of the page's text, so that links work."""
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
    """The caption of its part and the path of every page, in the order of the table of contents."""
    contents = yaml.safe_load((source / "_toc.yml").read_text(encoding="utf-8"))
    return [(part["caption"], page["file"]) for part in contents["parts"] for page in part["chapters"]]


def facts_of(page: Path) -> tuple[str, int]:
    """The title of a chapter and the minutes to read it, from the chapter's page."""
    text = page.read_text(encoding="utf-8")
    title, minutes = TITLE.search(text), MINUTES.search(text)
    if title is None or minutes is None:
        raise ValueError(
            f"{page}: expected a title `# 3. ...` and a line `**Time:** about 45 minutes for the chapter`"
        )
    return title[1], int(minutes[1])


class ExerciseFact(SphinxRole):
    """The role for a fact about the notebook of the page's own chapter."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The notebook's minutes; 0 if the chapter has no notebook."""
        if self.text != "minutes":
            raise ValueError(f"{self.env.docname}: exercise: expected minutes, got {self.text}")
        chapter = course_of(self.env).chapters.get(Path(self.env.docname).name)
        if chapter is None:
            return [nodes.Text("0")], []
        self.env.note_dependency(str(chapter.notebook))
        return [nodes.Text(str(chapter.minutes))], []


class CourseFact(SphinxRole):
    """The role for a fact about the course or some of its chapters."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The text that `course_fact` gives."""
        return [nodes.Text(course_fact(self.text, course_of(self.env), Path(self.env.srcdir)))], []


def course_fact(asked: str, course: Course, source: Path) -> str:
    """The points, hours or number of notebooks that a role asks for, as the module's docstring lists them.

    Raises:
        ValueError: if `asked` is none of them.
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
    """The numbers of chapters that are written as 0-7 or 1,2,5.

    >>> sorted(_numbers("1-3,5"))
    [1, 2, 3, 5]
    """
    ranges = [one.split("-") for one in text.split(",") if one]
    return {number for ends in ranges for number in range(int(ends[0]), int(ends[-1]) + 1)}


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_directive("exercise", Exercise)
    app.add_directive("hours", Hours)
    app.add_role("exercise", ExerciseFact())
    app.add_role("course", CourseFact())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
