"""The run: what is to be graded, by which processes or machines, and the result of each submission."""
