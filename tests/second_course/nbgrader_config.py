"""nbgrader's settings for the second course."""

import os

os.makedirs("grading", exist_ok=True)  # nbgrader does not create the gradebook's folder
c = get_config()  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "sums"
c.CourseDirectory.source_directory = "build/source"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.db_url = "sqlite:///grading/gradebook.db"
c.OverwriteCells.add_missing_cells = True
