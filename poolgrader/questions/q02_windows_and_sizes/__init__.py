"""Chapter 2, windows and sizes: six questions, 20 points; a module for each."""

from poolgrader.questions.q02_windows_and_sizes import behind, design, predict, rule, size, taps

QUESTIONS = (
    predict.QUESTION,
    size.QUESTION,
    taps.QUESTION,
    design.QUESTION,
    rule.QUESTION,
    behind.QUESTION,
)
