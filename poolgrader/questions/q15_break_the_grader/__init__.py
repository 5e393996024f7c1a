"""Chapter 15, break the grader: five questions, 20 points; a module for each."""

from poolgrader.questions.q15_break_the_grader import backward, forward, predict, redesign, rule

QUESTIONS = (
    predict.QUESTION,
    forward.QUESTION,
    backward.QUESTION,
    rule.QUESTION,
    redesign.QUESTION,
)
