"""What people read of a grading: the class on a page, a page for each learner, the reasons, the table."""
