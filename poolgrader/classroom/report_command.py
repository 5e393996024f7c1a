"""The command `report`: it writes the pages of the learners and of the class again, from the kept results."""

from __future__ import annotations

import argparse
from pathlib import Path

from poolgrader.classroom.hidden_names import hidden_names, keep
from poolgrader.classroom.run.options import AddCommand
from poolgrader.classroom.terminal import say


def add_report(verb: AddCommand) -> None:
    """Add this command to the parser.

    Args:
        verb: makes a parser for a function, with --folder and its default.
    """
    parser = verb(report, "grading")
    parser.add_argument("--assignment", help="only this one, such as 03_sorting")
    parser.add_argument("--anonymous", action="store_true", help="leave out learners' names")


def report(arguments: argparse.Namespace) -> int:
    """Write the pages of the learners and the class again from the kept results; no code is run."""
    from poolgrader.classroom.gradebook.marks import read_marks
    from poolgrader.classroom.pages.write_pages import write_pages
    from poolgrader.classroom.run.result import Results

    folder = Path(arguments.folder)
    found = sorted(path.name for path in (folder / "results").glob("*") if path.is_dir())
    wanted = [arguments.assignment] if arguments.assignment else found
    if not wanted or not set(wanted) <= set(found):
        raise SystemExit(
            f"report: nothing of {arguments.assignment or 'any assignment'} was graded in {folder}"
        )
    for assignment in wanted:
        marks = read_marks(folder, assignment)
        hidden = hidden_names(folder) if arguments.anonymous else None
        say(f"Wrote {write_pages(folder, assignment, Results(folder, assignment), hidden, marks)}")
        keep(hidden, folder)
    return 0
