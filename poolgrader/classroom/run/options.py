"""The options of `grade` and `sample`, in a module of their own so that --help loads no large library."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from poolgrader.jail.nursery import SANDBOXES
from poolgrader.limits import MEMORY, SUBMISSION_SECONDS, Limits

# What runs a command; and what adds a command to the parser, given that function and the default of --folder.
Command = Callable[[argparse.Namespace], int]
AddCommand = Callable[[Command, str], argparse.ArgumentParser]

DUE_HELP = (
    "when the work is due, such as 2026-03-01 (the end of that day) or 2026-03-01T12:00, in the time zone of "
    "--timezone"
)
ZONE_HELP = "time zone of --due and of the LMS's dates, such as Europe/Vienna (default: UTC)"
SANDBOX_HELP = "the sandbox for learners' code (default: the best that works here; none: no sandbox at all)"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that both `grade` and `sample` have."""
    limits = Limits()
    parser.add_argument(
        "--workers", type=_positive, help="submissions graded at once (default: one per core)"
    )
    parser.add_argument("--regrade", action="store_true", help="also grade what has a result already")
    parser.add_argument("--sandbox", choices=SANDBOXES, default="auto", help=SANDBOX_HELP)
    parser.add_argument(
        "--cell-seconds",
        type=_seconds,
        default=limits.cell,
        help="time limit for one cell (default: %(default)g)",
    )
    parser.add_argument(
        "--call-seconds",
        type=_seconds,
        default=limits.call,
        help="time limit for one call (default: %(default)g)",
    )
    parser.add_argument(
        "--submission-seconds",
        type=_seconds,
        default=SUBMISSION_SECONDS,
        help="time limit for a whole notebook; after it the notebook is set aside (default: %(default)g)",
    )
    parser.add_argument(
        "--memory",
        type=_positive,
        default=MEMORY >> 20,
        help="MiB for a learner's process (default: %(default)s)",
    )
    parser.add_argument(
        "--json", metavar="FILE", help="also write the results to FILE; - for standard output"
    )


def add_choices(parser: argparse.ArgumentParser) -> None:
    """Add the options that only `grade` has."""
    parser.add_argument("--assignment", help="only this one, such as 03_sorting")
    parser.add_argument(
        "--learner",
        action="append",
        help="only this learner, or those who match a pattern with * and ?; may be repeated",
    )
    parser.add_argument(
        "--question",
        action="append",
        default=[],
        help="grade only this one again, such as 3.2; the other marks stay; may be repeated",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would be graded, and why; write nothing"
    )
    parser.add_argument(
        "--scheduler",
        default="",
        help="address of a Dask scheduler, such as tcp://10.0.0.5:8786, to grade on many machines",
    )
    parser.add_argument(
        "--anonymous",
        action="store_true",
        help="leave learners' names out of the report and of what is printed",
    )
    parser.add_argument(
        "--zip",
        help="first take in this zip from Canvas or Moodle, as `collect` does; needs --roster, --assignment",
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
