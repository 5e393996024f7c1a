"""What keeps the project small enough to be read."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


# What pools nothing itself is held apart: it draws, or chooses who pools.
APART = {"drawing": ({"figures.py", "pictures.py"}, 400), "choosing": ({"dispatch.py", "compiled.py"}, 440)}


# Each can be shown in a chapter.
KERNELS = ("kernel.cpp", "on_cuda.py")


def lines_of(name: str) -> int:
    return len((ROOT / "poolkit" / name).read_text(encoding="utf-8").splitlines())


def test_poolkit_stays_small() -> None:
    lines = {p.name: lines_of(p.name) for p in (ROOT / "poolkit").glob("*.py") if p.name not in KERNELS}
    for files, bound in APART.values():
        assert 0 < sum(lines.pop(name) for name in files) <= bound
    assert 0 < sum(lines.values()) <= 2500


@pytest.mark.parametrize("name", KERNELS)
def test_each_kernel_stays_small(name: str) -> None:
    assert 0 < lines_of(name) <= 200
