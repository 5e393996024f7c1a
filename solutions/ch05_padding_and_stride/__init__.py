"""Chapter 5, padding and stride."""
