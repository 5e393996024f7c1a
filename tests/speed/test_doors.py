"""Both benchmark programs run from end to end on small shapes, the second one only if there is a GPU."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import torch

from benchmarks import pooling, pooling_gpu
from benchmarks.speed.cases import SMOKE
from benchmarks.speed.paths import PATHS
from benchmarks.speed.record import SECTIONS


@pytest.mark.slow
def test_a_small_run_fills_every_section(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, before = tmp_path / "pooling.json", torch.get_num_threads()
    try:
        assert pooling.main(["--smoke", "--into", str(file)]) == 0
    finally:
        torch.set_num_threads(before)
    made = json.loads(file.read_text(encoding="utf-8"))
    assert all(made[section] or section == "memory" for section in SECTIONS)
    assert {row["case"] for row in made["rows"]} == set(SMOKE)
    assert {row["threads"] for row in made["rows"]} == {1}
    printed = capsys.readouterr().out
    assert "Goals, one thread" in printed
    assert f"torch {torch.__version__}" in printed
    left = json.dumps({**made, "rows": made["rows"][:-1]})
    file.write_text(left, encoding="utf-8")
    assert pooling.main(["--smoke", "--resume", "--into", str(file)]) == 0
    assert json.loads(file.read_text(encoding="utf-8")) == json.loads(left), (
        "a resumed run must not measure again"
    )


def test_without_a_gpu_the_gpu_benchmark_prints_a_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert pooling_gpu.main([]) == 0
    assert capsys.readouterr().out == "no CUDA device: nothing to measure\n"


def test_bandwidth_is_given_as_a_share_of_a_copys_bandwidth(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check the arithmetic with a made-up clock.

    A copy moves 8 bytes for each number, and takes twice as long as the pooling.
    """

    def clock(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
        return {name: [2.0 if name == "copy" else 1.0] * rounds for name in calls}

    monkeypatch.setattr(torch.Tensor, "cuda", lambda self: self)
    monkeypatch.setattr(pooling_gpu, "interleaved", clock)
    monkeypatch.setattr(pooling_gpu, "copied", lambda elements: (lambda: None, 8 * elements))
    case = SMOKE["B"]
    rows = pooling_gpu.rows_of(case, {"native": PATHS[0]}, 3, 8000)
    forward = next(row for row in rows if row["path"] == "native" and not row["backward"])
    moved = 4 * (1 * 3 * 30 * 40 + 1 * 3 * 15 * 20)
    assert forward["of_copy"] == pytest.approx(2 * moved / 8000)
    assert [row["of_native"] for row in rows if row["path"] == "copy"] == [2.0] * 4
    assert "max B, with gradients" in pooling_gpu.table(rows).text()


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_small_run_on_a_device(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "gpu.json"
    assert pooling_gpu.main(["--smoke", "--into", str(file)]) == 0
    rows = json.loads(file.read_text(encoding="utf-8"))["rows"]
    assert {row["path"] for row in rows} >= {"copy", "native", "native-last", "compile", "auto"}
    for row in rows:
        if row[
            "wrong"
        ]:  # a wrong result of torch itself, in one of its versions; poolkit's would have raised
            continue
        assert statistics.median(row["ms"]) > 0
        assert row["of_copy"] is None or 0 < row["of_copy"] < 1.2, (
            "no pooling may move its bytes faster than a copy"
        )
    assert "On the GPU" in capsys.readouterr().out
