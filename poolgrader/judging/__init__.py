"""What an answer is worth, for any question: comparison, diagnosis, feedback,
and the judge who puts them together.
"""
