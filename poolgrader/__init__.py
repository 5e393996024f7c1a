"""Holds learners' work against the questions of a course. Knows no course: it is handed one.

Three doors: `check` (what a notebook cell calls), `__main__` (what an instructor types) and `authoring`
(from a course's folder to exercises/). Nothing is imported here, so that the jailed side stays small.
"""
