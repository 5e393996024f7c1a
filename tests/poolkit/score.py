"""Count on how many samples poolkit agrees with torch, ONNX, Keras and JAX; pytest's summary prints this."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Score:
    passed: int = 0
    total: int = 0


SCORES: dict[str, Score] = {}
