"""Chapter 7, global and adaptive pooling: six questions, 20 points; a module for each."""

from poolgrader.questions.q07_global_and_adaptive import adaptive, choose, maps, predict, rule, sequence

QUESTIONS = (
    predict.QUESTION,
    adaptive.QUESTION,
    choose.QUESTION,
    maps.QUESTION,
    sequence.QUESTION,
    rule.QUESTION,
)
