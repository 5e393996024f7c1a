"""Chapter 11, the fine print: five questions, 20 points; a module for each."""

from poolgrader.questions.q11_the_fine_print import count, dilated, divisor, expose, rule

QUESTIONS = (
    count.QUESTION,
    divisor.QUESTION,
    dilated.QUESTION,
    expose.QUESTION,
    rule.QUESTION,
)
