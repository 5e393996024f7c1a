"""Hypothesis draws the same examples in every run; `POOLKIT_EXAMPLES=1000` draws more of them."""

import os

import hypothesis

hypothesis.settings.register_profile(
    "poolkit",
    # A first call into torch may take seconds on a busy machine.
    deadline=None,
    derandomize=True,
    max_examples=int(os.environ.get("POOLKIT_EXAMPLES", "100")),
)
hypothesis.settings.load_profile("poolkit")
