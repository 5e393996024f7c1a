"""Files that are whole or not there: whoever looks sees what was there before, or all that is there now."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

HALF_MADE = ".half-made-"  # how a file's name begins before it is whole; a process that was killed leaves it
READABLE = 0o644


@contextlib.contextmanager
def whole_file(path: Path, mode: int = READABLE, sync: bool = True) -> Iterator[BinaryIO]:
    """A file to write to, which takes its place when the block ends; of a block that fails nothing stays.

    Args:
        path: where to; folders are made.
        mode: who may read it.
        sync: it is on the disk when the block has ended; not needed for what can be made again.

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
    """Write what can be made again, where something else is there; returns whether it was.

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
