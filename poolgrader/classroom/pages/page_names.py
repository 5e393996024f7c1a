"""Names the files of a class's pages: each after its learner's folder, and no two alike on any disk.

Some disks ignore case, and how an accented letter is encoded. If two learners' pages, or a learner's page and
the class's own, would have the same file on such a disk, eight letters of a digest of the folder's name are
added to the name of the learner's page. All other pages have the name of the folder.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

CLASS = "index"  # the class's own page
DISTINGUISHED = re.compile(r"~[0-9a-f]{8}")


def page_names(learners: Iterable[str]) -> dict[str, str]:
    """The name of the file of each learner's page.

    Args:
        learners: the names of all their folders.

    >>> page_names(["jane", "o~27brien", "Index"])
    {'jane': 'jane.html', 'o~27brien': 'o~27brien.html', 'Index': 'Index~39c3be11.html'}
    """
    learners = list(dict.fromkeys(learners))
    alike = Counter(map(_on_any_disk, learners))
    return {
        name: _distinguished(name) if alike[_on_any_disk(name)] > 1 or _is_taken(name) else f"{name}.html"
        for name in learners
    }


def _on_any_disk(name: str) -> str:
    """A form of a name that is the same for all names that some disk takes for one name."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _is_taken(name: str) -> bool:
    """Whether a page cannot have this name unchanged: it is the name of the class's page, it contains "/",
    or it ends as if a digest had been added to it.
    """
    return (
        _on_any_disk(name) == CLASS
        or "/" in name
        or DISTINGUISHED.fullmatch(_on_any_disk(name[-9:])) is not None
    )


def _distinguished(name: str) -> str:
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{name.replace('/', '~2f')}~{digest[:8]}.html"
