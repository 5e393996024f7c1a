"""Chapter 9, does max beat average."""
