"""Chapter 8, shift and aliasing: six questions, 20 points; a module for each."""

from poolgrader.questions.q08_shift_and_aliasing import blur, front, metric, planes, polyphase, rule

QUESTIONS = (
    metric.QUESTION,
    blur.QUESTION,
    polyphase.QUESTION,
    planes.QUESTION,
    front.QUESTION,
    rule.QUESTION,
)
