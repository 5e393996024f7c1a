"""Pack the whole site into poolkit-course.zip, for reading offline, for example from a USB stick.

Every build makes the archive, and every page links to it. The pages in it need no server: browsers load the
classic scripts of the explorers from a disk (see explorers.py), and the index of the search is a script too.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ARCHIVE = "poolkit-course.zip"
# The only folder at the top of the archive; it contains all files.
FOLDER = "poolkit-course"
NOTE = "READ ME FIRST.txt"
WORDS = """Poolkit Course, to read offline.

Open index.html in a browser: double-click it. \
Reading, the figures to play with and the search work from there.

If your browser keeps pages of a disk from running scripts, \
serve this folder and open http://127.0.0.1:8000 instead:

    python -m http.server --bind 127.0.0.1 8000
"""
# Matches a page's link to the archive; the pages in the archive itself do not need this link.
LINK = re.compile(r'<a class="pk-offline".*?</a>', re.DOTALL)
NOT_OF_THE_SITE = {".buildinfo", "reports"}


def pack(site: Path, into: Path) -> None:
    """Write the archive of a site; equal pages give archives with equal bytes.

    Args:
        site: the folder of built pages.
        into: the file to write; if it is inside the site, the archive does not contain it.
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
    # Without a date, ZipInfo always takes the first day of 1980, so that equal pages give equal bytes.
    entry = ZipInfo(f"{FOLDER}/{name}")
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)


def pack_what_changed(app: Sphinx, exception: Exception | None) -> None:
    """Pack the site again if the build has changed one of its files."""
    if exception is not None or app.builder.format != "html":
        return
    site = Path(app.outdir)
    archive = site / ARCHIVE
    newest = max(path.stat().st_mtime for path in site.rglob("*") if path.is_file() and path != archive)
    if not archive.exists() or archive.stat().st_mtime < newest:
        pack(site, archive)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the handler of this extension with Sphinx."""
    # The priority makes Sphinx call this handler after all handlers that write files.
    app.connect("build-finished", pack_what_changed, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
