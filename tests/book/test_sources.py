"""Tests of the book's sources that need no build: included code, chapter numbers, titles and lists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.book.contents import ROOT, chapters, pages, source

each_page = pytest.mark.parametrize("page", pages())
INCLUDE = re.compile(r"^```\{literalinclude\} (\S+)\n((?::.*\n)*)", re.MULTILINE)
CELL = re.compile(r"^```\{code-cell\}[^\n]*\n((?::[^\n]*\n)*)(.*?)^```", re.MULTILINE | re.DOTALL)
# The number of characters of code that fit between the two sidebars of a page 1280 pixels wide.
WIDTH = 80


def names(folder: str, pattern: str) -> list[str]:
    """The names, without suffix, of the files in a folder that match a pattern; [] if there is no folder."""
    return [path.stem for path in sorted((ROOT / folder).glob(pattern))]


@each_page
def test_code_that_a_page_includes_exists(page: str) -> None:
    for target, options in INCLUDE.findall(source(page).read_text(encoding="utf-8")):
        shown = (source(page).parent / target).resolve()
        assert shown.is_file(), f"{page} shows {target}"
        assert shown.is_relative_to(ROOT)
        named = re.search(r"^:pyobject: (\S+)$", options, re.MULTILINE)
        assert named, f"{page}: include {target} with `:pyobject:`, because line numbers change"
        defined = {
            getattr(node, "name", "") for node in ast.walk(ast.parse(shown.read_text(encoding="utf-8")))
        }
        assert set(named[1].split(".")) <= defined, f"{page}: no {named[1]} in {target}"


def test_chapters_show_poolkits_code() -> None:
    for page in pages():
        if chapters([Path(page).name]):
            assert INCLUDE.search(source(page).read_text(encoding="utf-8")), (
                f"{page} shows none of poolkit's code"
            )


@pytest.mark.parametrize(
    ("folder", "pattern"),
    [
        ("book", "[0-9]*_*.md"),
        ("solutions", "ch[0-9]*_*"),
        ("exercises", "*"),
    ],
)
def test_names_of_chapter_folders_and_files_agree_with_the_table_of_contents(
    folder: str, pattern: str
) -> None:
    listed = chapters([Path(page).name for page in pages()])
    found = chapters([re.sub(r"^ch(?=\d)", "", name) for name in names(folder, pattern)])
    assert found.items() <= listed.items()
    if folder == "book":
        assert found == listed, "a chapter's file and the table of contents do not agree"


@each_page
def test_the_title_begins_with_the_chapters_number(page: str) -> None:
    for number in chapters([Path(page).name]):
        assert f"\n# {number}. " in source(page).read_text(encoding="utf-8")


@each_page
def test_visible_code_fits_its_column(page: str) -> None:
    for options, code in CELL.findall(source(page).read_text(encoding="utf-8")):
        if "remove-" not in options:
            assert [line for line in code.splitlines() if len(line) > WIDTH] == []


def test_every_page_is_listed() -> None:
    written = {path.relative_to(ROOT).with_suffix("").as_posix() for path in (ROOT / "book").rglob("*.md")}
    assert written == set(pages())
