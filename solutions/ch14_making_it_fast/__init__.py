"""Chapter 14, making it fast."""
