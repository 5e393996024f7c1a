"""Chapter 2, windows and sizes."""
