"""The exercises of the course: a folder for each chapter, and in it one for each question."""
