"""The experiments of chapters 8 and 9, and the comparison of frameworks: they make and read tables."""
