"""nbgrader's settings for this course: the stock commands work from this folder."""

import os

os.makedirs("grading", exist_ok=True)  # a gradebook does not make its folder
c = get_config()  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "poolkit"
c.CourseDirectory.source_directory = "build/source"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.db_url = "sqlite:///grading/gradebook.db"
c.ExecutePreprocessor.timeout = 120
# A learner who deleted a cell loses that question, not the whole notebook.
c.OverwriteCells.add_missing_cells = True

# POOLGRADER=jail nbgrader autograde ...: learners' code runs in the grader's sandbox, not in nbgrader's
# kernel.
if os.environ.get("POOLGRADER") == "jail":
    c.Autograde.exporter_class = "poolgrader.classroom.autograde.SubmittedNotebook"
    c.Autograde.sanitize_preprocessors = [
        "nbgrader.preprocessors.ClearOutput",
        "nbgrader.preprocessors.DeduplicateIds",
        "nbgrader.preprocessors.OverwriteKernelspec",
        "nbgrader.preprocessors.OverwriteCells",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.Autograde.autograde_preprocessors = [
        "poolgrader.classroom.autograde.JailPreprocessor",
        "nbgrader.preprocessors.IgnorePattern",
        "nbconvert.preprocessors.ClearMetadataPreprocessor",
        "nbgrader.preprocessors.LimitOutput",
        "nbgrader.preprocessors.SaveAutoGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
