"""The command `collect`: it takes submissions from an LMS's zip. `grade --zip` does the same first."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from poolgrader.classroom.hidden_names import hidden_names, keep
from poolgrader.classroom.run.options import DUE_HELP, ZONE_HELP, AddCommand
from poolgrader.classroom.terminal import say, say_first
from poolgrader.questions.finding import current_course

if TYPE_CHECKING:
    from poolgrader.classroom.handed_in.intake import CollectedZip
    from poolgrader.classroom.lms.roster import Learner
    from poolgrader.classroom.pages.pseudonyms import Pseudonyms


def add_collect(verb: AddCommand) -> None:
    """Add this command to the parser.

    Args:
        verb: makes a parser for a function, with --folder and its default.
    """
    parser = verb(collect, "grading")
    parser.add_argument(
        "zip", help="as Canvas ('Download Submissions') or Moodle ('Download all submissions') gives it"
    )
    parser.add_argument("--assignment", required=True, help="the assignment, such as 03_sorting")
    parser.add_argument(
        "--roster", required=True, help="Canvas's exported gradebook, or Moodle's grading worksheet"
    )
    parser.add_argument("--due", help=f"{DUE_HELP}; kept in the gradebook")
    parser.add_argument("--timezone", help=ZONE_HELP)
    parser.add_argument(
        "--force", action="store_true", help="overwrite work that is newer, or did not come from a zip"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
    parser.add_argument("--anonymous", action="store_true", help="leave out learners' names")


def collect(arguments: argparse.Namespace) -> int:
    """Take in a zip from Canvas or Moodle: write FOLDER/submitted/<learner>/<assignment>/*.ipynb.

    A second run with the same zip changes nothing.
    """
    from poolgrader.classroom.gradebook.gradebook import GradebookError, explained, prepare
    from poolgrader.classroom.handed_in.archive import ArchiveError
    from poolgrader.classroom.handed_in.intake import Target
    from poolgrader.classroom.handed_in.intake import collect as take_in
    from poolgrader.classroom.lms.read_roster import read_roster
    from poolgrader.classroom.lms.roster import RosterError
    from poolgrader.classroom.lock import Busy, locked

    folder = Path(arguments.folder)
    released = sorted((current_course().exercises / arguments.assignment).glob("*.ipynb"))
    if not released:
        raise SystemExit(f"collect: expected an assignment of this course, got {arguments.assignment!r}")
    zone = _zone(arguments.timezone or "UTC")
    due = _due(arguments.due, zone) if arguments.due else None
    applies = due or _due_of(folder, arguments.assignment)
    if applies:
        _say_due(applies, zone, not due, not arguments.timezone)
    target = Target(
        folder,
        arguments.assignment,
        released[0].name,
        zone,
        applies,
        arguments.force,
        arguments.dry_run,
    )
    try:
        roster = read_roster(Path(arguments.roster))
        with contextlib.nullcontext() if arguments.dry_run else locked(folder):
            done = take_in(Path(arguments.zip), roster, target)
            if due and not arguments.dry_run:
                prepare(current_course().root, folder, arguments.assignment)
            if not arguments.dry_run:
                with explained(folder):
                    _tell_gradebook(folder, arguments.assignment, due, roster)
    except (ArchiveError, RosterError, GradebookError, Busy) as error:
        raise SystemExit(f"collect: {error}") from None
    except OSError as error:
        raise SystemExit(
            f"collect: {error}. What was taken in is kept; run the same command again."
        ) from None
    hidden = hidden_names(folder, roster) if arguments.anonymous else None
    _say(done, roster.lms, hidden, arguments.dry_run)
    if not arguments.dry_run:
        keep(hidden, folder)
    return 1 if done.problems else 0


def collect_first(arguments: argparse.Namespace) -> int:
    """For `grade --zip`: run `collect` before anything is graded; return its exit status."""
    if not arguments.zip:
        return 0
    if not arguments.roster or not arguments.assignment:
        raise SystemExit(
            "grade: --zip needs --roster, the list of the class, and --assignment, which the zip is for"
        )
    arguments.force = False
    return collect(arguments)


def _due(text: str, zone: ZoneInfo) -> datetime:
    from poolgrader.classroom.handed_in.due import DueError, read_due

    try:
        return read_due(text, zone)
    except DueError as error:
        raise SystemExit(f"collect: --due: {error}") from None


def _say_due(due: datetime, zone: ZoneInfo, kept: bool, unnamed: bool) -> None:
    """Print the due date as it was understood, because a wrong one would cost the class marks."""
    from poolgrader.classroom.handed_in.due import told

    say(
        f"due: {told(due, zone)}{', as the gradebook has it' if kept else ''}"
        f"{'; --timezone names another zone' if unnamed else ''}"
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise SystemExit(
            f"collect: --timezone: expected a name such as Europe/Vienna, got {name!r}"
        ) from None


def _due_of(folder: Path, assignment: str) -> datetime | None:
    """The due date in the gradebook, or None."""
    from nbgrader.api import MissingEntry

    from poolgrader.classroom.gradebook.gradebook import opened

    if not (folder / "gradebook.db").exists():
        return None
    try:
        with opened(folder) as gradebook:
            due = gradebook.find_assignment(assignment).duedate
    except MissingEntry:
        return None
    return due.replace(tzinfo=UTC) if isinstance(due, datetime) else None


def _tell_gradebook(folder: Path, assignment: str, due: datetime | None, learners: Iterable[Learner]) -> None:
    from poolgrader.classroom.gradebook.gradebook import opened
    from poolgrader.classroom.handed_in.intake import register

    folder.mkdir(parents=True, exist_ok=True)
    with opened(folder) as gradebook:
        register(gradebook, learners)
        if due:
            gradebook.update_or_create_assignment(assignment, duedate=due.replace(tzinfo=None))


def _say(done: CollectedZip, lms: str, hidden: Pseudonyms | None, dry_run: bool) -> None:
    """Print what was taken from a zip. If names are hidden, files of unknown learners are not named."""
    for title, notes in (("", done.problems), ("note: ", done.notes)):
        if hidden:
            lines = [
                f"{hidden.of(note.learner) if note.learner else 'nobody known'}: {note.reason}"
                for note in notes
            ]
        else:
            lines = [str(note) for note in notes]
        say_first(lines, title)
    names = [
        hidden.of(learner.folder) if hidden else f"{learner.name} ({learner.folder})"
        for learner in done.missing
    ]
    say_first(names, "handed in nothing: ")
    would = "would be " if dry_run else ""
    say(
        f"{lms}: {len(done.written)} {would}written, {len(done.unchanged)} there already, {len(done.late)} "
        f"late, {len(done.problems)} not taken, {len(done.missing)} handed in nothing"
    )
