"""Turn references such as "chapter 3, Max pooling." in poolkit's docstrings into links to the chapters."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CHAPTER = re.compile(r"chapter\s+(\d+),\s+([A-Z][^.]*)\.")


def link_chapters(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Link the references in a docstring's lines, in place; one to a missing chapter stays plain text."""

    def link(found: re.Match[str]) -> str:
        number, title = int(found[1]), " ".join(found[2].split())
        pages = sorted((Path(app.srcdir) / "book").glob(f"{number:02d}_*.md"))
        words = f"chapter {number}, {title}"
        return f":doc:`{words} </book/{pages[0].stem}>`." if pages else f"{words}."

    lines[:] = CHAPTER.sub(link, "\n".join(lines)).split("\n")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the handler of this extension with Sphinx."""
    app.connect("autodoc-process-docstring", link_chapters)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
