"""Chapter 2, shares."""
