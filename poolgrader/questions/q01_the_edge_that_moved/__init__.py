"""Chapter 1, the edge that moved: five questions, 15 points; a module for each."""

from poolgrader.questions.q01_the_edge_that_moved import correlate, maps, predict, rule, search

QUESTIONS = (
    predict.QUESTION,
    correlate.QUESTION,
    maps.QUESTION,
    search.QUESTION,
    rule.QUESTION,
)
