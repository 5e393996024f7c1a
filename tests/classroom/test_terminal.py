"""What reaches a terminal: nothing that a learner wrote or is called commands it,
and the table stays a table.
"""

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


def commands_no_terminal(text: str) -> bool:
    """Whether only lines of letters that can be seen stand in it; worked out here by Python's own table."""
    return all(letter.isprintable() or letter == "\n" for letter in text)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_what_commands_a_terminal_is_shown(text: str) -> None:
    shown = plain(f"jane{text}doe")
    assert shown.isprintable()
    assert shown.startswith("jane")
    assert shown.endswith("doe")
    assert "\\" in shown, "it can be seen that something stood there"
    assert len({plain(one) for one in HOSTILE}) == len(HOSTILE), "two names are told apart"


@pytest.mark.parametrize(
    "text", ["Müller 王", "الهاشمي", "कुमार", "Garci\u0301a", "o'brien [bold]", "می\u200cخواهم", ""]
)
def test_honest_names_stay_as_they_are(text: str) -> None:
    assert plain(text) == text


def printed(*shown: Any, width: int = 100) -> str:
    """What a terminal of this width gets."""
    out = io.StringIO()
    terminal = Terminal(file=out, width=width)
    for one in shown:
        terminal.say(one) if isinstance(one, str) else terminal.print(one)
    return out.getvalue()


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_neither_a_table_nor_a_line_commands_the_terminal(text: str) -> None:
    lost = record(1, 0.0, status="lost", reason=f"KeyError: {text}")
    one = result(f"jane{text}", lost, cells=[f"q3-2: {text}"])
    out = printed(table(ASSIGNMENT, [one]), f"jane: {text}", f"[bold]{text}")
    assert commands_no_terminal(out)
    assert "[bold]" in out
    row = next(line for line in out.splitlines() if "jane" in line)
    total = f"{FULL - QUESTIONS[1].points:g}"
    assert row.split()[1 : len(QUESTIONS) + 2] == [
        *columns(q3_2=0.0),
        total,
    ], "each mark stands in its column"


def test_one_long_name_leaves_the_other_columns_their_room() -> None:
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


def test_one_file_alone_prints() -> None:
    """Whoever prints elsewhere goes around what is held here."""
    assert [
        f"{path.name}:{node.lineno}"
        for path in sorted(Path(poolgrader.classroom.__path__[0]).glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("print", "Console")
    ] == []


def test_a_whole_run_commands_no_terminal(
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
    said = capsys.readouterr()
    assert commands_no_terminal(said.out + said.err)
    assert f"set-aside{plain(CLEARS)}" in said.out
    assert f"no-assignment{plain(CLEARS)}" in said.err


def test_what_ends_a_command_commands_no_terminal(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as end:
        main(["grade", "--folder", str(tmp_path / f"nothing{CLEARS}\n")])
    assert isinstance(end.value.code, str)
    assert commands_no_terminal(end.value.code)
    assert plain(CLEARS) in end.value.code
