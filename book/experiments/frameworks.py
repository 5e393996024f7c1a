"""Ask every framework the same questions about pooling, to find out where the frameworks disagree.

`python -m book.experiments.frameworks` asks the installed frameworks and writes their versions and answers to
frameworks.json, in the folder of this module. The file keeps earlier answers of frameworks that are not
installed. The module `book.experiments.callers` calls the frameworks; :func:`table` makes the chapter's table
from the file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from book.experiments.callers import CALLERS, Lacks

DATA = Path(__file__).with_suffix(".json")
LACKS, RAISES = "no such option", "raises an error"
NAN = float("nan")


@dataclass(frozen=True)
class Topic:
    """A question about pooling, in words and as the arguments of a call.

    Args:
        key: a short name for the file.
        title: a title for the table.
        asks: the question in words.
        operation: "max", "avg", or "ties" for the gradient of a maximum among equal numbers.
        row: the numbers to pool.
        kernel: the size of the window.
        given: further arguments; a framework may lack some of them.
        reads: a function that takes the answer from the output.
        dtype: the dtype of the row.
    """

    key: str
    title: str
    asks: str
    operation: str
    row: Sequence[float]
    kernel: int
    given: dict[str, Any]
    reads: Callable[[Any], Any] = list
    dtype: str = "float32"


TOPICS = (
    Topic("default_stride", "Default stride", "0 1 2 3 4 5, window of 3, no stride given: how many maxima?",
          "max", range(6), 3, {}, len),
    Topic("ceil_mode", "Rounding up", "0 1 2 3 4, window of 2, stride 2, sizes rounded up: the maxima?",
          "max", range(5), 2, {"stride": 2, "ceil": True}),
    Topic("last_window", "A last window of padding",
          "1 1 1 1 1, window of 2, stride 2, padding 1, sizes rounded up: the maxima?",
          "max", [1] * 5, 2, {"stride": 2, "padding": 1, "ceil": True}),
    Topic("overhang", "The divisor behind the border",
          "1 1 1 1, window of 3, stride 2, padding 1 that counts, sizes rounded up: the last mean?",
          "avg", [1] * 4, 3, {"stride": 2, "padding": 1, "ceil": True, "count": True},
          lambda y: list(y)[-1:]),
    Topic("count_default", "Does padding count?",
          "1 1 1, window of 3, stride 1, padding 1, nothing said of counting: the first mean?",
          "avg", [1] * 3, 3, {"stride": 1, "padding": 1}, lambda y: list(y)[:1]),
    Topic("same_side", "The odd cell of 'same'", "1 2 3 4, window of 2, stride 1, size kept: the maxima?",
          "max", [1, 2, 3, 4], 2, {"stride": 1, "padding": "same"}),
    Topic("border_of_max", "The border of a maximum",
          "-1 -1 -1, window of 3, stride 1, padding 1: the maxima?",
          "max", [-1] * 3, 3, {"stride": 1, "padding": 1}),
    Topic("hanging_max", "A last window that is not full",
          "-1 -1 -1, window of 2, stride 2, sizes rounded up: the maxima?",
          "max", [-1] * 3, 2, {"stride": 2, "ceil": True}),
    Topic("all_padding", "A window of padding alone",
          "-1 -1, window of 2, dilation 3, padding 1, so that it sees no cell: the maximum?",
          "max", [-1, -1], 2, {"stride": 1, "padding": 1, "dilation": 3}),
    Topic("much_padding", "Padding over half the window",
          "1 1, window of 2, stride 2, padding 2: the maxima?",
          "max", [1, 1], 2, {"stride": 2, "padding": 2}),
    Topic("nan", "NaN in a maximum", "NaN 1 and 1 NaN, window of 2: the maxima?",
          "max", [NAN, 1, 1, NAN], 2, {"stride": 2}),
    Topic("ties", "Ties", "5 5 5, window of 3: which cell wins, and gets the gradient?",
          "ties", [5, 5, 5], 3, {"stride": 3}),
    Topic("dilated_max", "Dilation of a maximum", "9 1 2 3 4, window of 2, dilation 2: the maxima?",
          "max", [9, 1, 2, 3, 4], 2, {"stride": 1, "dilation": 2}),
    Topic("dilated_avg", "Dilation of a mean", "9 1 2 3 4, window of 2, dilation 2: the means?",
          "avg", [9, 1, 2, 3, 4], 2, {"stride": 1, "dilation": 2}),
    Topic("no_cells", "An empty row", "a row without a cell, window of 1: the maxima?",
          "max", [], 1, {"stride": 1}),
    Topic("integer_max", "Maxima of integers", "3 1 2 4 in int32, window of 2: the maxima?",
          "max", [3, 1, 2, 4], 2, {"stride": 2}, dtype="int32"),
    Topic("integer_avg", "Means of integers", "-1 -2 1 2 in int64, window of 2: the means?",
          "avg", [-1, -2, 1, 2], 2, {"stride": 2}, dtype="int64"),
    Topic("half_avg", "Means in half precision", "60000 60000 in float16, window of 2: the mean?",
          "avg", [60000, 60000], 2, {"stride": 2}, dtype="float16"),
)  # fmt: skip


def answer(name: str, topic: Topic) -> str:
    """The answer of one framework to the question of one topic, as text.

    >>> answer("scipy", TOPICS[0])
    '6'
    """
    row = np.array(topic.row, dtype=topic.dtype)
    try:
        return written(topic.reads(CALLERS[name].pool(topic.operation, row, topic.kernel, **topic.given)))
    except Lacks:
        return LACKS
    except Exception:  # noqa: BLE001 - frameworks raise errors of many types; for all the answer is RAISES
        return RAISES


def written(value: Any) -> str:
    """Write numbers as the text that the table shows.

    >>> written([1.0, float("nan"), 2 / 3]), written(4), written([])
    ('1 NaN 0.667', '4', 'nothing')
    """
    numbers = np.atleast_1d(np.asarray(value, dtype=np.float64))
    texts = ["NaN" if np.isnan(one) else f"{one:.6g}" if abs(one) > 1000 else f"{one:.3g}" for one in numbers]
    return " ".join(texts) or "nothing"


def answers(name: str) -> dict[str, Any]:
    """The version of an installed framework, and its answers to all topics."""
    version = CALLERS[name].version()
    return {"version": version, "answers": {topic.key: answer(name, topic) for topic in TOPICS}}


def run_apart(name: str) -> dict[str, Any] | None:
    """Call `answers` in a new process with the environment variables that the framework needs.

    Return None if the framework is not installed.
    """
    if not CALLERS[name].installed():
        return None
    command = [sys.executable, "-m", "book.experiments.frameworks", name]
    environment = {**os.environ, **CALLERS[name].environment}
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name} failed: {done.stderr[-2000:]}")
    made: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return made


def table(made: dict[str, dict[str, Any]]) -> list[tuple[Topic, list[tuple[str, list[str]]]]]:
    """For each topic, list the different answers, each with the titles of the frameworks that give it.

    The most frequent answer comes first; "no such option" and "raises an error" come last.
    """
    rows = []
    for topic in TOPICS:
        who: dict[str, list[str]] = {}
        for name, record in made.items():
            who.setdefault(record["answers"][topic.key], []).append(CALLERS[name].title)
        ordered = sorted(who.items(), key=lambda item: (item[0] in (LACKS, RAISES), -len(item[1]), item[0]))
        rows.append((topic, ordered))
    return rows


def shipped() -> dict[str, dict[str, Any]]:
    """Read the version and the answers of each framework from frameworks.json."""
    made: dict[str, dict[str, Any]] = json.loads(DATA.read_text(encoding="utf-8"))
    return made


def main(name: str | None = None) -> None:
    """Print the answers of one framework; without a name, ask all installed ones and write the file."""
    if name is not None:
        print(json.dumps(answers(name)))
        return
    made = shipped() if DATA.exists() else {}
    for each in CALLERS:
        record = run_apart(each)
        print(f"{each}: {'not installed' if record is None else record['version']}")
        made = made if record is None else {**made, each: record}
    ordered = {each: made[each] for each in CALLERS if each in made}
    DATA.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
