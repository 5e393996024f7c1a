"""What was handed in: zips from an LMS, which file is the notebook, when it came,
which of its cells count.
"""
