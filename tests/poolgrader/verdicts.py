"""Write the verdict on every known implementation to a file, and compare two such files.

A change that only moves code must change no verdict.

python -m tests.poolgrader.verdicts write before.json --seeds 2     # in one checkout
python -m tests.poolgrader.verdicts write after.json --seeds 2      # in the other
python -m tests.poolgrader.verdicts compare before.json after.json
"""

from __future__ import annotations

import argparse
import json
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from poolgrader import mutation
from poolgrader.judging.feedback import as_text, reason_of
from poolgrader.questions import find

Verdicts = dict[str, list[object]]  # points, status, reason and text, by question, implementation and seed


def verdicts_of(question_id: str, count: int) -> Verdicts:
    """The verdicts on all implementations of a question; pairs of mistakes with the public seed alone."""
    warnings.simplefilter("ignore")
    question = find(question_id)
    found: Verdicts = {}
    for entry in mutation.entries(question):
        for number, seed in enumerate(mutation.seeds(question, count)):
            if number == 0 or entry.kind != "pair":
                verdict = entry.verdict(seed)
                key = f"{question_id} {entry.kind} {entry.name} {seed}"
                found[key] = [verdict.points, verdict.status, reason_of(verdict), as_text(verdict)]
    return found


def write(path: Path, count: int) -> None:
    """Write all verdicts of the course to a file."""
    found: Verdicts = {}
    asked = mutation.all_questions()
    with ProcessPoolExecutor(initializer=mutation.silent) as processes:
        for some in processes.map(verdicts_of, asked, [count] * len(asked)):
            found |= some
    path.write_text(json.dumps(found, indent=0, sort_keys=True), encoding="utf-8")
    print(f"{len(found)} verdicts")


def compare(before: Path, after: Path) -> int:
    """Print what differs between two files; give 1 if marks or the lists of verdicts differ, else 0."""
    one, other = (json.loads(path.read_text(encoding="utf-8")) for path in (before, after))
    both = one.keys() & other.keys()
    marks = sorted(key for key in both if one[key][:3] != other[key][:3])
    texts = sorted(key for key in both if one[key][3] != other[key][3])
    print(f"{len(one)} before, {len(other)} after, {len(both)} in both")
    print(f"{len(marks)} differ in points, status or reason, {len(texts)} in the text")
    for key in [*marks, *texts][:20]:
        print(f"  {key}: {one[key][:3]} {other[key][:3]}")
    return 1 if marks or one.keys() != other.keys() else 0


def main() -> int:
    """Write verdicts or compare two files, as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    doing = parser.add_subparsers(dest="do", required=True)
    writing = doing.add_parser("write")
    writing.add_argument("path", type=Path)
    writing.add_argument("--seeds", type=int, default=2)
    comparing = doing.add_parser("compare")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    chosen = parser.parse_args()
    if chosen.do == "compare":
        return compare(chosen.before, chosen.after)
    write(chosen.path, chosen.seeds)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
