"""Chapter 3, max pooling: six questions, 20 points; a module for each."""

from poolgrader.questions.q03_max_pooling import batch, expose, plane, predict, rule, torch_windows

QUESTIONS = (
    predict.QUESTION,
    plane.QUESTION,
    batch.QUESTION,
    expose.QUESTION,
    rule.QUESTION,
    torch_windows.QUESTION,
)
