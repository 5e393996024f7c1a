"""Chapter 1, sums."""
