"""Tests of the shipped tables of chapters 8 and 9, and of what pages draw and say from them.

Each table is complete, and can be reproduced by the recipe in its first lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from book.experiments import charts, max_against_average, results, tables
from book.experiments.nets import POOLINGS, STRIDED, Net, max_at_every_cell
from book.experiments.queue_of_runs import NAMES, experiment_of
from book.experiments.results import Interval
from book.experiments.samples import CANVAS, digits, digits_split, textures_split
from book.experiments.tables import REPORTED, TUNED_ON, Experiment
from book.experiments.training import STEPS, Recipe, consistency, train
from poolkit.blur import blur_pool2d, polyphase_pool2d
from tests.book.contents import source

EXPERIMENTS = [experiment_of(name) for name in NAMES]
each_experiment = pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda one: one.name)
# Percentage points by which a reproduced row may differ, because training amplifies differences in rounding.
AS_BEFORE = 3.0


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@each_experiment
def test_the_table_holds_every_planned_run_once_and_no_other(experiment: Experiment) -> None:
    rows = tables.read(experiment.path())
    wanted = [*tables.tuning(experiment), *tables.reported(experiment, rows)]
    assert [tables.key_of(experiment, row) for row in rows] == [tuple(map(str, key)) for key in wanted]
    assert len(REPORTED) >= 10
    assert not set(REPORTED) & set(TUNED_ON)
    assert all(0 <= float(row[name]) <= 100 for row in rows for name in experiment.measures)


@each_experiment
def test_the_table_begins_with_the_recipe(experiment: Experiment) -> None:
    assert tables.recipe_in(experiment.path()) == experiment.recipe


@each_experiment
@pytest.mark.parametrize("seed", [0, *TUNED_ON])
def test_a_row_can_be_reproduced(experiment: Experiment, seed: int) -> None:
    """The same seed and recipe give the numbers of the table, apart from another machine's rounding.

    The test includes the seeds that choose the learning rate, because results from an outdated recipe could
    choose a wrong rate.
    """
    row = next(row for row in tables.read(experiment.path()) if row["seed"] == seed and row["pool"] == "max")
    again = experiment.measure(*(row[name] for name in experiment.keys))
    assert again == pytest.approx([float(row[name]) for name in experiment.measures], abs=AS_BEFORE)


@each_experiment
def test_another_seed_gives_another_row(experiment: Experiment) -> None:
    key = {"pool": "max", "head": "gap"} | (
        {"trained": "moved"} if "trained" in experiment.keys else {"norm": "batch"}
    )
    rows = [
        row
        for row in tables.read(experiment.path())
        if all(row[name] == value for name, value in key.items())
    ]
    assert len({row[experiment.measures[1]] for row in rows if row["seed"] in REPORTED}) > 3


def test_an_unfinished_table_is_continued(tmp_path: Path) -> None:
    experiment = EXPERIMENTS[0]
    keys = tables.tuning(experiment)
    for key in (keys[3], keys[0]):
        tables.append(experiment, tmp_path, key, (50.0, 60.0))
    assert tables.missing(experiment, tmp_path, keys) == [keys[1], keys[2], *keys[4:]]
    assert tables.recipe_in(experiment.path(tmp_path)) == experiment.recipe


def test_the_chosen_rate_has_the_best_mean_validation() -> None:
    experiment = EXPERIMENTS[1]
    rows = tables.read(experiment.path())
    for setting, rate in tables.best_rates(experiment, rows).items():
        named: dict[str, Any] = dict(zip(experiment.keys, setting, strict=False))
        means = results.tuning(experiment.name, **named)
        assert means[rate] == max(means.values())


def test_training_validation_and_test_images_do_not_overlap() -> None:
    images, labels = digits()
    assert len(images) == len(labels) == 1797
    tests = []
    for seed in (0, 1):
        split = digits_split(seed, moved=False)
        parts = [
            {image.numpy().tobytes() for image in one.images}
            for one in (split.train, split.validation, split.test)
        ]
        assert not parts[0] & parts[1]
        assert not (parts[0] | parts[1]) & parts[2]
        tests.append(parts[2])
    assert tests[0] == tests[1], "the test digits must be the same for every seed"


def test_a_moved_digit_keeps_a_margin_of_one_cell() -> None:
    images = digits_split(0, moved=True).train.images
    frame = torch.ones(CANVAS, CANVAS, dtype=torch.bool)
    frame[1:-1, 1:-1] = False
    assert (images[..., frame] == 0).all()
    assert (images.sum((2, 3)) > 0).all()


def test_textures_have_mean_0_and_standard_deviation_1() -> None:
    images = textures_split(0).test.images
    assert images.mean((2, 3)).abs().max() < 1e-5
    assert (images.std((2, 3), correction=0) - 1).abs().max() < 1e-3


def test_the_fast_poolings_give_what_poolkit_gives() -> None:
    x = torch.randn(3, 4, 16, 16, generator=torch.Generator().manual_seed(1))
    every = max_at_every_cell(x)
    assert torch.allclose(POOLINGS["max+blur"](x), blur_pool2d(every, 3, 2, "circular"), atol=1e-6)
    assert torch.equal(POOLINGS["polyphase"](x), polyphase_pool2d(every, 2))


def test_max_and_average_start_from_the_same_weights() -> None:
    recipes = [Recipe(pool, "gap", "batch", "adam", 0.01, 0) for pool in ("max", "average")]
    one, other = (train(recipe, digits_split(0, True), 5).state_dict() for recipe in recipes)
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert not torch.equal(
        one["linear.weight"], Net("max", "gap", "batch", 10, "zeros").state_dict()["linear.weight"]
    )


@pytest.mark.parametrize("pool", ["polyphase", "subsample"])
def test_polyphase_with_global_average_is_consistent_before_training_and_subsampling_is_not(
    pool: str,
) -> None:
    images = digits_split(0, True).test.images[:100]
    torch.manual_seed(0)
    net = Net(pool, "gap", "batch", 10, "circular").eval()
    assert len(STEPS) == 8
    assert (consistency(net, images) == 100) == (pool == "polyphase")


def test_a_strided_convolution_replaces_the_pooling() -> None:
    layers = [
        one
        for one in Net(STRIDED, "gap", "batch", 10, "circular").modules()
        if isinstance(one, torch.nn.Conv2d)
    ]
    assert [layer.stride for layer in layers] == [(1, 1), (2, 2)] * 2


def test_an_interval_is_students_and_tells_whether_it_is_above_or_below_0() -> None:
    found = results.interval(np.array([2.0, 1.0, 3.0]))
    assert found.mean == 2.0
    assert found.low == pytest.approx(2 - 4.302653 / 3**0.5, abs=1e-5)
    assert [Interval(0, *ends).side for ends in ((0.1, 1), (-1, -0.1), (-1, 1))] == [
        "above",
        "below",
        "holds 0",
    ]


def test_a_chart_draws_every_number_and_names_it_in_its_text_equivalent() -> None:
    values = {"max": Interval(12.34, 10.0, 14.68), "average": Interval(-3.0, -4.5, -1.5)}
    picture = charts.intervals(values, title="Gain", axis="points", span=(-20, 20), zero=True)
    for text in ("max: +12.3 ± 2.3, above 0", "average: \N{MINUS SIGN}3.0 ± 1.5, below 0"):
        assert text in picture.alt
    assert len(re.findall(r">\S*12\.3 ± 2\.3<", picture.panels[0])) == 1


def test_the_text_of_a_chart_says_which_points_are_on_the_front() -> None:
    picture = charts.points(
        {"a": (1.0, 9.0), "b": (5.0, 5.0), "c": (4.0, 4.0)},
        {"a": True, "b": True, "c": False},
        title="Choose",
        axes_names=("right", "up"),
        spans=((0, 10), (0, 10)),
    )
    assert "b: 5.0 and 5.0, on the front." in picture.alt
    assert "c: 4.0 and 4.0, dominated." in picture.alt


def prose(page: str) -> str:
    """The text of a page without code cells and other fenced blocks."""
    return re.sub(r"^```.*?^```", "", source(page).read_text(encoding="utf-8"), flags=re.M | re.S)


def test_chapter_8_says_what_its_table_says() -> None:
    def seeds(measure: str, trained: str, head: str, pool: str) -> np.ndarray:
        return results.by_seed("shift_consistency", measure, trained=trained, head=head, pool=pool)

    text = prose("book/08_shift_and_aliasing")
    said = [
        ("consistency", "moved", "gap", pool)
        for pool in ("subsample", "max", "average", "max+blur", "polyphase")
    ]
    said += [("consistency", "moved", "flatten", pool) for pool in ("max+blur", "polyphase")]
    said += [("moved", "centred", "flatten", pool) for pool in ("max", "average")]
    said += [("moved", "centred", "gap", pool) for pool in ("max", "average", "max+blur", "polyphase")]
    for key in said:
        assert f"{seeds(*key).mean():.1f}" in text, key
    for pool in ("max+blur", "polyphase"):
        gain = seeds("moved", "moved", "gap", pool) - seeds("moved", "moved", "gap", "max")
        assert str(results.interval(gain)) in text


def test_chapter_9_and_the_claim_say_what_the_table_says() -> None:
    sides = []
    for *recipe, pool in max_against_average.settings():
        if pool == "max":
            named: dict[str, Any] = dict(
                zip(("images", "norm", "head", "optimizer", "epochs"), recipe, strict=True)
            )
            one, other = (
                results.by_seed("max_against_average", "accuracy", **named, pool=p)
                for p in ("max", "average")
            )
            sides.append(results.interval(one - other).side)
    above, below, open_ = (sides.count(side) for side in ("above", "below", "holds 0"))
    rows = f"Max is ahead in {above} of the {len(sides)} rows, average in {below}, and {open_} are open."
    assert rows in prose("book/09_does_max_beat_average")
    assert f"max is ahead in {above} recipes, average in {below}, and {open_} are open" in prose(
        "book/reference/claims"
    )
