"""Chapter 15, break the grader."""
