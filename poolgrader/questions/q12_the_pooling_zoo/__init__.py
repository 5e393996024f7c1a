"""Chapter 12, the pooling zoo: five questions, 15 points; a module for each."""

from poolgrader.questions.q12_the_pooling_zoo import generalised, limits, rule, switches, trips

QUESTIONS = (
    generalised.QUESTION,
    limits.QUESTION,
    switches.QUESTION,
    trips.QUESTION,
    rule.QUESTION,
)
