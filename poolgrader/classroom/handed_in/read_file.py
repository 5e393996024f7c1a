"""Reads the file that a learner handed in: as bytes, of a limited size, and never through a link."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

from poolgrader.classroom.handed_in.archive import ArchiveError, opened
from poolgrader.classroom.handed_in.size import MAX_BYTES, too_large

# Some programs add an ending of their own when they save or send a notebook.
ENDINGS = (".ipynb", ".ipynb.txt", ".ipynb.json")


def is_notebook_name(name: str) -> bool:
    """Whether a file's name is one that a notebook may have."""
    return name.casefold().endswith(ENDINGS)


def is_zip_name(name: str) -> bool:
    """Whether a file's name is that of a zip."""
    return name.casefold().endswith(".zip")


def notebooks_in_zip(path: Path | BinaryIO) -> list[str]:
    """The names of the notebooks in a zip; none if it cannot be read.

    Copies that macOS and Jupyter put beside a notebook are left out.
    """
    try:
        with opened(path) as archive:
            return [
                entry.name
                for entry in archive.entries
                if is_notebook_name(entry.base)
                and not any(part.startswith((".", "__MACOSX")) for part in (*entry.folders, entry.base))
                and not entry.refused
            ]
    except ArchiveError:
        return []


def _from_zip(path: Path, name: str) -> tuple[bytes, str, bool]:
    """The bytes of a file in a zip that a learner handed in; see `read_bytes`."""
    if any(place.is_symlink() for place in (path, path.parent, path.parent.parent)):
        return b"", "expected a file, got a link", False
    try:
        with opened(path) as archive:
            for entry in archive.entries:
                if entry.name == name:
                    return archive.read(entry), "", False
    except ArchiveError as error:
        return b"", f"{path.name}: {error}", False
    return b"", f"{path.name}: expected {name} in it", False


def read_bytes(path: Path) -> tuple[bytes, str, bool]:
    """The bytes of a submitted notebook, what is wrong with it or "", and whether that may be temporary."""
    linked = "expected a file, got a link"
    if packed := next((parent for parent in path.parents if is_zip_name(parent.name)), None):
        return _from_zip(packed, path.relative_to(packed).as_posix())
    try:
        if any(place.is_symlink() for place in (path, path.parent, path.parent.parent)):
            return b"", linked, False
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            facts = os.fstat(descriptor)
            if not stat.S_ISREG(facts.st_mode):
                return b"", "expected a file, got something else", False
            if facts.st_size > MAX_BYTES:
                return b"", too_large(facts.st_size), False
            return file.read(MAX_BYTES + 1), "", False
    except FileNotFoundError:
        return b"", _absent(path), False
    except IsADirectoryError:
        return b"", "expected a file, got a folder", False
    except OSError as error:
        if error.errno == errno.ELOOP:
            return b"", linked, False
        return b"", f"not readable: {error.strerror}", True


def digest_of(raw: bytes, problem: str) -> str:
    """The digest of a notebook's content; "" if there was nothing to read."""
    return "" if problem else hashlib.sha256(raw).hexdigest()


def _absent(path: Path) -> str:
    """Say which notebooks are there instead: another name is the commonest mistake."""
    others = sorted(other.name for other in path.parent.glob("[!.]*.ipynb"))[:3]
    there = f"there is {', '.join(map(repr, others))}" if others else "there is no notebook"
    return f"expected {path.name}, {there}"
