"""Where this course is published: read from `_config.yml`; empty if nobody has set it there.

    html:
      baseurl: ""       # the site, as https://someone.github.io/poolkit-course/
    repository:
      url: ""           # the repository, as https://github.com/someone/poolkit-course

Code that needs an address calls this module: feedback links to the site only where `site()` is not empty. The
book's pages get the same two lines from Sphinx. A hub that serves its own copy of the book sets POOLKIT_SITE
instead.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

CONFIG = Path(__file__).resolve().parents[1] / "_config.yml"
VARIABLE = "POOLKIT_SITE"


def site(config: Path = CONFIG) -> str:
    """The address of the published book, with a slash at its end.

    Args:
        config: the file that sets it.

    Returns:
        the variable POOLKIT_SITE, or else `html.baseurl`; empty if neither is set, or if there is no such
        file because poolgrader was installed without the course. If it is empty, show no link.

    >>> page = site() and site() + "book/index.html"
    >>> page == "" or page.startswith("http")
    True
    """
    found = os.environ.get(VARIABLE, "").strip() or _set_in(config, "html", "baseurl")
    return found.rstrip("/") + "/" if found else ""


def repository(config: Path = CONFIG) -> str:
    """The address of the repository, without a slash at its end; empty if it is not set.

    >>> repository().endswith("/")
    False
    """
    return _set_in(config, "repository", "url").rstrip("/")


@cache
def _set_in(config: Path, section: str, key: str) -> str:
    import yaml  # imported here, because most checks pass and need no address

    if not config.is_file():
        return ""
    found = (yaml.safe_load(config.read_text(encoding="utf-8")).get(section) or {}).get(key) or ""
    if not isinstance(found, str) or (found and not found.startswith(("http://", "https://"))):
        raise ValueError(f"{config.name}: expected an address as text at {section}: {key}, got {found!r}")
    return found.strip()
