"""Chapter 13, regions and sets."""
