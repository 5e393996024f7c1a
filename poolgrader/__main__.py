"""The instructor's door: `python -m poolgrader VERB`. Each verb says with --help what it takes."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from poolgrader.classroom import commands
from poolgrader.jail.nursery import SANDBOXES, NoWalls

SANDBOX_HELP = "what learners' code runs behind (default: the best that stands; none: no walls at all)"
ROOT = Path(__file__).resolve().parent.parent


def exercises(arguments: argparse.Namespace) -> int:
    """Generate the learners' notebooks from solutions/, and the copies of the answers that the questions use."""
    from poolgrader import authoring

    into = Path(arguments.into).resolve()
    for path in authoring.generate(ROOT, into, arguments.chapter):
        print(f"wrote {path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}")
    return 0


def learn(arguments: argparse.Namespace) -> int:
    """Open JupyterLab on a working copy of exercises/; what is there already is never written over."""
    work = Path(arguments.folder)
    for source in sorted((ROOT / "exercises").rglob("*.ipynb")):
        target = work / source.relative_to(ROOT / "exercises")
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            print(f"copied {target}")
    if arguments.copy_only:
        return 0
    lab = [sys.executable, "-m", "jupyter", "lab", f"--notebook-dir={work}", *arguments.rest]
    return subprocess.run(lab, check=False).returncode


def sample(arguments: argparse.Namespace) -> int:
    """Make the sample class, grade it, and show its table of marks."""
    from poolgrader.classroom import sample as made
    from poolgrader.classroom.secret import TEST_SECRET

    folder = Path(arguments.folder)
    made.write(_released(made.ASSIGNMENT), folder)
    try:
        return _grade(folder, made.ASSIGNMENT, TEST_SECRET, arguments)
    except NoWalls as error:
        print(f"{error}\nThe sample class is our own code, so it is graded without walls.", file=sys.stderr)
        arguments.sandbox = "none"
        return _grade(folder, made.ASSIGNMENT, TEST_SECRET, arguments)


def grade(arguments: argparse.Namespace) -> int:
    """Grade a class: FOLDER/submitted/<learner>/<assignment>/*.ipynb."""
    from poolgrader.classroom.secret import course_secret

    folder = Path(arguments.folder)
    submitted = folder / "submitted"
    if not submitted.is_dir():
        raise SystemExit(f"grade: expected submissions under {submitted}/<learner>/<assignment>/, found none")
    found = sorted({path.name for path in submitted.glob("*/*") if (ROOT / "exercises" / path.name).is_dir()})
    wanted = [arguments.assignment] if arguments.assignment else found
    if not wanted:
        raise SystemExit(f"grade: no submission under {submitted} is for an assignment of this course")
    secret = course_secret(folder.resolve().parent)
    try:
        return max(_grade(folder, assignment, secret, arguments) for assignment in wanted)
    except NoWalls as error:
        raise SystemExit(f"grade: {error}") from None


def mutation(arguments: argparse.Namespace) -> int:
    """Put every known implementation to the grader, print the matrix, write its page."""
    from poolgrader import mutation as matrix

    rows = []
    chapters = [arguments.chapter] if arguments.chapter else matrix.all_chapters()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with ProcessPoolExecutor() as pool, Progress(*columns) as bar:
        task = bar.add_task("chapters", total=len(chapters))
        for done in pool.map(matrix.tally, chapters, [arguments.seeds] * len(chapters)):
            rows += done
            bar.advance(task)
    page = matrix.page(rows, arguments.seeds)
    print(page[page.index("| question") : page.index("\n\n", page.index("| question"))])
    troubles = [trouble for row in rows for trouble in row.troubles]
    count = sum(row.right[1] + row.mistakes[1] + row.pairs[1] for row in rows)
    print("\n".join(troubles) or f"{count} implementations, {arguments.seeds} seeds: all as they must be.")
    if not troubles and not arguments.chapter:
        (ROOT / matrix.PAGE).write_text(page, encoding="utf-8")
        print(f"wrote {matrix.PAGE}")
    return 1 if troubles else 0


def _released(assignment: str) -> Path:
    found = sorted((ROOT / "exercises" / assignment).glob("*.ipynb"))
    if not found:
        raise SystemExit(f"expected a released notebook in exercises/{assignment}; run `make exercises` first")
    return found[0]


def _grade(folder: Path, assignment: str, secret: bytes, arguments: argparse.Namespace) -> int:
    from poolgrader.authoring import write_source_notebooks
    from poolgrader.classroom import gradebook, report
    from poolgrader.classroom.grading import Class, grade_class

    console = Console(width=None if sys.stdout.isatty() else 100)
    course = Class(folder, assignment, _released(assignment), secret, sandbox=arguments.sandbox)
    results = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(f"grading {assignment}", total=len(course.submissions()))
        for result in grade_class(course, arguments.workers, arguments.regrade):
            results.append(result)
            bar.advance(task)
    results.sort(key=lambda result: str(result["learner"]))
    if not (ROOT / "build" / "source" / assignment).is_dir():
        write_source_notebooks(ROOT, ROOT / "build" / "source")
    gradebook.prepare(ROOT, folder, assignment)
    gradebook.write(folder, results)
    page = report.write_pages(folder, assignment, results)
    console.print(report.table(assignment, results))
    walls = dict.fromkeys(str(result["wall"]) for result in results)
    for wall in walls:
        console.print(f"Learners' code ran behind: {wall}.", highlight=False)
    console.print(f"Gradebook: {folder / 'gradebook.db'}", highlight=False, soft_wrap=True)
    console.print(f"Feedback:  {page}", highlight=False, soft_wrap=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m poolgrader", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)

    def verb(function: object, folder: str = "") -> argparse.ArgumentParser:
        name, about = getattr(function, "__name__", ""), getattr(function, "__doc__", "")
        added = verbs.add_parser(name, help=about.splitlines()[0], description=about)
        added.set_defaults(run=function)
        if folder:
            added.add_argument("--folder", default=folder, help=f"where the work lies (default: {folder})")
        return added

    generating = verb(exercises)
    generating.add_argument("--into", default=ROOT / "exercises", help="where to (default: exercises/)")
    generating.add_argument("--chapter", default="*", help="only this one, as 03_max_pooling")
    learning = verb(learn, "work")
    learning.add_argument("--copy-only", action="store_true", help="copy, and do not open JupyterLab")
    learning.add_argument("rest", nargs="*", help="arguments for JupyterLab, after --")
    for grading in (verb(sample, "build/sample"), verb(grade, "grading")):
        grading.add_argument("--workers", type=int, help="submissions graded at once (default: one a core)")
        grading.add_argument("--regrade", action="store_true", help="grade again what has a result")
        grading.add_argument("--sandbox", choices=SANDBOXES, default="auto", help=SANDBOX_HELP)
    commands.add(verb)
    mutating = verb(mutation)
    mutating.add_argument("--seeds", type=int, default=200, help="inputs drawn for each implementation")
    mutating.add_argument("--chapter", help="only this one, as 03_max_pooling; the page is not written then")
    verbs.choices["grade"].add_argument("--assignment", help="only this one, as 03_max_pooling")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit status."""
    parsed = _parser().parse_args(arguments)
    status: int = parsed.run(parsed)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
