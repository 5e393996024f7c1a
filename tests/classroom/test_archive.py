"""Hostile zips: bad entries are refused with a reason, and nothing is written outside the class."""

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from poolgrader.classroom.handed_in import archive
from poolgrader.classroom.handed_in.archive import ArchiveError, opened
from poolgrader.classroom.handed_in.intake import Target, collect
from poolgrader.classroom.lms.read_roster import read_roster
from tests.classroom.classes import ASSIGNMENT, NOTEBOOK, canvas_csv, notebook_of, pupils, zipped


def only(path: Path) -> archive.ZipMember:
    with opened(path) as found:
        (entry,) = found.entries
        return entry


def with_mode(name: str, mode: int, content: bytes, path: Path) -> Path:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(info, content)
    return path


def edited(path: Path, old: bytes, new: bytes) -> Path:
    """Replace bytes in a zip, to make one that zipfile would never write."""
    assert len(old) == len(new)
    raw = path.read_bytes()
    assert old in raw
    path.write_bytes(raw.replace(old, new))
    return path


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("../../doejane_71_905_x.ipynb", "climbs out"),
        ("a/../../doejane_71_905_x.ipynb", "climbs out"),
        ("/etc/doejane_71_905_x.ipynb", "root of the disk"),
        ("C:/doejane_71_905_x.ipynb", "drive"),
        ("..\\..\\doejane_71_905_x.ipynb", "climbs out"),
        ("a\\doejane_71_905_x.ipynb", "backslash"),
        ("doejane_71_905_\x1b[2Jx.ipynb", "control character"),
    ],
)
def test_hostile_names_are_refused(name: str, says: str, tmp_path: Path) -> None:
    entry = only(zipped([(name, b"{}")], tmp_path / "a.zip"))
    assert says in entry.refused
    with opened(tmp_path / "a.zip") as found, pytest.raises(ArchiveError, match=says[:8]):
        found.read(found.entries[0])


def test_a_name_with_a_nul_byte_is_refused(tmp_path: Path) -> None:
    path = zipped([("doejane_71_905_x.ipynbQ.sh", b"{}")], tmp_path / "a.zip")
    entry = only(edited(path, b"ipynbQ.sh", b"ipynb\0.sh"))
    assert entry.base == "doejane_71_905_x.ipynb"
    assert "NUL" in entry.refused


@pytest.mark.parametrize(
    ("mode", "says"),
    [(stat.S_IFLNK | 0o777, "link"), (stat.S_IFCHR | 0o666, "plain file"), (stat.S_IFREG | 0o600, "")],
)
def test_links_and_devices_are_refused(mode: int, says: str, tmp_path: Path) -> None:
    refused = only(with_mode("x.ipynb", mode, b"/etc/passwd", tmp_path / "a.zip")).refused
    assert says in refused
    assert bool(says) == bool(refused)


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    path = zipped([("x.ipynb", b"{}")], tmp_path / "a.zip")
    raw = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = raw.index(mark) + at
        raw[start : start + 2] = struct.pack("<H", 1)
    path.write_bytes(raw)
    assert "encrypted" in only(path).refused


def test_a_zip_bomb_is_refused_by_its_compression_ratio_and_by_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped([("x.ipynb", bytes(5 * 2**20))], tmp_path / "a.zip")
    assert "times its size" in only(path).refused
    monkeypatch.setattr(archive, "MAX_BYTES", 1000)
    path = zipped([("x.ipynb", bytes(1001))], tmp_path / "b.zip")
    assert "at most" in only(path).refused


def test_reading_a_zip_bomb_with_a_false_size_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_BYTES", 1000)
    path = zipped([("x.ipynb", bytes(5000))], tmp_path / "a.zip")
    edited(path, struct.pack("<I", 5000), struct.pack("<I", 900))
    entry = only(path)
    assert entry.refused == ""
    with opened(path) as found, pytest.raises(ArchiveError):
        found.read(found.entries[0])


def test_the_unpacked_bytes_are_limited_whatever_size_the_entry_states(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(zipped([("x.ipynb", bytes(5 * archive.BLOCK))], tmp_path / "a.zip")) as found:
        monkeypatch.setattr(archive, "MAX_BYTES", 2 * archive.BLOCK)
        with pytest.raises(ArchiveError, match="got more"):
            found.read(found.entries[0])


def test_the_total_size_of_all_files_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_TOTAL", 1000)
    path = zipped([(f"{number}.ipynb", bytes(600)) for number in range(3)], tmp_path / "a.zip")
    with opened(path) as found:
        assert len(found.read(found.entries[0])) == 600
        with pytest.raises(ArchiveError, match="unpacks to more"):
            found.read(found.entries[1])


def test_too_many_files_are_refused_before_any_is_read(tmp_path: Path) -> None:
    files = [(f"{number}", b"") for number in range(archive.MAX_ENTRIES + 1)]
    with pytest.raises(ArchiveError, match="10000"), opened(zipped(files, tmp_path / "a.zip")):
        pass


def test_names_that_differ_only_in_case_or_unicode_form_are_refused(tmp_path: Path) -> None:
    names = ["é_1_2_x.ipynb", "e\u0301_1_2_x.ipynb", "É_1_2_X.ipynb", "e_1_2_x.ipynb"]
    with opened(zipped([(name, b"{}") for name in names], tmp_path / "a.zip")) as found:
        assert [bool(entry.refused) for entry in found.entries] == [True, True, True, False]


def test_a_damaged_file_does_not_affect_the_others(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        file.writestr("good.ipynb", b"good")
        file.writestr("torn.ipynb", b"torn, torn")
    edited(path, b"torn, torn", b"other byte")
    with opened(path) as found:
        good, torn = found.entries
        assert found.read(good) == b"good"
        with pytest.raises(ArchiveError, match="damaged"):
            found.read(torn)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04" + bytes(40)])
def test_a_file_that_is_not_a_zip_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="expected a zip"), opened(path):
        pass


def test_a_hostile_zip_writes_nothing_outside_the_class(tmp_path: Path) -> None:
    """The zip has four files with hostile names and one good file, all of learners in the list."""
    made = pupils(3)
    roster = read_roster(canvas_csv(made, tmp_path / "grades.csv"))
    numbers = [one.number for one in made]
    good = f"a_{numbers[0]}_1_{NOTEBOOK}"
    files = [
        (good, notebook_of("good")),
        (f"../../../b_{numbers[1]}_2_{NOTEBOOK}", b"{}"),
        (f"/tmp/b_{numbers[1]}_3_{NOTEBOOK}", b"{}"),
        (f"b_{numbers[1]}_4_../../{NOTEBOOK}", b"{}"),
        (f"c_{numbers[2]}_5_..", b"{}"),
    ]
    course = tmp_path / "deep" / "course"
    before = set(tmp_path.rglob("*"))
    done = collect(zipped(files, tmp_path / "a.zip"), roster, Target(course, ASSIGNMENT, NOTEBOOK))
    assert len(done.written) == 1
    assert len(done.problems) == 4
    written = {path for path in tmp_path.rglob("*") if path.is_file()} - before - {tmp_path / "a.zip"}
    expected = course / "submitted" / done.written[0] / ASSIGNMENT / NOTEBOOK
    assert written == {expected, course / "collected" / ASSIGNMENT / f"{done.written[0]}.json"}


def test_a_link_in_the_place_of_a_learners_folder_is_not_followed(tmp_path: Path) -> None:
    made = pupils(1)
    roster = read_roster(canvas_csv(made, tmp_path / "grades.csv"))
    course, elsewhere = tmp_path / "course", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (course / "submitted").mkdir(parents=True)
    (learner,) = roster
    (course / "submitted" / learner.folder).symlink_to(elsewhere)
    path = zipped([(f"a_{made[0].number}_1_{NOTEBOOK}", notebook_of("mine"))], tmp_path / "a.zip")
    done = collect(path, roster, Target(course, ASSIGNMENT, NOTEBOOK))
    assert "link" in done.problems[0].reason
    assert not list(elsewhere.iterdir())


def test_from_an_empty_zip_all_learners_are_missing(tmp_path: Path) -> None:
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    (tmp_path / "a.zip").write_bytes(empty.getvalue())
    made = pupils(2)
    roster = read_roster(canvas_csv(made, tmp_path / "grades.csv"))
    done = collect(tmp_path / "a.zip", roster, Target(tmp_path / "course", ASSIGNMENT, NOTEBOOK))
    assert len(done.missing) == 2
    assert not done.written
