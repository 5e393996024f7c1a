"""Chapter 7, global and adaptive pooling."""
