"""A sample class of twelve learners for chapter 3: some right, some wrong on purpose, some broken.

Learners are named after what they submit. A test of the grader checks the marks of each of them.
"""

from __future__ import annotations

from poolgrader.questions.sample import Pupil, SampleClass

ENDLESS = "def pool_by_rule(*rule):\n    while True:\n        pass\n"
EXITS = "import os\n\n\ndef max_pool2d_torch(x, kernel_size, stride):\n    os._exit(0)\n"
TYPING_ERROR = "def max_pool_plane(x, kernel_size)\n    return x\n"

PUPILS = (
    Pupil("right-loops"),
    Pupil("right-windows", style="windows"),
    Pupil("right-shifts", style="shifts"),
    Pupil("right-gather", style="gather"),
    Pupil("wrong-zero-padding", planted={"3.2": ("starts_at_zero",), "3.3": ("zero_padding",)}),
    Pupil("wrong-stride", planted={"3.3": ("stride_ignored",), "3.6": ("stride_is_kernel",)}),
    Pupil("wrong-axes", planted={"3.2": ("kernel_axes_swapped",), "3.3": ("kernel_axes_swapped",)}),
    Pupil("wrong-channels", planted={"3.3": ("across_channels",), "3.4": ("one_channel",)}),
    Pupil("wrong-twice", planted={"3.1": ("minimum",), "3.3": ("strides_swapped", "nan_skipped")}),
    Pupil("blank", blank=True),
    Pupil("broken-code", sources={"3.2": TYPING_ERROR, "3.5": ENDLESS, "3.6": EXITS}),
    Pupil("broken-file", cut=900),
)

SAMPLE = SampleClass("03_max_pooling", PUPILS)
