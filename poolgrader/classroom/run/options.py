"""The options of `grade` and `sample`, apart from what they lead to: --help loads no library."""

from __future__ import annotations

import argparse

from poolgrader.jail.nursery import SANDBOXES
from poolgrader.jail.parent import Limits

MEMORY = 2 * 2**30  # bytes for a learner's process
SUBMISSION_SECONDS = 900.0  # for a whole notebook, before it is set aside
DUE_HELP = (
    "when it is due, as 2026-03-01 (the end of that day) or 2026-03-01T12:00, on the clocks of --timezone"
)
ZONE_HELP = "of --due and of the LMS's dates, as Europe/Vienna (default: UTC)"
SANDBOX_HELP = "what learners' code runs behind (default: the best that stands; none: no walls at all)"


def add_options(parser: argparse.ArgumentParser) -> None:
    """What both `grade` and `sample` take."""
    limits = Limits()
    parser.add_argument("--workers", type=_positive, help="submissions graded at once (default: one a core)")
    parser.add_argument("--regrade", action="store_true", help="grade again what has a result")
    parser.add_argument("--sandbox", choices=SANDBOXES, default="auto", help=SANDBOX_HELP)
    parser.add_argument(
        "--cell-seconds", type=_seconds, default=limits.cell, help="for one cell (default: %(default)g)"
    )
    parser.add_argument(
        "--call-seconds", type=_seconds, default=limits.call, help="for one call (default: %(default)g)"
    )
    parser.add_argument(
        "--submission-seconds",
        type=_seconds,
        default=SUBMISSION_SECONDS,
        help="for a whole notebook, before it is set aside ungraded (default: %(default)g)",
    )
    parser.add_argument(
        "--memory",
        type=_positive,
        default=MEMORY >> 20,
        help="MiB for a learner's process (default: %(default)s)",
    )
    parser.add_argument(
        "--json", metavar="FILE", help="write the results there as well; - for standard output"
    )


def add_choices(parser: argparse.ArgumentParser) -> None:
    """What `grade` alone takes."""
    parser.add_argument("--assignment", help="only this one, as 03_sorting")
    parser.add_argument(
        "--learner", action="append", help="only these; * and ? stand for others; may be repeated"
    )
    parser.add_argument(
        "--question",
        action="append",
        default=[],
        help="grade only this one again, as 3.2; the others' marks stay; may be repeated",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be graded, and why; write nothing"
    )
    parser.add_argument(
        "--scheduler",
        default="",
        help="address of a Dask scheduler, as tcp://10.0.0.5:8786, for many machines",
    )
    parser.add_argument(
        "--anonymous",
        action="store_true",
        help="leave learners' names out of the report and of what is printed",
    )
    parser.add_argument(
        "--zip",
        help="take this zip of Canvas or Moodle in before, as `collect` does; "
        "needs --roster and --assignment",
    )
    parser.add_argument(
        "--roster", help="with --zip: Canvas's exported gradebook, or Moodle's grading worksheet"
    )
    parser.add_argument("--due", help=f"with --zip: {DUE_HELP}")
    parser.add_argument("--timezone", help=f"with --zip: {ZONE_HELP}")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected 1 or more, got {text}")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"expected more than 0, got {text}")
    return number
