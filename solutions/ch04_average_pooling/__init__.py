"""Chapter 4, average pooling."""
