"""Collect the submissions of three hundred learners, with names in several scripts, from Canvas's zip."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from poolgrader.classroom.handed_in.intake import Target, collect
from poolgrader.classroom.lms.learners import folder_of, login_of
from poolgrader.classroom.lms.read_roster import read_roster
from poolgrader.whole_files import write_whole
from tests.classroom.classes import (
    ASSIGNMENT,
    NOTEBOOK,
    RELEASED,
    Pupil,
    bare,
    canvas_csv,
    notebook_of,
    pupils,
    zipped,
)

LATE = "_LATE"


def files_of(made: list[Pupil]) -> list[tuple[str, bytes]]:
    """The names and contents of the files in a zip, as Canvas's lib/content_zipper.rb makes it.

    Every third learner is late; every fifth has handed in three times.
    """
    files = []
    for index, one in enumerate(made):
        late = LATE if index % 3 == 0 else ""
        start = f"{bare(one.name)}{late}_{one.number}_"
        attachment = 900_000 + 10 * (len(made) - index)
        copies = 3 if index % 5 == 0 else 1
        for copy in range(copies):
            ending = f"-{copy}" if copy else ""
            content = notebook_of(f"{one.login} {'newest' if copy == copies - 1 else 'older'}")
            files.append((f"{start}{attachment + copy}_max_pooling{ending}.ipynb", content))
    return files


@pytest.fixture(scope="module")
def made() -> list[Pupil]:
    return pupils(300)


@pytest.mark.parametrize(("delimiter", "bom"), [(",", False), (";", True), ("\t", False)])
def test_three_hundred_learners_are_matched(
    made: list[Pupil], delimiter: str, bom: bool, tmp_path: Path
) -> None:
    assert len({one.name for one in made}) < 200, "some learners have the same name"
    roster = read_roster(canvas_csv(made, tmp_path / "grades.csv", delimiter, bom))
    path = zipped(files_of(made), tmp_path / "submissions.zip")
    target = Target(tmp_path / "grading", ASSIGNMENT, NOTEBOOK, due=datetime(2026, 3, 1, 12, tzinfo=UTC))
    done = collect(path, roster, target)
    assert done.problems == []
    assert done.missing == []
    assert len(done.written) == 300
    for index, one in enumerate(made):
        folder = tmp_path / "grading" / "submitted" / folder_of(one.login) / ASSIGNMENT
        assert (folder / NOTEBOOK).read_bytes() == notebook_of(f"{one.login} newest")
        stamp = folder / "timestamp.txt"
        assert stamp.exists() == (index % 3 == 0)
        if stamp.exists():
            assert stamp.read_text() == "2026-03-01 12:00:01 UTC\n"
    assert len(done.late) == 100


def test_collecting_twice_changes_nothing(made: list[Pupil], tmp_path: Path) -> None:
    roster = read_roster(canvas_csv(made[:20], tmp_path / "grades.csv"))
    path = zipped(files_of(made[:20]), tmp_path / "a.zip")
    target = Target(tmp_path / "grading", ASSIGNMENT, NOTEBOOK)
    collect(path, roster, target)
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "grading").rglob("*")}
    done = collect(path, roster, target)
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "grading").rglob("*")} == before
    assert len(done.unchanged) == 20


def test_a_dry_run_writes_nothing(made: list[Pupil], tmp_path: Path) -> None:
    roster = read_roster(canvas_csv(made[:5], tmp_path / "grades.csv"))
    target = Target(tmp_path / "grading", ASSIGNMENT, NOTEBOOK, dry_run=True)
    done = collect(zipped(files_of(made[:5]), tmp_path / "a.zip"), roster, target)
    assert len(done.written) == 5
    assert not (tmp_path / "grading").exists()


def test_newer_work_replaces_older_work_and_older_never_replaces_newer(tmp_path: Path) -> None:
    made = pupils(1)
    roster = read_roster(canvas_csv(made, tmp_path / "grades.csv"))
    start = f"{bare(made[0].name)}_{made[0].number}_"
    old = zipped([(f"{start}9_{NOTEBOOK}", notebook_of("old"))], tmp_path / "old.zip")
    new = zipped([(f"{start}10_{NOTEBOOK}", notebook_of("new"))], tmp_path / "new.zip")
    target = Target(tmp_path / "grading", ASSIGNMENT, NOTEBOOK)
    (learner,) = roster
    collect(old, roster, target)
    collect(new, roster, target)
    assert target.path(learner.folder).read_bytes() == notebook_of("new")
    done = collect(old, roster, target)
    assert target.path(learner.folder).read_bytes() == notebook_of("new")
    assert "newer" in done.problems[0].reason
    target.path(learner.folder).write_bytes(b"mended by hand")
    done = collect(new, roster, target)
    assert "changed since" in done.problems[0].reason
    assert target.path(learner.folder).read_bytes() == b"mended by hand"
    collect(new, roster, Target(tmp_path / "grading", ASSIGNMENT, NOTEBOOK, force=True))
    assert target.path(learner.folder).read_bytes() == notebook_of("new")


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        # The numbers at the start are compared as numbers, not as text.
        ("9_max_pooling.ipynb", "10_max_pooling.ipynb"),
        # Canvas's number at the start takes precedence over the copy number at the end.
        ("9_max_pooling-2.ipynb", "10_max_pooling.ipynb"),
        ("9_max_pooling-9.ipynb", "9_max_pooling-10.ipynb"),
        # A file with the released name takes precedence over a newer file with another name.
        ("99_notes.ipynb", "10_Max_Pooling (1).ipynb"),
    ],
)
def test_the_newest_of_several_files_counts(older: str, newer: str, tmp_path: Path) -> None:
    roster = read_roster(canvas_csv([Pupil(72, "jane", "Doe", "Jane")], tmp_path / "grades.csv"))
    files = [(f"doejane_72_{newer}", notebook_of("newer")), (f"doejane_72_{older}", notebook_of("older"))]
    target = Target(tmp_path / "g", ASSIGNMENT, NOTEBOOK)
    for index, order in enumerate((files, files[::-1])):
        collect(zipped(order, tmp_path / f"{index}.zip"), roster, target)
        assert target.path("jane").read_bytes() == notebook_of("newer")


def test_collect_can_be_interrupted_before_any_write_and_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupt collect before each of its writes in turn; a second run must complete without --force."""
    from poolgrader.classroom.handed_in import intake

    made = pupils(2)
    roster = read_roster(canvas_csv(made, tmp_path / "grades.csv"))
    starts = [f"{bare(one.name)}_LATE_{one.number}_" for one in made]
    old = zipped(
        [(f"{start}9_{NOTEBOOK}", notebook_of(f"old {start}")) for start in starts], tmp_path / "old.zip"
    )
    new = zipped(
        [(f"{start}10_{NOTEBOOK}", notebook_of(f"new {start}")) for start in starts], tmp_path / "new.zip"
    )
    for left_at in range(5):
        target = Target(tmp_path / str(left_at), ASSIGNMENT, NOTEBOOK, due=datetime(2026, 3, 1, tzinfo=UTC))
        collect(old, roster, target)
        left = left_at

        def ending(path: Path, data: bytes, sync: bool = True) -> None:
            nonlocal left
            if not left:
                raise KeyboardInterrupt
            left -= 1
            write_whole(path, data, sync)

        monkeypatch.setattr(intake, "write_whole", ending)
        with contextlib.suppress(KeyboardInterrupt):
            collect(new, roster, target)
        monkeypatch.setattr(intake, "write_whole", write_whole)
        done = collect(new, roster, target)
        assert done.problems == []
        for one, start in zip(made, starts, strict=True):
            assert target.path(folder_of(one.login)).read_bytes() == notebook_of(f"new {start}")
            assert target.path(folder_of(one.login)).with_name("timestamp.txt").exists()


def test_each_file_that_cannot_be_taken_is_reported_with_a_reason(tmp_path: Path) -> None:
    made = pupils(3)
    roster = read_roster(canvas_csv(made, tmp_path / "grades.csv"))
    one, two, three = made
    files = [
        ("doejane_12345_9_x.ipynb", b"{}"),
        (f"{bare(one.name)}_{one.number}_text.html", b"typed"),
        ("anon_4fGh1_77_x.ipynb", b"{}"),
        ("LATE_anon_4fGh1_77_y.ipynb", b"{}"),
        ("readme.txt", b""),
        (f"{bare(two.name)}_{two.number}_8_report.pdf", b"%PDF"),
        ("studenttest_99999_5_max_pooling.ipynb", b"{}"),
        (f"{bare(three.name)}_{three.number}_8_homework.ipynb", RELEASED.read_bytes()),
        ("__MACOSX/._x", b""),
    ]
    done = collect(
        zipped(files, tmp_path / "a.zip"), roster, Target(tmp_path / "grading", ASSIGNMENT, NOTEBOOK)
    )
    reasons = {str(problem): problem.reason for problem in done.problems}
    assert [reason for reason in reasons.values() if "no learner with the number 12345" in reason]
    assert [reason for reason in reasons.values() if "handed in typed text, no file" in reason]
    assert len([reason for reason in reasons.values() if "anonymous grading" in reason]) == 2
    assert [
        text
        for text, reason in reasons.items()
        if "expected a name as Canvas" in reason and "readme.txt" in text
    ]
    assert [text for text, reason in reasons.items() if "no notebook" in reason and "report.pdf" in text]
    assert len(done.problems) == 6
    assert {note.reason for note in done.notes} == {
        "left out: Canvas's test student",
        f"handed in under another name, taken as {NOTEBOOK}",
    }
    assert done.written == [folder_of(three.login)]
    assert {learner.lms_id for learner in done.missing} == {str(one.number)}


def test_a_learners_name_with_another_learners_number_is_not_mistaken(tmp_path: Path) -> None:
    victim, thief = Pupil(72, "victim", "Doe", "Jane"), Pupil(71, "thief", "Eve_72", "")
    roster = read_roster(canvas_csv([victim, thief], tmp_path / "grades.csv"))
    files = [
        ("doejane_72_100_max_pooling.ipynb", notebook_of("victim")),
        ("eve_72_71_905_max_pooling.ipynb", notebook_of("thief")),
        ("doejane_72_101_7_8_9.ipynb", notebook_of("a name of numbers")),
    ]
    target = Target(tmp_path / "grading", ASSIGNMENT, NOTEBOOK)
    done = collect(zipped(files, tmp_path / "a.zip"), roster, target)
    assert done.problems == []
    assert target.path("thief").read_bytes() == notebook_of("thief")
    assert target.path("victim").read_bytes() == notebook_of("victim")
    files = [("x_72_71_905_max_pooling.ipynb", b"{}")]
    done = collect(zipped(files, tmp_path / "b.zip"), roster, target)
    assert "more than one way" in done.problems[0].reason


def test_a_learner_with_a_changed_name_is_matched_by_number(tmp_path: Path) -> None:
    roster = read_roster(canvas_csv([Pupil(72, "jane", "Doe", "Jane")], tmp_path / "grades.csv"))
    files = [("marriedjane_72_905_max_pooling.ipynb", notebook_of("jane"))]
    done = collect(zipped(files, tmp_path / "a.zip"), roster, Target(tmp_path / "g", ASSIGNMENT, NOTEBOOK))
    assert done.written == ["jane"]


def test_folder_names_are_safe_and_give_back_the_login() -> None:
    logins = [one.login for one in pupils(300)] + [
        "..",
        ".hidden",
        "-rf",
        "=1+1",
        "@x",
        "CON",
        "nul.txt",
        "a/b\\c",
        "x ",
        "ü" * 9,
        "~x",
    ]
    folders = [folder_of(login) for login in logins]
    assert len(set(map(str.casefold, folders))) == len(folders)
    for login, folder in zip(logins, folders, strict=True):
        assert login_of(folder) == login
        assert folder[0].isalnum() or folder[0] == "~"
        assert set(folder) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@-~")
        assert folder.rstrip(". ") == folder
        assert folder.split(".")[0].casefold() not in ("con", "nul")
    for bad in ("", "x" * 200):
        with pytest.raises(ValueError, match="login"):
            folder_of(bad)


def test_logins_that_differ_only_in_case_are_reported(tmp_path: Path) -> None:
    made = [Pupil(1, "Anna", "A", "B"), Pupil(2, "anna", "C", "D"), Pupil(2, "eva", "E", "F")]
    roster = read_roster(canvas_csv(made, tmp_path / "grades.csv"))
    assert [one.folder for one in roster] == ["Anna"]
    assert roster.left_out[0] == "C, D: the login anna is also that of A, B, but for capital letters, as Anna"
    assert "twice" in roster.left_out[1], (
        "the number of a learner who was left out must not be given to another"
    )
    files = [(f"x_{number}_9_{NOTEBOOK}", notebook_of(f"{number}")) for number in (1, 2)]
    done = collect(
        zipped(files, tmp_path / "a.zip"), roster, Target(tmp_path / "grading", ASSIGNMENT, NOTEBOOK)
    )
    assert done.written == ["Anna"]
    (problem,) = done.problems
    assert (problem.detail, problem.learner) == (files[1][0], "")
    assert "another learner has the same login, capital letters aside" in problem.reason
