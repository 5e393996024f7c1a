"""Tables of results: each run adds a row when it ends, so an interrupted experiment can be continued."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

SHIPPED = Path(__file__).parent / "tables"
# The seeds whose results are reported, and the seeds whose results choose the learning rate.
REPORTED, TUNED_ON = (
    range(10),
    range(100, 103),
)
Value = str | int | float
Row = Mapping[str, Value]
Key = tuple[Value, ...]


@dataclass(frozen=True)
class Experiment:
    """The runs of an experiment, and the columns of its table of results.

    Args:
        name: the name of the table's file, without suffix.
        recipe: a description of all that is the same in every run; the table's file begins with its lines.
        keys: the columns that identify a run; the last two are "rate" and "seed".
        measures: the columns of results; the first one, "validation", chooses the rate.
        settings: returns all settings to compare; a setting has a value for each key except rate and seed.
        rates: returns the learning rates to try for a setting.
        measure: makes the run with these values of the keys, and returns the values of the measures.
    """

    name: str
    recipe: tuple[str, ...]
    keys: tuple[str, ...]
    measures: tuple[str, ...]
    settings: Callable[[], Iterable[Key]]
    rates: Callable[..., Sequence[float]]
    measure: Callable[..., Sequence[float]]

    def path(self, folder: Path = SHIPPED) -> Path:
        """The path of the table's file in a folder."""
        return folder / f"{self.name}.csv"


def key_of(experiment: Experiment, row: Row) -> tuple[str, ...]:
    """The values, as text, of those columns of a row that identify its run."""
    return tuple(str(row[name]) for name in experiment.keys)


def read(path: Path) -> list[dict[str, Value]]:
    """Read the rows of a table and convert numbers; skip the lines of the recipe, which start with #."""
    if not path.exists():
        return []
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [{name: _value(text) for name, text in row.items()} for row in csv.DictReader(lines)]


def recipe_in(path: Path) -> tuple[str, ...]:
    """Read the recipe in the first lines of a table's file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(line.removeprefix("# ") for line in lines if line.startswith("#"))


def tuning(experiment: Experiment) -> list[Key]:
    """List the runs that choose the learning rates: every setting at every rate, seed by seed."""
    return [
        (*setting, rate, seed)
        for seed in TUNED_ON
        for setting in experiment.settings()
        for rate in experiment.rates(*setting)
    ]


def best_rates(experiment: Experiment, rows: Iterable[Row]) -> dict[Key, float]:
    """Choose for each setting the learning rate with the greatest mean accuracy on the validation images.

    The mean is over the seeds that choose the rate. If several rates are equally good, choose the smallest.
    """
    found = {key_of(experiment, row): float(row["validation"]) for row in rows}

    def mean(setting: Key, rate: float) -> float:
        return fmean(found[tuple(map(str, (*setting, rate, seed)))] for seed in TUNED_ON)

    return {
        setting: max(experiment.rates(*setting), key=lambda rate: (mean(setting, rate), -rate))
        for setting in experiment.settings()
    }


def reported(experiment: Experiment, rows: Iterable[Row]) -> list[Key]:
    """List the runs whose results are reported: every setting at its own best rate, seed by seed."""
    best = best_rates(experiment, rows)
    return [(*setting, best[setting], seed) for seed in REPORTED for setting in experiment.settings()]


def missing(experiment: Experiment, folder: Path, wanted: Iterable[Key]) -> list[Key]:
    """List the wanted runs that are not in the table yet."""
    there = {key_of(experiment, row) for row in read(experiment.path(folder))}
    return [key for key in wanted if tuple(map(str, key)) not in there]


def append(experiment: Experiment, folder: Path, key: Key, numbers: Sequence[float]) -> None:
    """Add the row of one run to the table, and start the table if there is none."""
    path = experiment.path(folder)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_head(experiment), encoding="utf-8")
    with path.open("a", encoding="utf-8") as file:
        file.write(_line(key, numbers))


def put_in_order(experiment: Experiment, folder: Path) -> None:
    """Write the table again with its rows in a fixed order, whichever run ended first."""
    path = experiment.path(folder)
    rows = read(path)
    found = {key_of(experiment, row): row for row in rows}
    text = _head(experiment)
    for key in (*tuning(experiment), *reported(experiment, rows)):
        row = found.get(tuple(map(str, key)))
        if row:
            text += _line(key, [float(row[name]) for name in experiment.measures])
    path.write_text(text, encoding="utf-8")


def _head(experiment: Experiment) -> str:
    says = "".join(f"# {line}\n" for line in experiment.recipe)
    return f"{says}{','.join((*experiment.keys, *experiment.measures))}\n"


def _line(key: Key, numbers: Sequence[float]) -> str:
    return ",".join([*map(str, key), *(f"{number:.2f}" for number in numbers)]) + "\n"


def _value(text: str) -> Value:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
