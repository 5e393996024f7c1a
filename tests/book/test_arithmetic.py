"""Run the arithmetic of the explorers in Node, and compare its results with poolkit's.

Each run makes the expected results anew, so they are never out of date.
"""

from __future__ import annotations

import json
import math
import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from poolkit import reference
from poolkit.bins import Bins
from poolkit.errors import PoolingError
from poolkit.windows import Window
from tests.book.contents import ROOT
from tests.book.node import NODE, paths
from tests.patience import HANGS_AFTER

Random = random.Random
Case = tuple[list[Any], Any]
NUMBERS = (-7, -3.5, -1, 0, 0.25, 2, 6, 9)
CASES = 250


def row(rng: Random, least: int = 1, most: int = 12) -> list[float]:
    return [rng.choice(NUMBERS) for _ in range(rng.randint(least, most))]


def plane(rng: Random) -> list[list[float]]:
    high, wide = rng.randint(1, 8), rng.randint(1, 8)
    cells = [[rng.choice(NUMBERS) for _ in range(wide)] for _ in range(high)]
    if rng.random() < 0.2:
        cells[rng.randrange(high)][rng.randrange(wide)] = rng.choice([math.nan, math.inf, -math.inf])
    return cells


def window(rng: Random) -> tuple[dict[str, Any], Window]:
    """Draw a random window, and return it as the explorers write it and as poolkit's Window."""
    k, s, d = ([rng.randint(1, most), rng.randint(1, most)] for most in (4, 3, 3))
    p, ceil = [rng.randint(0, k[0] // 2), rng.randint(0, k[1] // 2)], rng.random() < 0.5
    return {"k": k, "s": s, "p": p, "d": d, "ceil": ceil}, Window.of(k, s, p, d, ceil)


def window_that_fits(rng: Random, size: tuple[int, int]) -> tuple[dict[str, Any], Window, tuple[int, ...]]:
    while True:
        written, its = window(rng)
        try:
            return written, its, its.output_size(size)
        except PoolingError:
            continue


def one_axis(written: dict[str, Any], axis: int) -> dict[str, Any]:
    return {name: value if name == "ceil" else value[axis] for name, value in written.items()}


def size_or_none(its: Window, axis: int, n: int) -> int:
    try:
        along = Window(
            (its.kernel[axis],),
            (its.stride[axis],),
            (its.padding[axis],),
            (its.dilation[axis],),
            its.ceil_mode,
        )
        return along.output_size((n,))[0]
    except PoolingError:
        return 0


def output_size(rng: Random) -> Case:
    written, its = window(rng)
    n, axis = rng.randint(1, 12), rng.randint(0, 1)
    return [n, one_axis(written, axis)], size_or_none(its, axis, n)


def free_cells(rng: Random) -> Case:
    written, its = window(rng)
    n = rng.randint(1, 12)
    return [n, one_axis(written, 0)], n + sum(its.padding[0]) - its.extent[0]


def positions(rng: Random) -> Case:
    written, its = window(rng)
    o = rng.randint(0, 5)
    return [o, one_axis(written, 1)], list(its.positions(1, o))


def along(rng: Random) -> Case:
    written, _ = window(rng)
    axis = rng.randint(0, 1)
    return [written, axis], one_axis(written, axis)


def places(rng: Random) -> Case:
    size = rng.randint(1, 8), rng.randint(1, 8)
    written, its, outputs = window_that_fits(rng, size)
    at = [rng.randrange(n) for n in outputs]
    taps, inside = set(its.taps(at, size)), []
    padded = [range(-before, n + after) for n, (before, after) in zip(size, its.padding, strict=True)]
    for i in its.positions(0, at[0]):
        for j in its.positions(1, at[1]):
            border = "border" if i in padded[0] and j in padded[1] else "beyond"
            inside.append({"at": [i, j], "kind": "cell" if (i, j) in taps else border})
    return [at, list(size), written], inside


def poolings(rng: Random) -> tuple[list[list[float]], dict[str, Any], dict[str, bool], Any, Window]:
    x = plane(rng)
    written, its, _ = window_that_fits(rng, (len(x), len(x[0])))
    options = {"average": rng.random() < 0.5, "counted": rng.random() < 0.5}
    array = np.array(x, dtype=float)
    y = (
        reference.avg_pool(array, its, options["counted"])
        if options["average"]
        else reference.max_pool(array, its)
    )
    return x, written, options, y, its


def pool_plane(rng: Random) -> Case:
    x, written, options, y, _ = poolings(rng)
    return [x, written, options], y.tolist()


def pool_one(rng: Random) -> Case:
    x, written, options, y, its = poolings(rng)
    at = tuple(rng.randrange(n) for n in y.shape)
    values = [x[i][j] for i, j in its.taps(at, (len(x), len(x[0])))]
    divisor = its.divisor(at, (len(x), len(x[0])), options["counted"])
    return [x, list(at), written, options], {
        "value": y[at].item(), "values": values, "sum": sum(values), "divisor": divisor,
    }  # fmt: skip


def bordered(rng: Random) -> Case:
    x, fill = plane(rng), rng.choice([0, -5, -math.inf, "edge", "wrap"])
    p = [rng.randint(0, len(x)), rng.randint(0, len(x[0]))]
    pads = [(p[0], p[0]), (p[1], p[1])]
    array = np.array(x, dtype=float)
    y = np.pad(array, pads, mode=fill) if isinstance(fill, str) else np.pad(array, pads, constant_values=fill)  # type: ignore[call-overload]
    return [x, p, fill], y.tolist()


def adaptive_bins(rng: Random) -> Case:
    n, m = rng.randint(1, 30), rng.randint(1, 30)
    return [n, m], [list(span) for span in Bins.adaptive((n,), (m,)).spans[0]]


def seen_by(rng: Random) -> Case:
    n, m = rng.randint(1, 20), rng.randint(1, 20)
    bins = Bins.adaptive((n,), (m,))
    seen = [tap for o in range(m) for (tap,) in bins.taps((o,), (n,))]
    return [n, [list(span) for span in bins.spans[0]]], [seen.count(j) for j in range(n)]


def pool_bins(rng: Random) -> Case:
    x, average = row(rng), rng.random() < 0.5
    bins = Bins.adaptive((len(x),), (rng.randint(1, 12),))
    y = (reference.avg_pool if average else reference.max_pool)(np.array(x, dtype=float), bins)
    return [x, [list(span) for span in bins.spans[0]], average], y.tolist()


def outputs(rng: Random) -> Case:
    n, k, s = rng.randint(1, 14), rng.randint(1, 6), rng.randint(1, 5)
    return [n, k, s], size_or_none(Window.of((k, 1), (s, 1)), 0, n)


def max_pool_row(rng: Random) -> Case:
    x, s = row(rng), rng.randint(1, 5)
    k = rng.randint(1, len(x))
    return [x, k, s], reference.max_pool_row(np.array(x, dtype=float), k, s).tolist()


def step_row(rng: Random) -> Case:
    n = rng.randint(1, 12)
    bright = rng.randint(0, n)
    return [n, bright], [1] * bright + [0] * (n - bright)


def moved(rng: Random) -> Case:
    x, shift = row(rng, 3), rng.randint(-2, 2)
    padded = np.pad(np.array(x, dtype=float), 2, mode="edge")
    return [x, shift], padded[2 - shift : 2 - shift + len(x)].tolist()


def edge(rng: Random) -> Case:
    x = row(rng, 2)
    return [x], np.correlate(np.array(x, dtype=float), [1, -1], "valid").tolist()


def agreeing(rng: Random) -> Case:
    x = row(rng)
    y = [rng.choice([value, 1.0]) for value in x]
    return [x, y], int(np.equal(x, y).sum())


MAKERS: dict[str, Callable[[Random], Case]] = {
    "outputSize": output_size,
    "freeCells": free_cells,
    "positions": positions,
    "along": along,
    "places": places,
    "poolOne": pool_one,
    "poolPlane": pool_plane,
    "bordered": bordered,
    "adaptiveBins": adaptive_bins,
    "seenBy": seen_by,
    "poolBins": pool_bins,
    "outputs": outputs,
    "maxPoolRow": max_pool_row,
    "stepRow": step_row,
    "moved": moved,
    "edge": edge,
    "agreeing": agreeing,
}


def spelled(value: Any) -> Any:
    """Replace infinities and NaN by words, because JSON has no such numbers."""
    if isinstance(value, dict):
        return {key: spelled(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [spelled(one) for one in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def test_the_explorers_compute_what_poolkit_computes(tmp_path: Path) -> None:
    rng = random.Random(11)
    cases = {
        name: [dict(zip(("args", "result"), spelled(make(rng)), strict=True)) for _ in range(CASES)]
        for name, make in MAKERS.items()
    }
    fixtures = tmp_path / "cases.json"
    fixtures.write_text(json.dumps(cases, allow_nan=False), encoding="utf-8")
    scripts = os.pathsep.join(paths("poolkit", "pooling"))
    done = subprocess.run(
        [NODE, "--test", str(ROOT / "tests" / "book" / "arithmetic.mjs")],
        env={**os.environ, "FIXTURES": str(fixtures), "SCRIPTS": scripts},
        text=True,
        capture_output=True,
        check=False,
        timeout=HANGS_AFTER,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert f"pass {len(MAKERS) + 1}" in done.stdout
