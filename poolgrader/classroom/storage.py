"""Files that are whole or not there, and the lock of a class's folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

HALF_MADE = ".half-made-"  # what a run that was killed may leave; the next one removes it


class Busy(RuntimeError):
    """Another run is at work in the folder; the message says which."""


def write_whole(path: Path, data: bytes, sync: bool = True) -> None:
    """Write a file whole or not at all: whoever looks sees what was there before, or all that is there now.

    Args:
        path: where to; folders are made.
        data: what.
        sync: it is on the disk when this returns; not needed for what can be made again.

    Raises:
        OSError: if it cannot be written; nothing of it stays then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=HALF_MADE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            if sync:
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def write_changed(path: Path, data: bytes) -> bool:
    """Write what can be made again, where something else is there; returns whether it was.

    Raises:
        OSError: see `write_whole`.
    """
    try:
        if path.read_bytes() == data:
            return False
    except OSError:
        pass
    write_whole(path, data, sync=False)
    return True


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a class's folder for one run; the system lets go of it when the process ends, however it ends.

    Raises:
        Busy: if another run holds it.
        OSError: if the folder cannot be written to.
    """
    import fcntl  # not on Windows, where nothing can be graded

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ".grading.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who = file.read().strip() or "not known"
            raise Busy(f"another run is grading in {folder} (process {who}); wait until it is done") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        sweep(folder)
        yield
        file.truncate(0)


def sweep(folder: Path) -> None:
    """Remove what runs that were killed were at: nobody else is at work when this is called."""
    for place in (
        folder,
        folder / "by-hand",
        *(folder / "results").glob("*"),
        *(folder / "reports").glob("*"),
    ):
        for path in place.glob(f"{HALF_MADE}*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
