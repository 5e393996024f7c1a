"""Runs of `grade`: what is graded and what is kept, full disks, interrupted runs, two runs at once."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from poolgrader.__main__ import main
from poolgrader.classroom import grade_command
from poolgrader.classroom.lock import Busy, locked
from poolgrader.classroom.run.grade_class import Options, grade_class
from poolgrader.classroom.run.plan import plan
from poolgrader.classroom.run.result import FORMAT, SCHEMA, Results, read_result, write_result
from poolgrader.classroom.run.version import grader_version
from poolgrader.classroom.run.workers import SCRATCH
from poolgrader.classroom.secret import TEST_SECRET
from poolgrader.whole_files import write_whole
from tests.classroom import work
from tests.patience import HANGS_AFTER

SLOW = "import time\ntime.sleep(60)"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a class of five learners that was graded once. Tests share it and must not change it."""
    folder = tmp_path_factory.mktemp("graded")
    work.a_class(folder, 5)
    work.grade(work.course(folder))
    return folder


@pytest.fixture
def class_(graded: Path, tmp_path: Path) -> Path:
    """A copy of the graded class."""
    folder = tmp_path / "class"
    subprocess.run(["cp", "-r", str(graded), str(folder)], check=True)
    return folder


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that runs `grade` with short time limits and a fixed secret."""
    monkeypatch.setattr(grade_command, "course_secret", lambda folder: TEST_SECRET)
    short = ["--cell-seconds", "3", "--call-seconds", "2"]

    def run(folder: Path, *arguments: str) -> int:
        return main(["grade", "--folder", str(folder), "--workers", "1", *short, *arguments])

    return run


def older(folder: Path, learner: str) -> None:
    """Change a learner's result as if an older version of the grader had written it."""
    path = work.course(folder).result_path(learner)
    result = read_result(path)
    assert result
    write_result(
        path,
        result
        | {
            "grader": "0" * 16,
            "questions": [record | {"grader": "0" * 16} for record in result["questions"]],
        },
    )


def test_a_run_with_nothing_to_grade_removes_temporary_files(
    class_: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An earlier run may have been killed after grading everything, but before removing temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    left = tmp_path / f"{SCRATCH}{gone.pid}-x"
    left.mkdir()
    assert {one.how for one in grade_class(work.course(class_))} == {"kept"}
    assert not left.exists()


def test_every_result_is_valid_by_the_schema(graded: Path) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    results = Results(graded, work.ASSIGNMENT)
    assert len(results) == 5
    for result in results:
        jsonschema.validate(result, schema)
        assert result["cpu_seconds"] > 0
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(result | {"learner": None}, schema)


def test_only_what_changed_is_graded(class_: Path) -> None:
    work.hand_in(class_, "learner-0003")
    outcomes = work.grade(work.course(class_))
    assert {name: one.why for name, one in outcomes.items() if one.how == "graded"} == {
        "learner-0003": "handed in anew"
    }


def test_marks_keep_their_grader_until_regraded(class_: Path) -> None:
    older(class_, "learner-0001")
    before = work.gradebook_rows(class_)
    outcomes = work.grade(work.course(class_))
    assert {one.how for one in outcomes.values()} == {"kept"}
    assert "older grader" in outcomes["learner-0001"].why
    assert work.gradebook_rows(class_) == before
    again = work.grade(work.course(class_), regrade=True, learners=("learner-000[12]",))
    assert {name: one.how for name, one in again.items()} == {
        "learner-0001": "graded",
        "learner-0002": "graded",
    }
    assert again["learner-0001"].result
    assert again["learner-0001"].result["grader"] == grader_version(work.ASSIGNMENT)
    assert work.gradebook_rows(class_) == before


def test_a_run_prints_once_that_marks_are_of_an_older_grader(
    class_: Path, verb: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    older(class_, "learner-0001")
    older(class_, "learner-0002")
    assert verb(class_) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert printed.count("older grader") == 1
    assert (
        f"2 of 5 results stand as they were: marks by an older grader ({'0' * 16}); --regrade grades anew."
        in printed
    )


def test_results_of_the_first_format_are_read_and_those_of_newer_formats_are_not_overwritten(
    class_: Path, verb: Any
) -> None:
    path = class_ / "results" / work.ASSIGNMENT / "learner-0001.json"
    now = json.loads(path.read_text(encoding="utf-8"))
    assert now["format"] == FORMAT
    path.write_text(
        json.dumps({key: value for key, value in now.items() if key not in ("format", "notebook")})
    )
    assert {one.how for one in work.grade(work.course(class_)).values()} == {"kept"}
    newer = json.dumps(now | {"format": FORMAT + 1})
    path.write_text(newer, encoding="utf-8")
    with pytest.raises(
        SystemExit,
        match=rf"learner-0001\.json: expected a result of format {FORMAT} or older, got {FORMAT + 1}",
    ):
        verb(class_)
    assert path.read_text(encoding="utf-8") == newer


def test_one_question_is_regraded_and_the_others_keep_their_marks(class_: Path) -> None:
    older(class_, "learner-0001")
    outcome = work.grade(work.course(class_), questions=("0.2",), learners=("learner-0001",))["learner-0001"]
    assert outcome.result
    graders = {record["question"]: record["grader"] for record in outcome.result["questions"]}
    now = grader_version(work.ASSIGNMENT)
    assert graders == {"0.1": "0" * 16, "0.2": now, "0.3": "0" * 16, "0.4": "0" * 16}
    jsonschema.validate(outcome.result, json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_a_dry_run_writes_nothing(class_: Path, verb: Any, capsys: pytest.CaptureFixture[str]) -> None:
    work.hand_in(class_, "new")
    older(class_, "learner-0001")
    before = {path: path.stat().st_mtime_ns for path in class_.rglob("*")}
    assert verb(class_, "--dry-run") == 0
    assert {path: path.stat().st_mtime_ns for path in class_.rglob("*")} == before
    printed = capsys.readouterr().out
    assert "new: grade" in printed
    assert "1 to grade, 5 results stand, 0 cannot be graded" in printed
    assert "learner-0001: keep (marks by an older grader" in printed


def test_the_command_takes_learners_and_writes_json(
    class_: Path, verb: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verb(class_, "--learner", "learner-0000", "--regrade", "--json", "-") == 0
    document = json.loads(capsys.readouterr().out)
    schema = json.loads(grade_command.CLASS_SCHEMA.read_text(encoding="utf-8"))
    result = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validate(document, schema)
    for one in document["results"]:
        jsonschema.validate(one, result)
    assert document["counts"] == {"graded": 1}
    assert len(document["results"]) == 5
    target = class_ / "all.json"
    assert verb(class_, "--json", str(target)) == 0
    assert json.loads(target.read_text(encoding="utf-8"))["counts"] == {"kept": 5}


def test_an_unknown_question_is_an_error(class_: Path, verb: Any) -> None:
    with pytest.raises(SystemExit, match=r"grade: question: expected one of 0\.1, .*got '0\.9'"):
        verb(class_, "--question", "0.9")


def test_two_runs_at_once(class_: Path, verb: Any) -> None:
    with (
        locked(class_),
        pytest.raises(SystemExit, match=rf"another run is grading in .*process {os.getpid()}"),
    ):
        verb(class_)
    assert verb(class_) == 0
    with locked(class_), pytest.raises(Busy), locked(class_):
        pass


def test_a_submission_that_takes_too_long_needs_autograding(
    tmp_path: Path, verb: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "slow"):
        work.hand_in(tmp_path, name)
    assert verb(tmp_path) == 0
    before = work.gradebook_rows(tmp_path)
    work.hand_in(tmp_path, "slow", cells=[SLOW])
    capsys.readouterr()
    assert verb(tmp_path, "--cell-seconds", "50", "--submission-seconds", "4") == 1
    assert "slow: needs autograding: not graded within 4 s" in capsys.readouterr().out
    assert work.gradebook_rows(tmp_path) == before, "the gradebook must not change"
    assert not (tmp_path / "autograded" / "slow" / work.ASSIGNMENT).exists()
    assert verb(tmp_path) == 0, "with a shorter limit for cells, it can be graded"


def full_disk(path: Path, data: bytes, sync: bool = True) -> None:
    """Write a file, but fail as on a full disk if there are two results already."""
    if len(list(path.parent.glob("*.json"))) >= 2:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
    write_whole(path, data, sync)


def test_a_full_disk_loses_nothing(tmp_path: Path, verb: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    work.a_class(tmp_path, 5)
    with monkeypatch.context() as patch:
        patch.setattr("poolgrader.classroom.run.result.write_whole", full_disk)
        with pytest.raises(SystemExit, match=r"No space left on device.*What was graded is kept"):
            verb(tmp_path)
    kept = list(Results(tmp_path, work.ASSIGNMENT))
    assert len(kept) == 2
    rows = {row[1] for row in work.gradebook_rows(tmp_path)}
    assert rows == {result["learner"] for result in kept}, "the saved results must be in the gradebook"
    assert verb(tmp_path) == 0
    assert len(Results(tmp_path, work.ASSIGNMENT)) == 5


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "result.json"
    write_whole(path, b"before")

    def fails(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for step in ("fsync", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(os, step, fails)
            with pytest.raises(OSError, match="No space"):
                write_whole(path, b"after")
        assert path.read_bytes() == b"before"
        assert list(tmp_path.iterdir()) == [path], "no half-written file may be left"


READ_ONLY = """
mount -t tmpfs -o size=8m none {folder} && mkdir -p {folder}/submitted && \
cp -r {submitted}/. {folder}/submitted
{before}
exec {python} -m poolgrader grade --folder {folder} --workers 1
"""


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small file system, which needs Linux")
@pytest.mark.parametrize(
    ("before", "says"),
    [
        ("mount -o remount,ro {folder}", "Read-only file system"),
        (
            "head -c 100M /dev/zero > {folder}/filler 2>/dev/null",
            "No space left on device|database or disk is full",
        ),
    ],
)
def test_a_real_disk_that_is_read_only_or_full(before: str, says: str, tmp_path: Path) -> None:
    work.hand_in(tmp_path / "from", "jo")
    folder = tmp_path / "disk"
    folder.mkdir()
    script = READ_ONLY.format(
        folder=folder,
        submitted=tmp_path / "from" / "submitted",
        python=sys.executable,
        before=before.format(folder=folder),
    )
    wrap = ["unshare", "--mount", *(["--map-root-user"] if os.geteuid() else [])]
    if subprocess.run([*wrap, "true"], capture_output=True, check=False).returncode:
        pytest.fail(
            "this machine does not allow mounting a small file system: run as root, or allow user namespaces"
        )
    done = subprocess.run(
        [*wrap, "sh", "-c", script], cwd=work.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("grade: "), done.stderr
    assert any(words in last for words in says.split("|")), done.stderr
    assert "Traceback" not in done.stderr


def test_an_unreadable_submission_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work.hand_in(tmp_path, "jo")
    monkeypatch.setattr(
        "poolgrader.classroom.handed_in.which_notebook.read_bytes",
        lambda path: (b"", "not readable: Permission denied", True),
    )
    (step,) = plan(work.course(tmp_path), ["jo"])
    assert (step.do, step.why) == ("set aside", "not readable: Permission denied")
    (outcome,) = grade_class(work.course(tmp_path), Options(workers=1))
    assert (outcome.how, outcome.result) == ("set aside", None)


def test_a_learners_name_that_cannot_be_stored_must_be_changed(tmp_path: Path) -> None:
    steps = {step.learner: step.why for step in plan(work.course(tmp_path), ["a\nb", "x" * 250, "\udcff"])}
    assert all("rename it" in why for why in steps.values())


def _heed_ctrl_c() -> None:
    """Let SIGINT interrupt this process; background processes of a shell ignore SIGINT by default."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_a_run_stopped_by_ctrl_c_can_be_continued(tmp_path: Path) -> None:
    folder = tmp_path / "grading"
    names = work.a_class(folder, 60)
    command = [sys.executable, "-m", "poolgrader", "grade", "--folder", str(folder), "--workers", "2"]
    with subprocess.Popen(
        command,
        cwd=work.ROOT,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        process_group=0,
        preexec_fn=_heed_ctrl_c,
    ) as run:
        while run.poll() is None and not Results(folder, work.ASSIGNMENT):
            time.sleep(0.01)
        # At Ctrl-C, a terminal sends SIGINT to all processes of the group, as this line does.
        os.killpg(run.pid, signal.SIGINT)
        _, stderr = run.communicate(timeout=HANGS_AFTER)
    assert run.returncode == 130, stderr.decode()
    assert (
        stderr.decode().strip().splitlines()[-1]
        == "grade: stopped. What was graded is kept; the same command goes on."
    )
    kept = {result["learner"] for result in Results(folder, work.ASSIGNMENT)}
    assert 0 < len(kept) < len(names)
    assert {row[1] for row in work.gradebook_rows(folder)} == kept
    done = subprocess.run(command, cwd=work.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"{len(names) - len(kept)} graded, {len(kept)} kept" in done.stdout
