"""Chapter 4, average pooling: six questions, 20 points; a module for each."""

from poolgrader.questions.q04_average_pooling import convolution, linearity, means, photograph, plane, predict

QUESTIONS = (
    predict.QUESTION,
    plane.QUESTION,
    linearity.QUESTION,
    convolution.QUESTION,
    photograph.QUESTION,
    means.QUESTION,
)
