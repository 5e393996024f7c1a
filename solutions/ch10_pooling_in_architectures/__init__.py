"""Chapter 10, pooling in architectures."""
