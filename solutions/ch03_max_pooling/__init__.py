"""Chapter 3, max pooling."""
