"""The whole site as one file, to read from a USB stick: poolkit-course.zip,
made with every build and linked by every page.

Nothing in it asks a server. Scripts are plain (see explorers.py), and the search reads an index that
is a script.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ARCHIVE = "poolkit-course.zip"
FOLDER = "poolkit-course"  # what it unpacks into
NOTE = "READ ME FIRST.txt"
WORDS = """Poolkit Course, to read offline.

Open index.html in a browser: double-click it. \
Reading, the figures to play with and the search work from there.

If your browser keeps pages of a disk from running scripts, \
serve this folder and open http://127.0.0.1:8000 instead:

    python -m http.server --bind 127.0.0.1 8000
"""
LINK = re.compile(r'<a class="pk-offline".*?</a>', re.DOTALL)  # the copy does not offer itself again
NOT_OF_THE_SITE = {".buildinfo", "reports"}


def pack(site: Path, into: Path) -> None:
    """Write the archive: the same bytes for the same pages.

    Args:
        site: the folder of built pages.
        into: the file to write; where it stands inside of the site, it is left out.
    """
    part = into.with_suffix(".part")
    with ZipFile(part, "w", ZIP_DEFLATED) as archive:
        _add(archive, NOTE, WORDS.encode())
        for path in sorted(path for path in site.rglob("*") if path.is_file()):
            inside = path.relative_to(site)
            if path in (into, part) or NOT_OF_THE_SITE & set(inside.parts):
                continue
            content = path.read_bytes()
            if path.suffix == ".html":
                content = LINK.sub("", content.decode("utf-8")).encode()
            _add(archive, inside.as_posix(), content)
    part.replace(into)


def _add(archive: ZipFile, name: str, content: bytes) -> None:
    entry = ZipInfo(f"{FOLDER}/{name}")  # a fixed date, 1980
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)


def pack_what_changed(app: Sphinx, exception: Exception | None) -> None:
    """After a build that wrote something, pack again."""
    if exception is not None or app.builder.format != "html":
        return
    site = Path(app.outdir)
    archive = site / ARCHIVE
    newest = max(path.stat().st_mtime for path in site.rglob("*") if path.is_file() and path != archive)
    if not archive.exists() or archive.stat().st_mtime < newest:
        pack(site, archive)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("build-finished", pack_what_changed, priority=900)  # after whoever else writes
    return {"parallel_read_safe": True, "parallel_write_safe": True}
