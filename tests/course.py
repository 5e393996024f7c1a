"""The course that the tests use: the one in this checkout."""

from pathlib import Path

from poolgrader.questions.course import course_in
from poolgrader.questions.sample import SampleClass

ROOT = Path(__file__).resolve().parents[1]
COURSE = course_in(ROOT / "solutions")
SAMPLE: SampleClass = COURSE.named("sample")
