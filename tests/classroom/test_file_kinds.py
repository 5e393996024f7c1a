"""A notebook is read in any encoding that programs write; of any other file the message says what it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from poolgrader.classroom.handed_in.submission import NotANotebook, cells_of, parse, read_submission, text_of
from tests.classroom import work

TEXT = json.dumps({"nbformat": 4, "cells": [], "who": "Zoë"}, ensure_ascii=False)
READ = {
    "UTF-8": TEXT.encode(),
    "UTF-8 with a mark": b"\xef\xbb\xbf" + TEXT.encode(),
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16, its other order": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "UTF-16, its other order, without a mark": TEXT.encode("utf-16-be"),
    "Latin-1": TEXT.encode("latin-1"),
    "with blank lines before it": b"\n\n" + TEXT.encode(),
}
NOT_READ = {
    "an empty file": (b"", "the file is empty"),
    "blanks": (b" \n\t\n", "the file is empty"),
    "zeros": (bytes(500), "the file is empty"),
    "a byte order mark alone": (b"\xef\xbb\xbf", "the file is empty"),
    "a web page": (b"\n<!DOCTYPE html>\n<html lang=en>...", "this is a web page (HTML), not a notebook"),
    "a web page without its type": (b"<html><head>", "this is a web page (HTML)"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3", "this is a PDF"),
    "a zip": (b"PK\x03\x04\x14\x00", "this is a zip archive"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00", "this is a PNG picture"),
    "a photo": (b"\xff\xd8\xff\xe0\x00", "this is a JPEG picture"),
    "a Word document": (b"{\\rtf1\\ansi", "this is a Word document"),
    "something else": (bytes(range(256)), "this is a file of another kind"),
    "cut off": (TEXT[:-1].encode(), "the file ends in the middle"),
    "cut off in a string": (TEXT[:-4].encode(), "the file ends in the middle"),
    "with a conflict of git": (
        TEXT.replace('"cells"', '\n<<<<<<< HEAD\n"cells"').encode(),
        "the file is damaged at line 2",
    ),
    "a Python file": (b"import numpy as np\n", "this is a file of another kind"),
    "a list": (b"[]", "the file has no notebook in it"),
    "deep": (b'{"a": ' + b"[" * 200_000, "the file is damaged"),
    "without cells": (b'{"nbformat": 4}', "no cells in it"),
}


@pytest.mark.parametrize("raw", READ.values(), ids=READ)
def test_a_notebook_is_read_in_any_encoding(raw: bytes) -> None:
    assert parse(raw)["who"] == "Zoë"


@pytest.mark.parametrize(("raw", "says"), NOT_READ.values(), ids=NOT_READ)
def test_the_message_names_the_kind_of_file(raw: bytes, says: str) -> None:
    with pytest.raises(NotANotebook) as raised:
        cells_of(parse(raw))
    assert says in str(raised.value)


def test_a_notebook_of_nbformat_3_is_read() -> None:
    cells = [
        {"cell_type": "code", "input": ["x = 1\n", "y = 2"], "outputs": [], "language": "python"},
        {"cell_type": "markdown", "source": "text", "metadata": {}},
        {"cell_type": "heading", "level": 1, "source": "title"},
    ]
    notebook = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    assert [
        (cell["cell_type"], text_of(cell["source"]), cell["metadata"]) for cell in cells_of(notebook)
    ] == [
        ("code", "x = 1\ny = 2", {}),
        ("markdown", "text", {}),
        ("heading", "title", {}),
    ]


def test_outputs_of_any_size_are_passed_over(tmp_path: Path) -> None:
    notebook = json.loads(work.RELEASED.read_text(encoding="utf-8"))
    plot = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 30_000_000}}
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    code[-1]["outputs"] = [plot]
    path = tmp_path / work.RELEASED.name
    path.write_text(json.dumps(notebook), encoding="utf-8")
    found = read_submission(path, "jo", work.ASSIGNMENT, work.RELEASE)
    assert found.problem == ""
    assert found.cells == read_submission(work.RELEASED, "jo", work.ASSIGNMENT, work.RELEASE).cells
