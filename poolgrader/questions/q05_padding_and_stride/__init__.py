"""Chapter 5, padding and stride: six questions, 25 points; a module for each."""

from poolgrader.questions.q05_padding_and_stride import average, case, maximum, predict, rule, torch_average

QUESTIONS = (
    predict.QUESTION,
    maximum.QUESTION,
    average.QUESTION,
    case.QUESTION,
    rule.QUESTION,
    torch_average.QUESTION,
)
