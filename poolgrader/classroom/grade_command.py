"""The command `grade`: it grades a class, and prints the progress, a table, and what is unusual."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

from poolgrader.classroom.bookkeeping import Bookkeeper
from poolgrader.classroom.collect_command import collect_first
from poolgrader.classroom.gradebook.gradebook import GradebookError
from poolgrader.classroom.gradebook.late_lines import in_time, lateness
from poolgrader.classroom.gradebook.marks import read_marks
from poolgrader.classroom.gradebook.older_marks import older_marks
from poolgrader.classroom.hidden_names import hidden_names, keep
from poolgrader.classroom.lock import Busy, locked
from poolgrader.classroom.pages.pseudonyms import Pseudonyms
from poolgrader.classroom.pages.reasons import not_normal
from poolgrader.classroom.pages.write_pages import table, write_pages
from poolgrader.classroom.run import progress
from poolgrader.classroom.run.grade_class import Options, Outcome, grade_class
from poolgrader.classroom.run.jobs import OtherGrader
from poolgrader.classroom.run.plan import Class, plan
from poolgrader.classroom.run.result import Results
from poolgrader.classroom.run.version import grader_version
from poolgrader.classroom.run.workers import WorkersFail
from poolgrader.classroom.secret import SecretError, course_secret
from poolgrader.classroom.terminal import Terminal, say, terminal
from poolgrader.jail.nursery import NoSandbox
from poolgrader.limits import Limits
from poolgrader.questions.finding import current_course
from poolgrader.whole_files import whole_file

CLASS_SCHEMA = Path(__file__).with_name("class.schema.json")
SHOWN = 40  # at most so many rows in the table; of a larger class, only learners with unusual work are shown


def released(assignment: str) -> Path:
    """The learners' notebook of an assignment.

    Raises:
        SystemExit: if there is none.
    """
    found = sorted((current_course().exercises / assignment).glob("*.ipynb"))
    if not found:
        known = sorted(path.name for path in current_course().exercises.glob("*") if path.is_dir())
        near = get_close_matches(assignment, known, n=1)
        meant = (
            f"did you mean {near[0]}?"
            if near
            else f"there are {', '.join(known) or 'none: run `make exercises`'}"
        )
        raise SystemExit(f"grade: {assignment!r} is no assignment of this course; {meant}")
    return found[0]


def grade(arguments: argparse.Namespace) -> int:
    """Grade a class: FOLDER/submitted/<learner>/<assignment>/*.ipynb."""
    folder = Path(arguments.folder)
    # with --zip: what cannot be taken from the zip is printed; the rest is graded
    collected = collect_first(arguments)
    submitted = folder / "submitted"
    if not submitted.is_dir():
        raise SystemExit(f"grade: expected submissions under {submitted}/<learner>/<assignment>/, found none")
    found = sorted({path.name for path in submitted.glob("*/*") if _is_assignment(path)})
    wanted = [arguments.assignment] if arguments.assignment else found
    if not wanted:
        raise SystemExit(f"grade: no submission under {submitted} is for an assignment of this course")
    for assignment in wanted:
        released(assignment)
    if arguments.learner:
        wanted, named = (
            [name for name in wanted if _chosen(submitted, name, arguments.learner)],
            ", ".join(wanted),
        )
        if not wanted:
            raise SystemExit(f"grade: no learner of that name has handed in {named}, under {submitted}")
    with told("grade"):
        secret = course_secret(folder.resolve().parent)
        with contextlib.nullcontext() if arguments.dry_run else locked(folder):
            status = max(collected, *(graded(folder, assignment, secret, arguments) for assignment in wanted))
    for line in passed_over(submitted, arguments.anonymous):
        say(line, stderr=True)
    return status


def _is_assignment(path: Path) -> bool:
    return (current_course().exercises / path.name).is_dir()


def _chosen(submitted: Path, assignment: str, patterns: Sequence[str]) -> bool:
    learners = [path.parent.name for path in submitted.glob(f"*/{assignment}")]
    return any(fnmatchcase(learner, pattern) for learner in learners for pattern in patterns)


def passed_over(submitted: Path, anonymous: bool) -> list[str]:
    """A line for each file or folder in submitted/ that is no submission: none is skipped silently."""
    places = sorted(path for path in submitted.glob("*/*") if not path.name.startswith("."))
    odd = [path for path in places if not (path.is_dir() and _is_assignment(path))]
    if anonymous:
        return (
            [f"not graded: {len(odd)} folders or files, none of which is an assignment of this course"]
            if odd
            else []
        )
    lines = [
        f"not graded: {path.relative_to(submitted)} is no assignment of this course" for path in odd[:SHOWN]
    ]
    return [*lines, *([f"... and {len(odd) - SHOWN} more"] if len(odd) > SHOWN else [])]


@contextlib.contextmanager
def told(verb: str) -> Iterator[None]:
    """Turn expected errors into a one-line message and an exit status; what was graded before is kept."""
    try:
        yield
    except (NoSandbox, OtherGrader, WorkersFail, GradebookError, Busy, SecretError) as error:
        raise SystemExit(f"{verb}: {error}") from None
    except KeyError as error:
        raise SystemExit(f"{verb}: {error.args[0]}") from None
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        kept = "What was graded is kept. Solve this problem, then grade again: nothing is run twice."
        raise SystemExit(f"{verb}: {error.strerror or error}{where}. {kept}") from None
    except KeyboardInterrupt:
        say(f"{verb}: stopped. What was graded is kept; the same command goes on.", stderr=True)
        raise SystemExit(130) from None


@dataclass
class Tally:
    """The counts of a run, and lines about unusual submissions.

    Args:
        how: the number of submissions for each value of Outcome.how.
        sandboxes: the number of results for each sandbox that code ran in.
        kept: the number of kept results for each reason to keep them.
        notes: lines about unusual submissions, by learner.
    """

    how: Counter[str] = field(default_factory=Counter)
    sandboxes: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    notes: dict[str, list[str]] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        """Count an outcome, and note what is unusual about it."""
        self.how[outcome.how] += 1
        lines = [f"needs autograding: {outcome.why}"] if outcome.how == "set aside" else []
        if outcome.how == "kept" and outcome.why:  # printed once for all results with this reason
            self.kept[outcome.why] += 1
        if outcome.note:
            lines.append(outcome.note)
        if outcome.result:
            if not outcome.result["problem"]:
                self.sandboxes[outcome.result["sandbox"]] += 1
            lines += not_normal(outcome.result)
        if lines:
            self.notes[outcome.learner] = lines


def graded(folder: Path, assignment: str, secret: bytes, arguments: argparse.Namespace) -> int:
    """Grade one assignment of a class and print the outcome; return the exit status."""
    limits = Limits(cell=arguments.cell_seconds, call=arguments.call_seconds)
    course = Class(
        folder, assignment, released(assignment), secret, limits, arguments.sandbox, arguments.memory << 20
    )
    options = Options(
        learners=tuple(getattr(arguments, "learner", None) or ("*",)),
        questions=tuple(getattr(arguments, "question", ())),
        regrade=arguments.regrade,
        workers=arguments.workers,
        seconds=arguments.submission_seconds,
        scheduler=getattr(arguments, "scheduler", ""),
    )
    to_stdout = arguments.json == "-"
    console = terminal(stderr=to_stdout)
    hidden = hidden_names(folder) if getattr(arguments, "anonymous", False) else None
    if getattr(arguments, "dry_run", False):
        return _foretell(course, options, console, hidden)
    before = in_time(folder, assignment)
    tally = _run(course, options, console)
    marks = read_marks(folder, assignment)
    for learner, line in lateness(marks, before).items():
        tally.notes.setdefault(learner, []).append(line)
    for learner, lines in older_marks(folder, assignment, marks).items():
        tally.notes.setdefault(learner, []).extend(lines.values())
    page = write_pages(folder, assignment, Results(folder, assignment), hidden, marks)
    _show(course, tally, console, hidden)
    console.say(f"Gradebook: {folder / 'gradebook.db'}")
    console.say(f"Feedback:  {page}")
    if arguments.json:
        _write_json(course, tally, arguments.json, hidden)
    keep(hidden, folder)
    return 1 if tally.how["set aside"] else 0


def _run(course: Class, options: Options, console: Terminal) -> Tally:
    tally = Tally()
    with (
        contextlib.closing(Bookkeeper(course, current_course().root)) as books,
        progress.shown(course.assignment, console) as bar,
    ):
        try:
            for outcome in grade_class(course, options, bar.planned):
                tally.add(outcome)
                books.add(outcome)
                bar.advance(outcome)
        finally:  # also if the run ends early: what was graded must be in the gradebook
            books.flush()
        for learner, line in books.problems.items():
            tally.notes.setdefault(learner, []).append(line)
    return tally


def _foretell(course: Class, options: Options, console: Terminal, hidden: Pseudonyms | None) -> int:
    counted: Counter[str] = Counter()
    for step in plan(course, course.learners(options.learners), options.questions, options.regrade):
        counted[step.do] += 1
        if step.why or step.do == "grade":
            console.say(_line(step.learner, f"{step.do}{f' ({step.why})' if step.why else ''}", hidden))
    console.say(
        f"{course.assignment}: {counted['grade']} to grade, {counted['keep']} results stand, "
        f"{counted['set aside']} cannot be graded. Nothing was written."
    )
    return 0


def _line(learner: str, text: str, hidden: Pseudonyms | None) -> str:
    """A line about a learner; if names are hidden, with the pseudonym."""
    return f"{hidden.of(learner)}: {hidden.hide(learner, text)}" if hidden else f"{learner}: {text}"


def _show(course: Class, tally: Tally, console: Terminal, hidden: Pseudonyms | None) -> None:
    """Print the table, then the notes on learners, then the numbers.

    The table of a large class has only the learners whose work is unusual.
    """
    learners = course.learners()
    few = learners if len(learners) <= SHOWN else [name for name in learners if name in tally.notes][:SHOWN]
    if few:
        console.print(table(course.assignment, Results(course.folder, course.assignment, few)[:], hidden))
    lines = [
        (name, line) for name, lines in sorted(tally.notes.items()) for line in lines if _not_in_table(line)
    ]
    for name, line in lines[:SHOWN]:
        console.say(_line(name, line, hidden))
    if len(lines) > SHOWN or len(few) < min(len(learners), len(tally.notes)):
        console.say(f"... and more: {len(tally.notes)} learners' work is not normal; the report has all.")
    for why, count in sorted(tally.kept.items()):
        console.say(f"{count} of {sum(tally.how.values())} results stand as they were: {why}.")
    for sandbox in tally.sandboxes:
        console.say(f"The sandbox around learners' code: {sandbox}.")
    if len(learners) > SHOWN or tally.how["kept"] or tally.how["set aside"]:
        numbers = ", ".join(f"{count} {how}" for how, count in sorted(tally.how.items()))
        console.say(f"Submissions: {numbers}.")


def _not_in_table(line: str) -> bool:
    """Whether a line says something that the table does not."""
    return line.startswith(
        ("needs autograding", "timestamp", "handed in", "graded without", "mark by hand", "late by")
    )


def _write_json(course: Class, tally: Tally, target: str, hidden: Pseudonyms | None) -> None:
    """Write all results of an assignment as one JSON document, which class.schema.json describes.

    Each result is written as soon as it is read, so that they are not all in memory at once.
    """
    pieces = _json_pieces(course, tally, hidden)
    if target == "-":
        sys.stdout.writelines(pieces)
        return
    with whole_file(Path(target)) as file:
        file.writelines(piece.encode() for piece in pieces)


def _json_pieces(course: Class, tally: Tally, hidden: Pseudonyms | None) -> Iterator[str]:
    head = {
        "format": 1,
        "assignment": course.assignment,
        "grader": grader_version(course.assignment),
        "counts": dict(sorted(tally.how.items())),
        "kept": dict(sorted(tally.kept.items())),
        "not_normal": {
            hidden.of(name) if hidden else name: [
                hidden.hide(name, line) if hidden else line for line in lines
            ]
            for name, lines in sorted(tally.notes.items())
        },
    }
    yield json.dumps(head, indent=1)[:-2] + ',\n "results": ['
    for number, result in enumerate(Results(course.folder, course.assignment)):
        yield (",\n" if number else "\n") + json.dumps(hidden.of_result(result) if hidden else result)
    yield "\n ]\n}\n"
