"""nbgrader's gradebook: written in batches, read as marks, with late penalties and marks by hand."""
