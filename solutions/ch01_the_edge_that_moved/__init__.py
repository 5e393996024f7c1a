"""Chapter 1, the edge that moved."""
