"""Holds learners' work against poolkit.

Three doors: `check` (what a notebook cell calls), `__main__` (what an instructor types) and `authoring`
(from solutions/ to exercises/). Nothing is imported here, so that the jailed side stays small.
"""
