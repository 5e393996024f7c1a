"""Writes files as a whole: a reader finds the old content, or all of the new content, never a part of it."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

HALF_MADE = ".half-made-"  # how the name of an unfinished file begins; a killed process leaves one
READABLE = 0o644


@contextlib.contextmanager
def whole_file(path: Path, mode: int = READABLE, sync: bool = True) -> Iterator[BinaryIO]:
    """Open a temporary file for writing; when the block ends, it is moved to `path`.

    If the block raises, the file is removed.

    Args:
        path: of the file; missing folders are made.
        mode: permissions of the file.
        sync: wait until the file is on the disk; not needed for a file that can be made again.

    Raises:
        OSError: if it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=HALF_MADE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.chmod(temporary, mode)
            if sync:
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def write_whole(path: Path, data: bytes, mode: int = READABLE, sync: bool = True) -> None:
    """Write all of a file at once; see `whole_file`.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_whole(Path(folder) / "new" / "marks.csv", b"ada,4")
    ...     print([path.name for path in Path(folder).rglob("*.*")])
    ['marks.csv']
    """
    with whole_file(path, mode, sync) as file:
        file.write(data)


def write_changed(path: Path, data: bytes) -> bool:
    """Write a file that can be made again, unless it has this content already; return whether it was written.

    Raises:
        OSError: see `whole_file`.
    """
    try:
        if path.read_bytes() == data:
            return False
    except OSError:
        pass
    write_whole(path, data, sync=False)
    return True
