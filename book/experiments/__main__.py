"""`python -m book.experiments`: make the tables of chapters 8 and 9, or continue unfinished ones."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from book.experiments import tables
from book.experiments.queue_of_runs import NAMES, experiment_of, make


def main() -> None:
    """Make the tables that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m book.experiments", description=__doc__)
    parser.add_argument("names", nargs="*", default=[], help=f"some of: {', '.join(NAMES)}; none: all")
    parser.add_argument("--into", type=Path, default=tables.SHIPPED, help="folder of the tables")
    parser.add_argument("--afresh", action="store_true", help="delete the tables first")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args()
    names = chosen.names or list(NAMES)
    if chosen.afresh:
        for name in names:
            experiment_of(name).path(chosen.into).unlink(missing_ok=True)
    make(names, chosen.into, chosen.processes)


if __name__ == "__main__":
    main()
