"""Chapter 0, setup."""
