"""Takes in a zip from an LMS: writes each learner's newest notebook to where nbgrader expects it.

All else in the zip is reported, with a reason. nbgrader's own `zip_collect` does the same, but the instructor
has to write regular expressions for it. The layout is described in
https://nbgrader.readthedocs.io/en/stable/user_guide/managing_assignment_files_manually.html, the names in the
zip in the modules canvas and moodle.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from poolgrader.classroom.handed_in.archive import Archive, ArchiveError, ZipMember, opened
from poolgrader.classroom.handed_in.read_file import is_notebook_name, is_zip_name, notebooks_in_zip
from poolgrader.classroom.handed_in.submission import NotANotebook
from poolgrader.classroom.handed_in.timestamp import NAME, BadTime, read_timestamp, stamped
from poolgrader.classroom.handed_in.which_notebook import assignment_of, handout, wrong_one
from poolgrader.classroom.lms import canvas, moodle
from poolgrader.classroom.lms.read_roster import PARSERS
from poolgrader.classroom.lms.roster import Learner, NamedFile, Roster
from poolgrader.questions.finding import current_course
from poolgrader.whole_files import write_whole


@dataclass(frozen=True)
class Target:
    """Where work goes, and how it is dated.

    Args:
        folder: of the class.
        assignment: such as "03_sorting".
        notebook: the released notebook's file name.
        zone: time zone of the LMS's dates.
        due: when the work is due, or None.
        force: overwrite work that did not come from a zip, or is newer.
        dry_run: report what would be done, and write nothing.
    """

    folder: Path
    assignment: str
    notebook: str
    zone: tzinfo = UTC
    due: datetime | None = None
    force: bool = False
    dry_run: bool = False

    def path(self, learner: str) -> Path:
        """Where a learner's notebook goes."""
        return self.folder / "submitted" / learner / self.assignment / self.notebook

    def record(self, learner: str) -> Path:
        """The file that records which work of a learner came from a zip."""
        return self.folder / "collected" / self.assignment / f"{learner}.json"


@dataclass(frozen=True)
class Note:
    """A remark on a learner, a file, or the list of the class.

    Args:
        learner: the folder of the learner, or "" if it is about no known learner.
        reason: in a few words, without a name.
        detail: the name of a person or a file.
    """

    learner: str
    reason: str
    detail: str = ""

    def __str__(self) -> str:
        return (
            f"{self.learner or self.detail}: "
            f"{self.reason}{f' ({self.detail})' if self.learner and self.detail else ''}"
        )


@dataclass
class CollectedZip:
    """What became of a zip.

    Args:
        written: folders of learners whose notebook was written.
        unchanged: folders of learners whose notebook was there already.
        late: folders of learners whose work the LMS marks as late, or dates after the due date.
        problems: what was not taken, and why.
        notes: what else an instructor should know.
        missing: learners from whom there is nothing in the zip.
    """

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    missing: list[Learner] = field(default_factory=list)


@dataclass(frozen=True)
class LearnersFile:
    """A file in the zip that belongs to a learner of the class."""

    learner: Learner
    entry: ZipMember
    claim: NamedFile


def collect(path: Path, roster: Roster, target: Target) -> CollectedZip:
    """Write each learner's newest notebook of a zip to submitted/<learner>/<assignment>/<notebook>.

    Args:
        path: the zip, as Canvas or Moodle gives it out.
        roster: the class as the same LMS lists it.
        target: where the notebooks go.

    Returns:
        what was written, and a reason for everything that was not.

    Raises:
        ArchiveError: if the zip cannot be opened.
    """
    done = CollectedZip()
    done.notes += [Note("", "left out of the list of the class", row) for row in roster.left_out]
    with opened(path) as archive:
        files = _matched(archive, roster, done)
        for learner in roster:
            if learner.lms_id not in files:
                done.missing.append(learner)
            elif chosen := _chosen(archive, files[learner.lms_id], target, done):
                _take(*chosen, roster.lms, target, done)
    return done


def _matched(archive: Archive, roster: Roster, done: CollectedZip) -> dict[str, list[LearnersFile]]:
    """The files of each learner, by the learner's number in the LMS; other files are noted in `done`."""
    files: dict[str, list[LearnersFile]] = {}
    for entry in archive.entries:
        if entry.base.startswith(".") or "__MACOSX" in entry.folders:
            continue
        claims = PARSERS[roster.lms](entry.folders, entry.base)
        whose = entry.refused or (claims if isinstance(claims, str) else _whose(claims, roster))
        if not isinstance(claims, str) and claims[-1].user in roster.nobody:
            done.notes.append(Note("", f"left out: {roster.nobody[claims[-1].user]}", entry.name))
        elif not isinstance(claims, str) and claims[-1].user in roster.same_login:
            done.problems.append(Note("", roster.same_login[claims[-1].user], entry.name))
        elif isinstance(whose, str):
            done.problems.append(Note("", whose, entry.name))
        else:
            learner, claim = whose
            files.setdefault(learner.lms_id, []).append(LearnersFile(learner, entry, claim))
    return files


def _whose(claims: list[NamedFile], roster: Roster) -> tuple[Learner, NamedFile] | str:
    """The learner whose file this is, or why that cannot be told.

    The number in the file's name decides; if several numbers are possible, number and name together do.
    """
    known = [(roster.learners[claim.user], claim) for claim in claims if claim.user in roster.learners]
    if len(claims) > 1:
        known = [(learner, claim) for learner, claim in known if canvas.is_named(claim, learner)]
    if len(known) == 1:
        return known[0]
    numbers = " or ".join(claim.user for claim in claims)
    if known or len(claims) > 1:
        return f"it can be read in more than one way (user {numbers}), and no name in the list decides"
    return f"no learner with the number {numbers} in the list of the class: export the list again"


def _chosen(
    archive: Archive, files: list[LearnersFile], target: Target, done: CollectedZip
) -> tuple[LearnersFile, bytes] | None:
    """The notebook that counts, and its bytes.

    Of the notebooks of this assignment it is the newest with the released name, or else the newest of all.
    """
    folder = files[0].learner.folder
    notebooks = [file for file in files if is_notebook_name(file.claim.file) or is_zip_name(file.claim.file)]
    if not notebooks:
        names = ", ".join(file.claim.file for file in files)
        done.problems.append(Note(folder, "handed in no notebook", names))
        return None

    def is_named(file: LearnersFile) -> bool:
        return file.claim.file.casefold() == target.notebook.casefold()

    def rank(file: LearnersFile) -> Any:
        return is_named(file), file.claim.order, file.entry.when, file.entry.name

    known = handout(current_course().exercises)
    broken: list[tuple[LearnersFile, bytes]] = []
    reasons: list[str] = []
    for file in sorted(notebooks, key=rank, reverse=True):
        try:
            content = _unpacked(archive.read(file.entry), file.claim.file)
            belongs = assignment_of(content, file.claim.file, target.assignment, known)
        except ArchiveError as error:
            reasons.append(str(error))
        except NotANotebook as error:
            reasons.append(f"{file.claim.file!r}: {error}")
            broken += [(file, content)] if is_named(file) else []
        else:
            if belongs == target.assignment:
                _say_which(file, len(notebooks), is_named(file), target.notebook, done)
                return file, content
            reasons.append(wrong_one(file.claim.file, belongs, target.assignment, known))
    if broken:  # it is taken: grading will report what is wrong with it
        return broken[0]
    done.problems += [Note(folder, reason) for reason in reasons]
    return None


def _unpacked(content: bytes, name: str) -> bytes:
    """The only notebook in a zip that a learner handed in; the content itself of a file that is no zip.

    Raises:
        ArchiveError: if the zip does not hold exactly one notebook.
    """
    if not is_zip_name(name):
        return content
    found = notebooks_in_zip(io.BytesIO(content))
    if len(found) != 1:
        raise ArchiveError(f"{name!r}: expected one notebook in the zip, got {len(found)}")
    with opened(io.BytesIO(content)) as archive:
        return next(archive.read(entry) for entry in archive.entries if entry.name == found[0])


def _say_which(chosen: LearnersFile, count: int, is_named: bool, notebook: str, done: CollectedZip) -> None:
    folder = chosen.learner.folder
    if not is_named:
        done.notes.append(
            Note(folder, f"handed in under another name, taken as {notebook}", chosen.claim.file)
        )
    if count > 1:
        done.notes.append(Note(folder, f"handed in {count} notebooks; the newest counts", chosen.claim.file))


def _take(chosen: LearnersFile, content: bytes, lms: str, target: Target, done: CollectedZip) -> None:
    """Write one notebook, unless the one that is there is the same, newer, or did not come from a zip."""
    folder = chosen.learner.folder
    path = target.path(folder)
    try:
        _check_place(path, target.folder)
        if path.exists() and not path.is_file():
            raise OSError("its place is taken by something that is no file")
        there = path.read_bytes() if path.exists() else None
    except OSError as error:
        done.problems.append(Note(folder, str(error)))
        return
    late, when = _dated(chosen, target)
    if late:
        done.late.append(folder)
    # Moodle does not number uploads: the date in the worksheet, or in the zip, tells which of two is newer.
    order = [
        *(chosen.claim.order if lms == "Canvas" else (_seconds(when, chosen.entry), *chosen.claim.order))
    ]
    before = _recorded(target.record(folder))
    if there == content:
        done.unchanged.append(folder)
    elif why := "" if there is None or target.force else _kept(before, there, lms, order):
        done.problems.append(Note(folder, why))
        return
    else:
        done.written.append(folder)
        if late and there is not None and before.get("late") is False:
            done.notes.append(Note(folder, "handed in again, late: it replaces the work that was in time"))
    if target.dry_run:
        return
    # The record is written first, with the digests of the old and the new notebook: if this process is killed
    # in between, the notebook that is there is still known to have come from a zip.
    known = [_digest(content), *([_digest(there)] if there not in (None, content) else [])]
    record = {"lms": lms, "order": order, "late": late, "sha256": known}
    if before.get("sha256", [""])[0] != known[0] or there != content:
        write_whole(target.record(folder), json.dumps(record).encode(), sync=False)
    if there != content:
        write_whole(path, content)
    try:
        _stamp(path.parent, when)
    except OSError as error:
        done.problems.append(Note(folder, f"its time could not be written to {NAME}: {error.strerror}"))


def _digest(content: bytes | None) -> str:
    return hashlib.sha256(content or b"").hexdigest()


def _kept(before: dict[str, Any], there: bytes | None, lms: str, order: list[int]) -> str:
    """Why the notebook that is there is not overwritten, or ""."""
    if _digest(there) not in before.get("sha256", ()):
        return "kept what is there: it did not come by a zip, or was changed since; --force writes over it"
    if before.get("lms") != lms:
        return f"kept what is there: it came from {before.get('lms')}; --force writes over it"
    if before.get("order", []) > order:
        return "kept what is there: it is newer than the one in this zip; --force writes over it"
    return ""


def _check_place(path: Path, root: Path) -> None:
    """Raise OSError unless the path is inside of the class's folder, with no link in it."""
    for place in (path, *path.parents):
        if place == root:
            return
        if place.is_symlink():
            raise OSError(
                "the notebook's path contains a symbolic link, and nothing is written through links"
            )
    raise OSError("not inside of the class's folder")


def _dated(chosen: LearnersFile, target: Target) -> tuple[bool, datetime | None]:
    """Whether work is late, and when it came, as far as the LMS says."""
    when = moodle.moment(chosen.learner, target.zone)
    late = chosen.claim.late or bool(moodle.lateness(chosen.learner))
    late = late or bool(when and target.due and when > target.due)
    if when is None and late and target.due:
        # Canvas does not say how late the work is: one second after the due date is all that is certain.
        when = target.due + timedelta(seconds=1)
    return late, when


def _seconds(when: datetime | None, entry: ZipMember) -> int:
    try:
        return int((when or datetime(*entry.when[:6], tzinfo=UTC)).timestamp())  # type: ignore[arg-type,misc]
    except ValueError:
        return 0


def _stamp(folder: Path, when: datetime | None) -> None:
    """Write nbgrader's timestamp.txt, unless it has this time already; without a time, remove it."""
    if when is None:
        (folder / NAME).unlink(missing_ok=True)
        return
    try:
        there, _ = read_timestamp(folder)
    except BadTime:
        there = None
    if there != stamped(when):
        write_whole(folder / NAME, stamped(when))


def _recorded(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def register(gradebook: Any, learners: Iterable[Learner]) -> None:
    """Write the learners' names, addresses and LMS numbers to nbgrader's gradebook, in one transaction.

    Args:
        gradebook: nbgrader.api.Gradebook, open.
        learners: of the class.
    """
    from nbgrader.api import Student

    known = {student.id: student for student in gradebook.db.query(Student)}
    for learner in learners:
        student = known.get(learner.folder)
        if student is None:
            student = Student(id=learner.folder)
            gradebook.db.add(student)
        last, comma, first = learner.name.partition(", ")
        if not comma:
            first, _, last = learner.name.rpartition(" ")
        student.last_name, student.first_name = last, first
        student.email, student.lms_user_id = learner.email, learner.lms_id
    gradebook.db.commit()
