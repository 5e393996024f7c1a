"""Chapter 11, the fine print."""
