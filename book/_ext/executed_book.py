"""Make a repeated build give the same pages and warnings as a build from scratch.

The cache of executed notebooks depends only on their cells, and Sphinx reads a page again only when its text
changes. Neither the cache nor Sphinx notices a change in poolkit, in an experiment or its table, or in the
measured times, so the pages would show old numbers. This extension gives both a key made from these files.

A second build would not repeat the warnings of the first build either. So after a build with warnings, the
next build reads every page again. It also executes pages again whose cells wrote to stderr, because the cause
may have been a passing state of the machine, such as fonts that were not listed yet.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_cache import get_cache

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config


CODE_AND_TABLES = (".py", ".csv", ".json", ".js", ".css", ".svg")


def digest_of(*folders: Path) -> str:
    """Digest the code and the tables in some folders: 12 hexadecimal digits that change if a file changes."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.suffix in CODE_AND_TABLES):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def key_by_sources(app: Sphinx, config: Config) -> None:
    """Use a cache that is named after the digest of the sources, and delete caches of other digests."""
    root = Path(app.srcdir)
    measured = root / "benchmarks" / "speed", root / "benchmarks" / "results"
    config.poolkit_digest = digest_of(root / "poolkit", root / "book" / "experiments", *measured)
    config.static_digest = digest_of(root / "book" / "_static")
    caches = Path(app.outdir).parent / ".jupyter_cache"
    config.nb_execution_cache_path = str(caches / config.poolkit_digest)
    for old in caches.glob("*"):
        if old.is_dir() and old.name != config.poolkit_digest:
            shutil.rmtree(old)


def forget_after_warnings(app: Sphinx, exception: Exception | None) -> None:
    """After a build with warnings or an error, delete Sphinx's pickled environment.

    The next build then reads every page again and repeats the warnings, unless their cause is gone.
    """
    if exception is not None or app._warncount:
        (Path(app.doctreedir) / "environment.pickle").unlink(missing_ok=True)
        forget_complaints(Path(app.config.nb_execution_cache_path))


def forget_complaints(cache: Path) -> None:
    """Delete the pages in which a cell wrote to stderr from the cache of executed pages."""
    if not cache.is_dir():
        return
    executed = get_cache(cache)
    for record in executed.list_cache_records():
        cells = executed.get_cache_bundle(record.pk).nb.cells
        if any(output.get("name") == "stderr" for cell in cells for output in cell.get("outputs", ())):
            executed.remove_cache(record.pk)


def setup(app: Sphinx) -> dict[str, bool | str]:
    """Register the settings and handlers of this extension with Sphinx."""
    app.add_config_value("poolkit_digest", "", "env", types=(str,))
    # Makes Sphinx write the pages again, and copy the files, if only scripts or styles have changed.
    app.add_config_value("static_digest", "", "html", types=(str,))
    app.connect("config-inited", key_by_sources, priority=100)
    app.connect("build-finished", forget_after_warnings)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
