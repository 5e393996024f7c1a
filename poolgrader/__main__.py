"""The instructor's commands: `python -m poolgrader VERB`. Each verb lists its options with --help."""

from __future__ import annotations

import argparse
import atexit
import gc
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from poolgrader.classroom.collect_command import add_collect
from poolgrader.classroom.export_command import add_export
from poolgrader.classroom.report_command import add_report
from poolgrader.classroom.run import options as grade_options
from poolgrader.classroom.run.result import NewerResult
from poolgrader.classroom.terminal import plain
from poolgrader.jail.nursery import NoSandbox
from poolgrader.questions import find
from poolgrader.questions.course import CourseError
from poolgrader.questions.finding import choose, current_course

MOST_SEEDS = 20  # at most, for each of some 40,000 generated answers
Row = TypeVar("Row")


def exercises(arguments: argparse.Namespace) -> int:
    """Generate the learners' notebooks from their sources."""
    from poolgrader import learner_notebooks

    course = current_course()
    into = Path(arguments.into).resolve() if arguments.into else course.exercises
    try:
        written = learner_notebooks.generate(course, into, arguments.chapter)
    except KeyError as error:
        raise SystemExit(f"exercises: {error.args[0]}") from None
    for path in written:
        print(f"wrote {path.relative_to(course.root) if path.is_relative_to(course.root) else path}")
    return 0


def learn(arguments: argparse.Namespace) -> int:
    """Open JupyterLab on a working copy of exercises/; a file that is there already is never overwritten."""
    work = Path(arguments.folder)
    exercises = current_course().exercises
    for source in sorted(exercises.rglob("*.ipynb")):
        target = work / source.relative_to(exercises)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            print(f"copied {target}")
    if arguments.copy_only:
        return 0
    lab = [sys.executable, "-m", "jupyter", "lab", f"--notebook-dir={work}", *arguments.rest]
    return subprocess.run(lab, check=False).returncode


def sample(arguments: argparse.Namespace) -> int:
    """Make the sample class, grade it, and show its table of marks.

    One learner's file is broken on purpose. It is set aside, and the exit status is 0 all the same.
    """
    from poolgrader.classroom import grade_command
    from poolgrader.classroom import sample as made
    from poolgrader.classroom.lock import locked
    from poolgrader.classroom.secret import TEST_SECRET

    folder = Path(arguments.folder)
    with grade_command.told("sample"), locked(folder):
        assignment = made.sample_class().assignment
        made.write(grade_command.released(assignment), folder)
        arguments.regrade = arguments.regrade or made.stale(folder)
        try:
            grade_command.graded(folder, assignment, TEST_SECRET, arguments)
        except NoSandbox as error:
            print(
                f"{error}\nThe sample class is our own code, so it is graded without a sandbox.",
                file=sys.stderr,
            )
            arguments.sandbox = "none"
            grade_command.graded(folder, assignment, TEST_SECRET, arguments)
    return 0


def grade(arguments: argparse.Namespace) -> int:
    """Grade a class: FOLDER/submitted/<learner>/<assignment>/*.ipynb."""
    from poolgrader.classroom import grade_command

    return grade_command.grade(arguments)


def mutation(arguments: argparse.Namespace) -> int:
    """Have every known implementation graded, print the matrix of the verdicts, and write its page."""
    from poolgrader import mutation as matrix
    from poolgrader.slips import trial

    try:
        chosen = (
            [find(arguments.question).id] if arguments.question else matrix.all_questions(arguments.chapter)
        )
    except KeyError as error:
        raise SystemExit(f"mutation: {error.args[0]}") from None
    if arguments.generated:
        return _generated(chosen, min(arguments.seeds, MOST_SEEDS))
    rows = _with_progress(matrix.matrix(chosen, arguments.seeds), len(chosen))
    page = matrix.page(rows, arguments.seeds, trial.section(trial.kept_in(current_course())))
    print(page[page.index("| question") : page.index("\n\n", page.index("| question"))])
    troubles = [trouble for row in rows for trouble in row.troubles]
    count = sum(row.right[1] + row.mistakes[1] + row.pairs[1] for row in rows)
    print("\n".join(troubles) or f"{count} implementations, {arguments.seeds} seeds: all as they must be.")
    if not troubles and not arguments.chapter and not arguments.question:
        _write_matrix(page)
    return 1 if troubles else 0


def _with_progress(rows: Iterator[Row], total: int) -> list[Row]:
    """All rows, with a bar that moves as each question is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        return list(bar.track(rows, total=total, description="questions"))


def _generated(chosen: list[str], seeds: int) -> int:
    """Have every small edit of every right answer graded, and print how many were caught.

    The numbers of a run with all seeds are kept in a file.
    """
    from poolgrader.slips import trial

    found = _with_progress(trial.counts(chosen, seeds), len(chosen))
    print(trial.table(found))
    for counted in found:
        shown = counted.fates if len(found) == 1 else counted.troubles
        for fate in shown:
            print(f"{counted.question_id} {trial.described(fate)}")
    target = trial.kept_in(current_course())
    if target and seeds == MOST_SEEDS:
        trial.write(target, found, seeds)
        print(f"wrote {target.name}; the page of the matrix prints it when `mutation` is run next")
    return 1 if any(counted.troubles for counted in found) else 0


def _write_matrix(page: str) -> None:
    """Write the page of the matrix, if the course's settings name one."""
    course = current_course()
    if "matrix" in course.settings:
        target = (course.folder / str(course.settings["matrix"])).resolve()
        target.write_text(page, encoding="utf-8")
        print(f"wrote {target.relative_to(course.root) if target.is_relative_to(course.root) else target}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m poolgrader", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)

    def verb(function: object, folder: str = "") -> argparse.ArgumentParser:
        name, about = getattr(function, "__name__", ""), getattr(function, "__doc__", "")
        added = verbs.add_parser(name, help=about.splitlines()[0], description=about)
        added.set_defaults(run=function)
        added.add_argument(
            "--course",
            help="the course's folder, or the one that contains it (default: here, or the installed course)",
        )
        if folder:
            added.add_argument("--folder", default=folder, help=f"where the work lies (default: {folder})")
        return added

    generating = verb(exercises)
    generating.add_argument("--into", help="where to (default: the course's exercises/)")
    generating.add_argument("--chapter", default="*", help="only this one, such as 03_sorting")
    learning = verb(learn, "work")
    learning.add_argument("--copy-only", action="store_true", help="copy, and do not open JupyterLab")
    learning.add_argument("rest", nargs="*", help="arguments for JupyterLab, after --")
    grading = verb(grade, "grading")
    for both in (verb(sample, "build/sample"), grading):
        grade_options.add_options(both)
    grade_options.add_choices(grading)
    for add in (add_collect, add_export, add_report):
        add(verb)
    mutating = verb(mutation)
    mutating.add_argument("--seeds", type=int, default=200, help="inputs drawn for each implementation")
    mutating.add_argument(
        "--chapter", default="", help="only this one, such as 03_sorting; the page is not written then"
    )
    mutating.add_argument(
        "--generated",
        action="store_true",
        help=(
            f"every small edit of every right answer in place of the known mistakes; at most {MOST_SEEDS} "
            "seeds"
        ),
    )
    mutating.add_argument(
        "--question", default="", help="only this one, such as 3.2; the page is not written then"
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit status."""
    parsed = _parser().parse_args(arguments)
    try:
        choose(Path(parsed.course) if parsed.course else None)
        status: int = parsed.run(parsed)
    except (CourseError, NewerResult) as error:
        raise SystemExit(f"{parsed.verb}: {plain(str(error))}") from None
    except SystemExit as end:
        if isinstance(end.code, str):  # it will be printed, and may quote what learners wrote
            raise SystemExit(plain(end.code)) from None
        raise
    return status


if __name__ == "__main__":
    # saves half a second at the end, in which the garbage collector would look through all that was loaded
    atexit.register(gc.freeze)
    raise SystemExit(main())
