"""Makes the name of a learner's folder: safe on every disk, always the same, and readable as the login.

Safe letters of the login are kept. Each UTF-8 byte of any other letter becomes `~` and two hexadecimal
digits, so that the login can be read back. If there is no login, the folder is the name of the LMS and the
LMS's number of the learner.
"""

from __future__ import annotations

import re
import unicodedata

SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@-")
LONGEST = 120
# names that Windows reserves, with any ending
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
ESCAPE = re.compile("~([0-9a-f]{2})")


def folder_of(login: str) -> str:
    """The folder of a login; `login_of` reads it back.

    Args:
        login: as the LMS has it; Unicode's two spellings of an accented letter give the same folder.

    Raises:
        ValueError: if the login is empty, or its folder would be longer than LONGEST.

    >>> folder_of("jane.doe@uni.example"), folder_of("o'brien"), folder_of("../x")
    ('jane.doe@uni.example', 'o~27brien', '~2e.~2fx')
    """
    login = unicodedata.normalize("NFC", login)
    letters = [letter if letter in SAFE else _escaped(letter) for letter in login]
    if letters and (not login[0].isascii() or not login[0].isalnum() or RESERVED.match(login)):
        letters[0] = _escaped(login[0])  # else: a hidden file, an option, a formula or a device
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
