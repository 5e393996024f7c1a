"""Files in memory, for a sandbox in which a learner's code can write nothing to the disk.

In a notebook an answer may write a log, and read it again. With bubblewrap it has a small folder of its own
for that. Without bubblewrap, `open` keeps in memory what is written, and reads it there.
"""

from __future__ import annotations

import builtins
import io
import os
import stat
from typing import Any

from numpy.lib import _datasource

PROBE = ".can-be-written"
_open, _stat, _remove = io.open, os.stat, os.remove
_files: dict[str, bytes] = {}
_folders: set[str] = set()


def install_if_needed() -> None:
    """Keep files in memory, if no file can be written in the current folder."""
    try:
        with _open(PROBE, "w", encoding="utf-8"):
            pass
        _remove(PROBE)
    except OSError:
        builtins.open = io.open = open_file
        os.stat = stat_of  # os.path.exists and pathlib call it
        os.remove = os.unlink = remove
        os.mkdir = make_folder  # os.makedirs calls it
        # np.savetxt has a list of its own of functions that open a file.
        openers = _datasource._file_openers  # type: ignore[attr-defined] # private to numpy
        openers._load()
        openers._file_openers[None] = open_file


def _place(path: Any) -> str:
    """The absolute path; "" for a descriptor, which is no path."""
    return "" if isinstance(path, int) else os.path.abspath(os.fsdecode(path))


def stat_of(path: Any, **keywords: Any) -> Any:
    """Kind and size of a file or a folder in memory; of any other, what the disk says."""
    place = _place(path)
    if place in _files:
        return os.stat_result((stat.S_IFREG | 0o600, 0, 0, 1, 0, 0, len(_files[place]), 0, 0, 0))
    if place in _folders:
        return os.stat_result((stat.S_IFDIR | 0o700, 0, 0, 1, 0, 0, 0, 0, 0, 0))
    return _stat(path, **keywords)


def make_folder(path: Any, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
    """Remember a folder.

    Raises:
        FileExistsError: if there is one.
    """
    if os.path.exists(path):
        raise FileExistsError(17, "File exists", os.fsdecode(path))
    _folders.add(_place(path))


def remove(path: Any, *, dir_fd: int | None = None) -> None:
    """Forget a file that was written here."""
    if _files.pop(_place(path), None) is None:
        _remove(path)


class _MemoryFile(io.BytesIO):
    """A file whose content is kept when it is flushed or closed."""

    def __init__(self, place: str, mode: str) -> None:
        super().__init__(b"" if "w" in mode or "x" in mode else _files.get(place, b""))
        self.name, self._kept_as = place, place
        self._writes = any(letter in mode for letter in "wax+")
        if "a" in mode:
            self.seek(0, os.SEEK_END)
        self.flush()

    def flush(self) -> None:
        """Keep what was written so far."""
        if self._writes and not self.closed:
            _files[self._kept_as] = self.getvalue()

    def close(self) -> None:
        """Keep what was written."""
        self.flush()
        super().close()


def open_file(
    file: Any,
    mode: str = "r",
    buffering: int = -1,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    closefd: bool = True,
    opener: Any = None,
) -> Any:
    """Do what `open` does, but write to memory, and read there what was written before."""
    place = _place(file)
    in_memory = place in _files or any(letter in mode for letter in "wax+")
    if not place or not in_memory or place == os.devnull:
        return _open(file, mode, buffering, encoding, errors, newline, closefd, opener)
    if "x" in mode and place in _files:
        raise FileExistsError(17, "File exists", file)
    if "r" in mode and place not in _files:  # "r+" of a file that is on the disk, or nowhere
        with _open(file, "rb") as real:
            _files[place] = real.read()
    kept = _MemoryFile(place, mode)
    if "b" in mode:
        return kept
    return io.TextIOWrapper(kept, encoding or "utf-8", errors, newline, write_through=True)
