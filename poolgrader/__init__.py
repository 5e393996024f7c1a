"""Grades learners' answers to the questions of a course. It contains no course: it is handed one.

Three ways in: `check` (what a notebook cell calls), `__main__` (what an instructor types) and
`learner_notebooks` (from a course's folder to exercises/). Nothing is imported here, so that the process in
which a learner's code runs loads little.
"""
