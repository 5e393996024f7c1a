"""A learner's folder: a name that is safe on every disk, stays the same, and leads back to the LMS's id.

The folder is the login, letter by letter where a letter is safe. Any other byte of its UTF-8 becomes `~` and
two hexadecimal digits, so that the login can be read back. Where there is no login the LMS's own number is
taken, with the LMS's name before it.
"""

from __future__ import annotations

import re
import unicodedata

SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@-")
LONGEST = 120
# by Windows, with any ending
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
ESCAPE = re.compile("~([0-9a-f]{2})")


def folder_of(login: str) -> str:
    """The folder of a login; `login_of` reads it back.

    Args:
        login: as the LMS has it; composed, so that two spellings of one letter are one folder.

    Raises:
        ValueError: if the login is empty, or its folder would be longer than disks take.

    >>> folder_of("jane.doe@uni.example"), folder_of("o'brien"), folder_of("../x")
    ('jane.doe@uni.example', 'o~27brien', '~2e.~2fx')
    """
    login = unicodedata.normalize("NFC", login)
    letters = [letter if letter in SAFE else _escaped(letter) for letter in login]
    if letters and (not login[0].isascii() or not login[0].isalnum() or RESERVED.match(login)):
        letters[0] = _escaped(login[0])  # no hidden file, no option of a command, no formula, no device
    if letters and login[-1] == ".":
        letters[-1] = _escaped(".")  # Windows drops it
    folder = "".join(letters)
    if not 0 < len(folder) <= LONGEST:
        raise ValueError(f"expected a login of 1 to {LONGEST} letters, got {login[:40]!r}")
    return folder


def login_of(folder: str) -> str:
    """The login that a folder stands for.

    >>> login_of("o~27brien"), login_of("~2e.~2fx")
    ("o'brien", '../x')
    """
    return (
        ESCAPE.sub(lambda found: chr(int(found[1], 16)), folder)
        .encode("latin-1", "replace")
        .decode("utf-8", "replace")
    )


def _escaped(letter: str) -> str:
    return "".join(f"~{byte:02x}" for byte in letter.encode("utf-8", "surrogatepass"))
