"""What keeps the project small enough to be read."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_poolkit_stays_small() -> None:
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / "poolkit").glob("*.py"))
    assert 0 < lines <= 2500
