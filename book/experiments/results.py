"""Read results from the shipped tables: one number for each reported seed, means, and their intervals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from book.experiments.tables import REPORTED, SHIPPED, TUNED_ON, Row, Value, read

Array = NDArray[Any]


@dataclass(frozen=True)
class Interval:
    """A mean and both ends of its 95% confidence interval."""

    mean: float
    low: float
    high: float

    @property
    def side(self) -> str:
        """Whether the interval is "above" 0, is "below" 0, or "holds 0"."""
        return "above" if self.low > 0 else "below" if self.high < 0 else "holds 0"

    @property
    def half(self) -> float:
        """Half of the interval's length, which is the number after ±."""
        return self.high - self.mean

    def __str__(self) -> str:
        return f"{self.mean:.1f} ± {self.half:.1f}"


def interval(values: Array) -> Interval:
    """The mean of some numbers, one for each seed, with Student's confidence interval.

    >>> str(interval(np.array([1.0, 2.0, 3.0])))
    '2.0 ± 2.5'
    """
    n = len(values)
    half = float(stats.t.ppf(0.975, n - 1) * values.std(ddof=1) / np.sqrt(n))
    mean = float(values.mean())
    return Interval(mean, mean - half, mean + half)


@cache
def rows(name: str, folder: Path = SHIPPED) -> tuple[Row, ...]:
    """Read all rows of a table."""
    return tuple(read(folder / f"{name}.csv"))


def by_seed(name: str, measure: str, folder: Path = SHIPPED, **setting: Value) -> Array:
    """The results of one setting in one measure: a number for each reported seed, in the order of the seeds.

    Raises:
        ValueError: if the table does not have exactly the reported seeds for this setting.
    """
    found = {
        row["seed"]: row[measure]
        for row in rows(name, folder)
        if _fits(row, setting) and row["seed"] in REPORTED
    }
    if sorted(found) != list(REPORTED):
        raise ValueError(
            f"{name}: expected one run for each of {len(REPORTED)} seeds, got {sorted(found)} for {setting}"
        )
    return np.array([float(found[seed]) for seed in REPORTED])


def rate_of(name: str, folder: Path = SHIPPED, **setting: Value) -> float:
    """The learning rate of the reported runs of a setting."""
    (rate,) = {row["rate"] for row in rows(name, folder) if _fits(row, setting) and row["seed"] in REPORTED}
    return float(rate)


def tuning(name: str, folder: Path = SHIPPED, **setting: Value) -> dict[float, float]:
    """For each learning rate, the mean validation accuracy over the seeds that choose the rate."""
    found: dict[float, list[float]] = {}
    for row in rows(name, folder):
        if _fits(row, setting) and row["seed"] in TUNED_ON:
            found.setdefault(float(row["rate"]), []).append(float(row["validation"]))
    return {rate: float(np.mean(found[rate])) for rate in sorted(found)}


def _fits(row: Row, setting: dict[str, Value]) -> bool:
    return all(row[key] == value for key, value in setting.items())
