"""Counts of how many samples of torch, ONNX, Keras and JAX agree; printed at the end of the tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Score:
    passed: int = 0
    total: int = 0


SCORES: dict[str, Score] = {}
