"""Chapter 8, shift and aliasing."""
