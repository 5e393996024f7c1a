"""Chapter 14, making it fast: six questions, 20 points; a module for each."""

from poolgrader.questions.q14_making_it_fast import blocks, counting, passes, plan, predict, rule

QUESTIONS = (
    predict.QUESTION,
    passes.QUESTION,
    plan.QUESTION,
    blocks.QUESTION,
    counting.QUESTION,
    rule.QUESTION,
)
