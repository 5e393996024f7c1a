"""What was handed in: the zip of an LMS, which file is the notebook, when it came, which cells count."""
