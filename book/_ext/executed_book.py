"""Make a repeated build give the same pages and warnings as a build from scratch.

The cache of executed notebooks is keyed by their cells alone, and Sphinx rereads a page only when its text
changes. Neither notices a change in poolkit, in an experiment or its table, or in the measured times: the
pages would show old numbers. This extension gives both a key made from these files.

A second build would not repeat the first one's warnings either. So after a build with warnings the next one
reads every page again. Pages with cells that wrote to stderr are executed again, because the cause may have
been the machine and be gone, such as fonts that were not listed yet.
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
    """Twelve hexadecimal digits that change if a file of one of the types above changes in the folders."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.suffix in CODE_AND_TABLES):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def key_by_sources(app: Sphinx, config: Config) -> None:
    """Name the cache after the digest of the sources, and delete the caches with other digests."""
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
    """Delete from the cache the executed pages in which a cell wrote to stderr."""
    if not cache.is_dir():
        return
    executed = get_cache(cache)
    for record in executed.list_cache_records():
        cells = executed.get_cache_bundle(record.pk).nb.cells
        if any(output.get("name") == "stderr" for cell in cells for output in cell.get("outputs", ())):
            executed.remove_cache(record.pk)


def setup(app: Sphinx) -> dict[str, bool | str]:
    """Register with Sphinx."""
    app.add_config_value("poolkit_digest", "", "env", types=(str,))
    # Sphinx copies scripts and styles only when it writes a page: without this value, a change in them alone
    # would not reach the site.
    app.add_config_value("static_digest", "", "html", types=(str,))
    app.connect("config-inited", key_by_sources, priority=100)
    app.connect("build-finished", forget_after_warnings)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
