"""What keeps the project small enough to be read."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


# What pools nothing itself is held apart: it draws, or chooses who pools.
APART = {"drawing": ({"figures.py", "pictures.py"}, 400), "choosing": ({"dispatch.py", "compiled.py"}, 400)}


def test_poolkit_stays_small() -> None:
    lines = {p.name: len(p.read_text(encoding="utf-8").splitlines()) for p in (ROOT / "poolkit").glob("*.py")}
    for files, bound in APART.values():
        assert 0 < sum(lines.pop(name) for name in files) <= bound
    assert 0 < sum(lines.values()) <= 2500


def test_the_kernel_stays_small() -> None:
    assert 0 < len((ROOT / "poolkit" / "kernel.cpp").read_text(encoding="utf-8").splitlines()) <= 200
