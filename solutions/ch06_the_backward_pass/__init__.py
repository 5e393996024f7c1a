"""Chapter 6, the backward pass."""
