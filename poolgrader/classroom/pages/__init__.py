"""What people read after a grading: a page for the class, a page for each learner, reasons, the table."""
