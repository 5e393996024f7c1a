"""Reads what an LMS exports: lists of learners, and the names of the files in its zips."""
