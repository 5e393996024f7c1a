"""Chapter 12, the pooling zoo."""
