"""Lets only one run at a time work in a class's folder; a run removes unfinished files of killed runs."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from poolgrader.whole_files import HALF_MADE

LOCK = ".grading.lock"
HOLDER = ".grading.process"  # contains the id of the process that holds the lock


class Busy(RuntimeError):
    """Another run is at work in the folder; the message says which."""


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Lock a class's folder for one run; the system releases the lock when the process ends, however it ends.

    Raises:
        Busy: if another run holds the lock.
        OSError: if the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    holder, lock = folder / HOLDER, FileLock(folder / LOCK, blocking=False)
    try:
        lock.acquire()
    except Timeout:
        raise Busy(
            f"another run is grading in {folder} (process {_known(holder)}); wait until it is done"
        ) from None
    try:
        holder.write_text(str(os.getpid()), encoding="ascii")
        sweep(folder)
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _known(holder: Path) -> str:
    try:
        return holder.read_text(encoding="ascii") or "not known"
    except (OSError, ValueError):
        return "not known"


def sweep(folder: Path) -> None:
    """Remove unfinished files of killed runs; the caller holds the lock, so no other run needs them."""
    for place in (
        folder,
        folder / "by-hand",
        *(folder / "results").glob("*"),
        *(folder / "reports").glob("*"),
    ):
        for path in place.glob(f"{HALF_MADE}*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
