"""Calling an answer and observing what it does: the types and functions that the notebook,
the judge and the jail share.
"""
