"""Reads when a submission was handed in, from the file timestamp.txt, which a learner may have written.

Three programs write it: nbgrader's exchange (nbgrader/exchange/abc/exchange.py, `timestamp_format`, with
fractions of a second and ` UTC`), our own `collect` (without fractions), and nbgrader's zip_collect (without
` UTC`, though it is UTC). No other form is read: no names of time zones, no words. nbgrader itself would open
a file by the name of a time zone.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from datetime import UTC, datetime
from pathlib import Path

NAME = "timestamp.txt"
LONGEST = 64  # bytes
WRITTEN = "%Y-%m-%d %H:%M:%S UTC"  # how `collect` writes it
FORM = re.compile(rb"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?: UTC)?")
EXPECTED = "expected a time such as 2026-01-31 23:59:59 UTC"


class BadTime(ValueError):
    """A timestamp.txt without a time that can be read; the message says what was expected and what came."""


def stamped(moment: datetime) -> bytes:
    """What is written into a timestamp.txt.

    >>> stamped(datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC))
    b'2026-01-31 23:59:59 UTC\\n'
    """
    return f"{moment.astimezone(UTC).strftime(WRITTEN)}\n".encode()


def moment_of(text: bytes) -> datetime:
    """The time in the bytes of a timestamp.txt, as the gradebook has it: UTC, but without a time zone.

    Raises:
        BadTime: if they are no time.

    >>> moment_of(b"2026-02-03 18:00:00.5 UTC")
    datetime.datetime(2026, 2, 3, 18, 0, 0, 500000)
    """
    found = FORM.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if found:
        fraction = (found[2] or b"").ljust(6, b"0")
        try:
            return datetime.fromisoformat(found[1].decode()).replace(microsecond=int(fraction))
        except ValueError:
            pass
    raise BadTime(f"{EXPECTED}, got {text[:40]!r}")


def read_timestamp(folder: Path) -> tuple[bytes | None, datetime | None]:
    """Bytes and time of a submission's timestamp.txt; None for both where there is none.

    Args:
        folder: of the submission.

    Raises:
        BadTime: if there is anything else.
    """
    try:
        text = _read(folder / NAME)
        return (None, None) if text is None else (text, moment_of(text))
    except BadTime as error:
        raise BadTime(f"{NAME}: {error}") from None


def _read(path: Path) -> bytes | None:
    """The bytes of the file, at most LONGEST; None if there is no file. Never waits, as on a named pipe."""
    try:
        if path.parent.is_symlink() or path.parent.parent.is_symlink():
            raise BadTime("expected a folder, got a link")
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise BadTime("expected a file, got something else")
            text = os.read(descriptor, LONGEST + 1)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise BadTime("expected a file, got a link") from None
        raise BadTime(f"expected a file, got one that cannot be read ({error.strerror})") from None
    if len(text) > LONGEST:
        raise BadTime(f"expected at most {LONGEST} bytes, got more")
    return text
