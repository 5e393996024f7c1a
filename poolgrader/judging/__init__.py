"""Judging an answer to any question: comparison, diagnosis, feedback, and the judge that combines them."""
