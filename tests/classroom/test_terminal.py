"""Printed text: no name or text of a learner can control the terminal or break the table."""

from __future__ import annotations

import ast
import io
from pathlib import Path
from typing import Any

import pytest

import poolgrader.classroom
from poolgrader.__main__ import main
from poolgrader.classroom import grade_command
from poolgrader.classroom.pages.write_pages import table
from poolgrader.classroom.secret import TEST_SECRET
from poolgrader.classroom.terminal import Terminal, plain
from poolgrader.questions import questions_of
from tests.classroom import work
from tests.classroom.classes import ASSIGNMENT, FULL
from tests.classroom.made_results import QUESTIONS, columns, record, result

CLEARS = "\x1b[2J"  # an escape sequence that clears the screen
HOSTILE = (
    CLEARS,
    "\x1b]0;title\x07",
    "\x9b31m",
    "\x7f\x08\x08",
    "a\rb",
    "two\nlines",
    "\u202egnp.exe",
    "\u2066\u2069",
    "\u2028",
    "\udcff",
    "\x00",
)


def is_printable(text: str) -> bool:
    """Whether each character of a text is a line break, or printable according to `str.isprintable`."""
    return all(char.isprintable() or char == "\n" for char in text)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_control_characters_are_escaped(text: str) -> None:
    shown = plain(f"jane{text}doe")
    assert shown.isprintable()
    assert shown.startswith("jane")
    assert shown.endswith("doe")
    assert "\\" in shown, "the removed character must be shown as an escape"
    assert len({plain(hostile) for hostile in HOSTILE}) == len(HOSTILE), "different names must stay different"


@pytest.mark.parametrize(
    "text", ["Müller 王", "الهاشمي", "कुमार", "Garci\u0301a", "o'brien [bold]", "می\u200cخواهم", ""]
)
def test_honest_names_stay_as_they_are(text: str) -> None:
    assert plain(text) == text


def printed(*shown: Any, width: int = 100) -> str:
    """Print texts and tables on a terminal of this width; returns the printed text."""
    out = io.StringIO()
    terminal = Terminal(file=out, width=width)
    for item in shown:
        terminal.say(item) if isinstance(item, str) else terminal.print(item)
    return out.getvalue()


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_tables_and_lines_are_printed_without_control_characters(text: str) -> None:
    lost = record(1, 0.0, status="lost", reason=f"KeyError: {text}")
    one = result(f"jane{text}", lost, cells=[f"q3-2: {text}"])
    out = printed(table(ASSIGNMENT, [one]), f"jane: {text}", f"[bold]{text}")
    assert is_printable(out)
    assert "[bold]" in out
    row = next(line for line in out.splitlines() if "jane" in line)
    total = f"{FULL - QUESTIONS[1].points:g}"
    assert row.split()[1 : len(QUESTIONS) + 2] == [
        *columns(q3_2=0.0),
        total,
    ], "each mark must be in its column"


def test_a_long_name_does_not_squeeze_the_other_columns() -> None:
    made = [result("x" * 190), result("wrong-zero-padding", record(2, 3.2, reason="zero_padding"))]
    lines = printed(table(ASSIGNMENT, made)).splitlines()
    head = next(line for line in lines if "3.1" in line)
    assert head.split()[: len(QUESTIONS) + 1] == [
        *(question.id for question in questions_of(ASSIGNMENT)),
        "total",
    ]
    assert max(map(len, lines)) <= 100
    long, short = (next(line for line in lines if name in line) for name in ("xxx", "wrong-zero-padding"))
    assert "x…" in long
    assert long.split()[1:] == [*columns(), f"{FULL:g}"]
    assert short.split()[1:] == [
        *columns(q3_3=3.2),
        f"{FULL - QUESTIONS[2].points + 3.2:.3g}",
        "3.3",
        "zero_padding",
    ]


def test_only_terminal_py_prints() -> None:
    """A call of `print` in another module would skip the escaping that this file tests."""
    assert [
        f"{path.name}:{node.lineno}"
        for path in sorted(Path(poolgrader.classroom.__path__[0]).glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("print", "Console")
    ] == []


def test_a_whole_run_prints_no_control_characters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grade_command, "course_secret", lambda folder: TEST_SECRET)
    work.hand_in(tmp_path, f"set-aside{CLEARS}")
    work.hand_in(tmp_path, "raises", work.RIGHT | {"q0-2": f"raise KeyError({CLEARS!r})"})
    work.hand_in(tmp_path, f"\u202e{CLEARS}", {}).parent.rename(tmp_path / "submitted" / f"odd{CLEARS}")
    (tmp_path / "submitted" / "raises" / f"no-assignment{CLEARS}").mkdir()
    for more in (["--dry-run"], []):
        main(["grade", "--folder", str(tmp_path), "--workers", "1", *more])
    for verb in ("report", "export"):
        main([verb, "--folder", str(tmp_path), "--assignment", work.ASSIGNMENT])
    captured = capsys.readouterr()
    assert is_printable(captured.out + captured.err)
    assert f"set-aside{plain(CLEARS)}" in captured.out
    assert f"no-assignment{plain(CLEARS)}" in captured.err


def test_an_error_message_has_no_control_characters(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as end:
        main(["grade", "--folder", str(tmp_path / f"nothing{CLEARS}\n")])
    assert isinstance(end.value.code, str)
    assert is_printable(end.value.code)
    assert plain(CLEARS) in end.value.code
