"""The message on a file that is not a notebook says what the file is, rather than where parsing failed."""

from __future__ import annotations

import json

import pytest

from poolgrader.classroom.handed_in.submission import NotANotebook, parse

TEXT = json.dumps({"nbformat": 4, "cells": [], "who": "Zoë"}, ensure_ascii=False)
KINDS = {
    "an empty file": (b"", "an empty file"),
    "blanks": (b" \n\t\n", "an empty file"),
    "a byte order mark alone": (b"\xef\xbb\xbf", "an empty file"),
    "a web page": (b"\n<!DOCTYPE html>\n<html lang=en>...", "a web page (HTML)"),
    "a web page without its type": (b"<html><head>", "a web page (HTML)"),
    "UTF-16": (TEXT.encode("utf-16"), "text in UTF-16, expected UTF-8"),
    "UTF-16, its other order": (b"\xfe\xff" + TEXT.encode("utf-16-be"), "text in UTF-16, expected UTF-8"),
    "UTF-16 without a mark": (TEXT.encode("utf-16-le"), "text in UTF-16, expected UTF-8"),
    "Latin-1": (TEXT.encode("latin-1"), "text that is not UTF-8 (byte 0xeb at place 39)"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
    "a zip": (b"PK\x03\x04\x14\x00", "a zip archive"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00", "a PNG picture"),
    "something else": (bytes(range(256)), "text that is not UTF-8 (byte 0x80 at place 128)"),
    "cut off": (TEXT[:-1].encode(), "not JSON: Expecting ',' delimiter"),
    "a Python file": (b"import numpy as np\n", "not JSON: Expecting value: line 1 column 1 (char 0)"),
}


@pytest.mark.parametrize(("raw", "says"), KINDS.values(), ids=KINDS)
def test_the_message_names_the_kind_of_file(raw: bytes, says: str) -> None:
    with pytest.raises(NotANotebook) as raised:
        parse(raw)
    assert says in str(raised.value)
    assert says.startswith("not JSON") or "notebook" in str(raised.value)


def test_a_notebook_with_a_byte_order_mark_is_read() -> None:
    assert parse(b"\xef\xbb\xbf" + TEXT.encode())["who"] == "Zoë"
