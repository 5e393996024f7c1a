"""The questions of the current course. Each question is imported when it is first needed."""

from __future__ import annotations

from poolgrader.questions.course import Chapter, Course, CourseError
from poolgrader.questions.finding import current_course
from poolgrader.questions.question import Question


def chapters() -> dict[str, Chapter]:
    """Map assignment names ("03_sorting") to chapters, in the order of the course."""
    return current_course().chapters


def questions_of(chapter: str, course: Course | None = None) -> tuple[Question, ...]:
    """The questions of a chapter, in order.

    Raises:
        KeyError: if there is no such chapter.
    """
    course = course or current_course()
    return tuple(_question(course, course.chapter(chapter), id_) for id_ in course.chapter(chapter).questions)


def find(question_id: str, course: Course | None = None) -> Question:
    """The question with an id.

    Raises:
        KeyError: if there is none; the message lists the ids of the chapter, or the chapters of the course.
    """
    course = course or current_course()
    if not isinstance(question_id, str):
        raise KeyError(f'question: expected a text such as "3.1", got {question_id!r}')
    number = question_id.partition(".")[0]
    for chapter in course.chapters.values():
        if number.isdigit() and chapter.number == int(number):
            if question_id in chapter.questions:
                return _question(course, chapter, question_id)
            raise KeyError(f"question: expected one of {', '.join(chapter.questions)}, got {question_id!r}")
    raise KeyError(f"question: expected a chapter among {', '.join(course.chapters)}, got {question_id!r}")


def _question(course: Course, chapter: Chapter, question_id: str) -> Question:
    folder = chapter.questions[question_id]
    found: Question = course.module(chapter.folder.name, folder.name, "question").QUESTION
    if found.id != question_id:
        raise CourseError(
            f"{folder}/question.py: QUESTION: expected place=__file__, which gives the id {question_id}"
        )
    return found
