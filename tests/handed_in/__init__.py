"""Notebooks as people hand them in: over 150 kinds, each with its marks by every way of grading."""
