"""Chapter 6, the backward pass: six questions, 30 points; a module for each."""

from poolgrader.questions.q06_the_backward_pass import (
    average,
    differences,
    expose,
    maximum,
    rule,
    torch_ties,
)

QUESTIONS = (
    average.QUESTION,
    maximum.QUESTION,
    torch_ties.QUESTION,
    differences.QUESTION,
    expose.QUESTION,
    rule.QUESTION,
)
