"""What keeps the project small enough to be read."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


DRAWING = {"figures.py", "pictures.py"}  # draws pooling, and pools nothing


def test_poolkit_stays_small() -> None:
    lines = {p.name: len(p.read_text(encoding="utf-8").splitlines()) for p in (ROOT / "poolkit").glob("*.py")}
    drawing = sum(lines.pop(name) for name in DRAWING)
    assert 0 < drawing <= 400
    assert 0 < sum(lines.values()) <= 2500
