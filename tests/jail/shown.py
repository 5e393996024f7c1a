"""Check what people see of a submission: its page, report lines, CSV row, and notebook in formgrader."""

from __future__ import annotations

import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
from nbconvert import HTMLExporter

from poolgrader.classroom.exports.for_people import marks_csv
from poolgrader.classroom.handed_in.read_file import read_bytes
from poolgrader.classroom.pages.autograded import autograded
from poolgrader.classroom.pages.learner_page import learner_page
from poolgrader.classroom.pages.reasons import explained, not_normal
from poolgrader.classroom.run.result import Result

# the largest number of characters that a learner's page may have
LARGEST = 2**20
# the largest number of lines that the report may have about one learner
MOST_LINES = 30
# texts of attacks that must not appear in a page unescaped
MARKUP = ("<script>alert", "<img src=x", "\x1b", "\u202e")
RUNS = ("script", "iframe", "object", "embed", "form", "style", "link", "base", "meta")
PLACES = ("href", "src", "action", "xlink:href", "srcdoc", "formaction", "data")
HARMLESS = ("#", "attachment:", "data:image/")


class _Page(HTMLParser):
    """Collects scripts and links that an attack put into a page; it finds them by the word "owned"."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag if tag in RUNS else ""
        for name, value in attrs:
            text = (value or "").lower()
            runs = name.startswith("on") or (name in PLACES and not text.startswith(HARMLESS))
            if "owned" in text and (runs or tag in RUNS):
                self.found.add(f"<{tag} {name}>")

    def handle_data(self, data: str) -> None:
        if self.inside and "owned" in data:
            self.found.add(f"<{self.inside}>")
        self.inside = ""


def _runs(page: str) -> set[str]:
    parser = _Page()
    parser.feed(page)
    return parser.found


def _unfit(text: str) -> bool:
    """Whether a text has characters that reverse, hide or cover others."""
    covered = any(
        all(unicodedata.combining(char) or unicodedata.category(char) == "Me" for char in text[at : at + 5])
        for at in range(len(text) - 4)
        if not text[at].isascii()
    )
    return covered or any(
        unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or 0xE0000 <= ord(char) < 0xE0080
        for char in text.replace("\n", "").replace("\t", "")
    )


def wrong_with(result: Result, path: Path, release: dict[str, Any]) -> set[str]:
    """List the faults in what people see of a submission; an honest submission has none.

    Args:
        result: the result of grading the submission.
        path: the submitted notebook.
        release: the released notebook.
    """
    made = nbformat.reads(autograded(release, read_bytes(path)[0], result).notebook.decode(), as_version=4)
    nbformat.validate(made)
    page, notebook = (
        learner_page(result),
        HTMLExporter(template_name="basic").from_notebook_node(made)[0],
    )
    lines = [*explained(result), *not_normal(result)]
    row = marks_csv(result["assignment"], {}, {result["learner"]: result})[0].decode()
    found = {f"in the report: {mark!r}" for mark in MARKUP if mark in page}
    found |= {f"runs in its page: {tag}" for tag in _runs(page)}
    found |= {f"runs in formgrader: {tag}" for tag in _runs(notebook)}
    found |= {f"a page of {len(page)} characters"} if len(page) > LARGEST else set()
    found |= {f"{len(lines)} lines about one learner"} if len(lines) > MOST_LINES else set()
    found |= {"a line break within a line"} if any("\n" in line for line in lines) else set()
    found |= (
        {"characters that reverse, hide or cover others"} if any(map(_unfit, [*lines, page, row])) else set()
    )
    return found
