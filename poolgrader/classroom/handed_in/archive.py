"""Reads a zip that may be hostile: tells which entries may be read, and why each other is refused.

Nothing is ever written under a name from the zip: the caller decides where to write. Names are checked even
so, and a hostile one is reported, not silently corrected.
"""

from __future__ import annotations

import stat
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from poolgrader.classroom.handed_in.size import MAX_BYTES

MAX_ENTRIES = 10_000
MAX_TOTAL = 2 * 2**30  # bytes, unpacked
MAX_RATIO = 200  # unpacked to packed size, if unpacked it is over MIN_BOMB bytes; a notebook has 3 to 20
MIN_BOMB = 2**20
BLOCK = 2**16


class ArchiveError(ValueError):
    """A zip, or an entry of it, cannot or must not be read; the message says why."""


@dataclass(frozen=True)
class ZipMember:
    """A file in a zip.

    Args:
        name: as the zip spells it, Unicode in its composed form.
        folders: the folders before the file's own name.
        base: the file's own name.
        when: year, month, day, hour, minute, second, as the zip has it.
        refused: why it must not be read, or "".
        info: the zip's own record of it.
    """

    name: str
    folders: tuple[str, ...]
    base: str
    when: tuple[int, ...]
    refused: str
    info: zipfile.ZipInfo


class Archive:
    """An open zip, with its entries in the order of its directory.

    Raises:
        ArchiveError: if it has more entries than a class hands in.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if len(infos) > MAX_ENTRIES:
            raise ArchiveError(f"expected at most {MAX_ENTRIES} files in the zip, got {len(infos)}")
        self._archive = archive
        self._left = MAX_TOTAL
        twice = Counter(_composed(info.filename).casefold() for info in infos)
        self.entries = [_entry(info, twice[_composed(info.filename).casefold()]) for info in infos]

    def read(self, entry: ZipMember) -> bytes:
        """The bytes of an entry, counted while they are unpacked: the zip's own sizes are not trusted.

        Raises:
            ArchiveError: if the entry is refused, too large, or damaged.
        """
        if entry.refused:
            raise ArchiveError(entry.refused)
        taken = bytearray()
        try:
            with self._archive.open(entry.info) as file:
                while block := file.read(BLOCK):
                    taken += block
                    self._left -= len(block)
                    if len(taken) > MAX_BYTES:
                        raise ArchiveError(f"expected at most {MAX_BYTES >> 20} MiB, got more")
                    if self._left < 0:
                        raise ArchiveError(f"the zip unpacks to more than {MAX_TOTAL >> 30} GiB")
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            OSError,
        ) as error:
            raise ArchiveError(
                f"damaged, or compressed in a way that cannot be read: {str(error)[:100]}"
            ) from None
        return bytes(taken)


@contextmanager
def opened(path: Path | BinaryIO) -> Iterator[Archive]:
    """Open a zip.

    Raises:
        ArchiveError: if it is no zip, or has more entries than a class hands in.
    """
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise ArchiveError(f"{path}: expected a zip, found nothing there") from None
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ArchiveError(f"{path}: expected a zip: {str(error)[:100]}") from None
    with archive:
        yield Archive(archive)


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _entry(info: zipfile.ZipInfo, times: int) -> ZipMember:
    name = _composed(info.filename)
    *folders, base = PurePosixPath(name).parts or ("",)
    return ZipMember(name, tuple(folders), base, info.date_time, _refusal(info, name, times), info)


def _refusal(info: zipfile.ZipInfo, name: str, times: int) -> str:
    """Why an entry must not be read, or ""."""
    original = getattr(info, "orig_filename", name)  # filename is cut at a NUL
    parts = name.split("/")
    reasons = {
        "its name holds a NUL or another control character": any(
            unicodedata.category(letter) == "Cc" for letter in original
        ),
        "its name begins at the root of the disk": name.startswith("/"),
        "its name begins with a drive": len(name) > 1 and name[1] == ":" and name[0].isalpha(),
        "its name climbs out of the folder (..)": ".." in parts or ".." in name.split("\\"),
        "its name holds a backslash": "\\" in original,
        "its name is empty": not parts[-1],
        "it is a link": stat.S_ISLNK(info.external_attr >> 16),
        "it is not a plain file": (
            (info.external_attr >> 16) != 0
            and stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFLNK)
        ),
        "it is encrypted": bool(info.flag_bits & 0x1),
        "its name is in the zip more than once": times > 1,
        f"expected at most {MAX_BYTES >> 20} MiB, got {info.file_size >> 20} MiB": (
            info.file_size > MAX_BYTES
        ),
        f"it unpacks to more than {MAX_RATIO} times its size": (
            info.file_size > MIN_BOMB and info.file_size > MAX_RATIO * max(info.compress_size, 1)
        ),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")
