"""A class: what was handed in, its grading, the gradebook, the report. Never runs a learner's code itself."""
