"""A sample class of four."""

from __future__ import annotations

from poolgrader.questions.sample import Pupil, SampleClass

SAMPLE = SampleClass(
    "01_sums",
    (
        Pupil("right-loops"),
        Pupil("right-arrays", style="arrays"),
        Pupil("wrong-late", planted={"1.2": ("one_late",), "1.3": ("small",)}),
        Pupil("blank", blank=True),
    ),
)
