"""A small course on sums and shares, for the tests of the grader."""
