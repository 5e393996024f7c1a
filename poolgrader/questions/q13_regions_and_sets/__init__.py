"""Chapter 13, regions and sets: six questions, 20 points; a module for each."""

from poolgrader.questions.q13_regions_and_sets import align, attention, neighbours, order, predict, twins

QUESTIONS = (
    predict.QUESTION,
    align.QUESTION,
    attention.QUESTION,
    twins.QUESTION,
    order.QUESTION,
    neighbours.QUESTION,
)
