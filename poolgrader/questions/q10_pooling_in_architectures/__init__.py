"""Chapter 10, pooling in architectures: three questions, 10 points; a module for each."""

from poolgrader.questions.q10_pooling_in_architectures import audit, field, replace

QUESTIONS = (field.QUESTION, replace.QUESTION, audit.QUESTION)
