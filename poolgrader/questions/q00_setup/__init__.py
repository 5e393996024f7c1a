"""Chapter 0, setup: four questions, 5 points; a module for each."""

from poolgrader.questions.q00_setup import expose, memory, verdict, window

QUESTIONS = (
    verdict.QUESTION,
    window.QUESTION,
    expose.QUESTION,
    memory.QUESTION,
)
