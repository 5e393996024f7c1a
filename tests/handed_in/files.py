"""Kinds that differ in the file: its name, its folder, its encoding, or what it is at all."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

from tests.handed_in.kinds import RELEASED, Kind, Notebook, Write, as_released


def _text(notebook: Notebook) -> str:
    return json.dumps(notebook, indent=1, ensure_ascii=False)


def _with_umlauts(notebook: Notebook) -> None:
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "Grüße, ça va, naïve – € é"})


def named(name: str) -> Write:
    """Write it under another name."""

    def write(folder: Path, notebook: Notebook) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(_text(notebook), encoding="utf-8")

    return write


def encoded(encoding: str, start: bytes = b"") -> Write:
    """Write it in another encoding, with some bytes before the text."""

    def write(folder: Path, notebook: Notebook) -> None:
        text = _text(notebook).replace("≤", "<=").encode(encoding, "replace")
        (folder / RELEASED.name).write_bytes(start + text)

    return write


def raw(content: bytes) -> Write:
    """Write something else under the released name."""

    def write(folder: Path, notebook: Notebook) -> None:
        (folder / RELEASED.name).write_bytes(content)

    return write


def edited(old: str, new: str) -> Write:
    """Write it with a part of its text replaced."""

    def write(folder: Path, notebook: Notebook) -> None:
        text = _text(notebook)
        assert old in text
        (folder / RELEASED.name).write_text(text.replace(old, new), encoding="utf-8")

    return write


def cut(share: float) -> Write:
    """Write only the first part of it."""

    def write(folder: Path, notebook: Notebook) -> None:
        text = _text(notebook)
        (folder / RELEASED.name).write_text(text[: int(share * len(text))], encoding="utf-8")

    return write


def zipped(*names: str) -> Write:
    """Write a zip with the notebook under each of the names."""

    def write(folder: Path, notebook: Notebook) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                archive.writestr(name, _text(notebook) if name.endswith(".ipynb") else "text")
        (folder / "work.zip").write_bytes(packed.getvalue())

    return write


def both(*writes: Write) -> Write:
    """Write several files."""

    def write(folder: Path, notebook: Notebook) -> None:
        for one in writes:
            one(folder, notebook)

    return write


def other_assignment(name: str) -> Write:
    """Write the released notebook of another assignment."""

    def write(folder: Path, notebook: Notebook) -> None:
        path = RELEASED.parents[1] / "04_average_pooling" / "average_pooling.ipynb"
        (folder / name).write_bytes(path.read_bytes())

    return write


def linked(folder: Path, notebook: Notebook) -> None:
    """Write it beside the submission, with a link to it."""
    (folder.parent / "elsewhere.ipynb").write_text(_text(notebook), encoding="utf-8")
    (folder / RELEASED.name).symlink_to(folder.parent / "elsewhere.ipynb")


def folder_of_that_name(folder: Path, notebook: Notebook) -> None:
    """Make a folder with the notebook's name."""
    (folder / RELEASED.name).mkdir()


def pipe(folder: Path, notebook: Notebook) -> None:
    """Make a pipe with the notebook's name."""
    os.mkfifo(folder / RELEASED.name)


HTML = b"<!DOCTYPE html>\n<html><head><title>max_pooling</title></head><body></body></html>"
NAMES = (
    "max_pooling (1).ipynb",
    "max_pooling(2).ipynb",
    "max_pooling-1.ipynb",
    "max_pooling-Copy1.ipynb",
    "max_pooling_final_FINAL.ipynb",
    "Copy of max_pooling.ipynb",
    "Kopie von max_pooling.ipynb",
    "max_pooling.IPYNB",
    "MAX_POOLING.ipynb",
    "max_pooling.ipynb.txt",
    "max_pooling.ipynb.json",
    "max_pooling.ipynb.ipynb",
    "max pooling.ipynb",
    "03_max_pooling.ipynb",
    "Untitled.ipynb",
    "Jane Doe - max_pooling.ipynb",
    "作业三.ipynb",
    "Übung 3.ipynb",
    "hw3 🙂.ipynb",
    "max_pooling .ipynb",
    "week 3/max_pooling.ipynb",
    "03_max_pooling/max_pooling.ipynb",
    "a/b/max_pooling.ipynb",
    "max_pooling_files/max_pooling (1).ipynb",
    f"{'long name ' * 18}.ipynb",
    "=cmd()|x.ipynb",
)

KINDS = (
    *(Kind(f"named {name[:40]}", write=named(name)) for name in NAMES),
    Kind("a zip with the notebook", write=zipped("max_pooling.ipynb")),
    Kind("a zip with a folder", write=zipped("max_pooling/max_pooling.ipynb", "max_pooling/notes.txt")),
    Kind(
        "a zip from macOS",
        write=zipped("max_pooling.ipynb", "__MACOSX/._max_pooling.ipynb"),
    ),
    Kind(
        "a zip with Jupyter's checkpoint",
        write=zipped("x/max_pooling.ipynb", "x/.ipynb_checkpoints/max_pooling-checkpoint.ipynb"),
    ),
    Kind("beside its checkpoint", write=both(as_released, named(".ipynb_checkpoints/max_pooling.ipynb"))),
    Kind("beside a file of data", write=both(as_released, named("data/measured.json"))),
    Kind("beside a second copy", write=both(as_released, named("max_pooling (1).ipynb"))),
    Kind("beside another assignment's", write=both(as_released, other_assignment("average_pooling.ipynb"))),
    Kind("UTF-8 with a byte order mark", write=encoded("utf-8", b"\xef\xbb\xbf"), change=_with_umlauts),
    Kind("UTF-16", write=encoded("utf-16"), change=_with_umlauts),
    Kind("UTF-16 without a mark", write=encoded("utf-16-le"), change=_with_umlauts),
    Kind("UTF-16, its other order", write=encoded("utf-16-be", b"\xfe\xff"), change=_with_umlauts),
    Kind("Latin-1", write=encoded("latin-1"), change=_with_umlauts),
    Kind("Windows-1252", write=encoded("cp1252"), change=_with_umlauts),
    Kind("blank lines before it", write=encoded("utf-8", b"\r\n\r\n")),
    Kind("a key twice", write=edited('"nbformat": 4', '"nbformat": 3,\n "nbformat": 4')),
    Kind("an empty file", write=raw(b""), aside="the file is empty"),
    Kind("zeros after a crash", write=raw(bytes(4096)), aside="the file is empty"),
    Kind("a saved web page", write=raw(HTML), aside="this is a web page (HTML)"),
    Kind("a PDF", write=raw(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3"), aside="this is a PDF"),
    Kind("a screenshot", write=raw(b"\x89PNG\r\n\x1a\n\0\0"), aside="this is a PNG picture"),
    Kind("a zip under the notebook's name", write=raw(b"PK\x03\x04\x14\0"), aside="this is a zip archive"),
    Kind("a Python script", write=raw(b"import numpy as np\n"), aside="a file of another kind"),
    Kind("a link to a cloud drive", write=raw(b"[InternetShortcut]\nURL=x"), aside="a file of another kind"),
    Kind("a pointer of Git LFS", write=raw(b"version https://git-lfs"), aside="a file of another kind"),
    Kind("cut in the middle", write=cut(0.5), aside="the file ends in the middle"),
    Kind("cut near its end", write=cut(0.99), aside="the file ends in the middle"),
    Kind(
        "a conflict of git in the file",
        write=edited('"nbformat": 4', '<<<<<<< HEAD\n "nbformat": 4'),
        aside="the file is damaged at line",
    ),
    Kind("JSON that is no notebook", write=raw(b'{"a": 1}'), aside="no cells in it"),
    Kind("another assignment's", write=other_assignment("max_pooling.ipynb"), aside="not max_pooling of"),
    Kind("nothing at all", write=lambda folder, notebook: None, aside="there is no notebook"),
    Kind("only a text", write=named("answers.txt"), aside="there is no notebook"),
    Kind("a link", write=linked, aside="got a link"),
    Kind("a folder of that name", write=folder_of_that_name, aside="expected a file"),
    Kind("a pipe", write=pipe, aside="expected a file"),
    Kind(
        "two different ones, neither with the name",
        write=both(
            named("a.ipynb"), lambda folder, notebook: named("b.ipynb")(folder, {**notebook, "metadata": {}})
        ),
        aside="can each be",
    ),
)
