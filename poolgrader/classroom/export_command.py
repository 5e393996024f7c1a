"""The command `export`: it writes marks as CSV, for people to read or for Canvas or Moodle to import."""

from __future__ import annotations

import argparse
from pathlib import Path

from poolgrader.classroom.hidden_names import hidden_names, keep
from poolgrader.classroom.run.options import AddCommand
from poolgrader.classroom.terminal import say, say_first


def add_export(verb: AddCommand) -> None:
    """Add this command to the parser.

    Args:
        verb: makes a parser for a function, with --folder and its default.
    """
    parser = verb(export, "grading")
    parser.add_argument("--assignment", required=True, help="the assignment, such as 03_sorting")
    parser.add_argument(
        "--roster", help="the LMS's list of the class; the file is made for this LMS to import"
    )
    parser.add_argument("--to", help="the file (default: FOLDER/exports/...)")
    parser.add_argument(
        "--column", default="", help="Canvas: the assignment's column, by name, title or number"
    )
    parser.add_argument(
        "--scale", action="store_true", help="convert marks where the LMS counts other points"
    )
    parser.add_argument("--anonymous", action="store_true", help="leave out learners' names")


def export(arguments: argparse.Namespace) -> int:
    """Write marks as CSV: for people, or with --roster for the LMS that the list came from."""
    from poolgrader.classroom.exports.for_lms import lms_csv
    from poolgrader.classroom.exports.for_people import marks_csv
    from poolgrader.classroom.gradebook.marks import read_marks
    from poolgrader.classroom.gradebook.older_marks import older_marks
    from poolgrader.classroom.lms.read_roster import read_roster
    from poolgrader.classroom.lms.roster import RosterError
    from poolgrader.classroom.run.result import kept_results

    folder = Path(arguments.folder)
    marks = read_marks(folder, arguments.assignment)
    if not marks:
        raise SystemExit(
            f"export: no marks of {arguments.assignment!r} in {folder / 'gradebook.db'}; grade first"
        )
    results = kept_results(folder, arguments.assignment)
    try:
        if arguments.roster and arguments.anonymous:
            raise SystemExit(
                "export: an LMS needs to know whose mark it is; --anonymous goes without --roster"
            )
        hidden = hidden_names(folder) if arguments.anonymous else None
        if arguments.roster:
            roster = read_roster(Path(arguments.roster))
            content, notes = lms_csv(
                roster, arguments.assignment, marks, results, arguments.column, arguments.scale
            )
            name = f"{arguments.assignment}-{roster.lms.lower()}.csv"
        else:
            content, notes = marks_csv(arguments.assignment, marks, results, hidden)
            name = f"{arguments.assignment}{'-anonymous' if hidden else ''}.csv"
    except RosterError as error:
        raise SystemExit(f"export: {error}") from None
    keep(hidden, folder)
    path = Path(arguments.to) if arguments.to else folder / "exports" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    for learner, lines in older_marks(folder, arguments.assignment, marks).items():
        notes += [f"{hidden.of(learner) if hidden else learner}: {line}" for line in lines.values()]
    say_first(notes, "")
    say(f"Wrote {path}: {len(marks)} learners")
    return 0
