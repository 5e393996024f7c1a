"""Chapter 9, does max beat average: six questions, 20 points; a module for each."""

from poolgrader.questions.q09_does_max_beat_average import conclude, interval, plan, run, tables, tuned

QUESTIONS = (
    plan.QUESTION,
    run.QUESTION,
    interval.QUESTION,
    tables.QUESTION,
    conclude.QUESTION,
    tuned.QUESTION,
)
