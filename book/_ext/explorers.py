"""Load the scripts of the explorers on the pages that contain one.

They are plain scripts, not modules: a browser loads no module over file://, and the site is also read from a
disk. So each script puts what it defines into one shared object, `Poolkit`, and takes from there what earlier
scripts have defined. This module sets the order in which they run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = "explorers"  # in book/_static
# The scripts that every explorer needs.
SHARED = (
    "poolkit",
    "pooling",
    "digits",
    "state",
    "choices",
    "style",
    "controls",
    "cells",
    "formula",
    "explorer",
)
# The tag of each explorer, which is also the name of its own script, and the other scripts that it needs.
EXPLORERS: dict[str, tuple[str, ...]] = {
    "moving-edge": (),
    "window-stepper": ("window-questions",),
    "max-against-average": ("photographs", "planes"),
    "padding-border": (),
    "gradient-router": ("gradients",),
    "adaptive-bins": (),
    "sliding-row": ("shifts",),
    "cost-plot": ("costs",),
}


def scripts_of(body: str) -> list[str]:
    """Name the scripts that a page needs, in the order in which they run.

    :param body: The page's text, as HTML.
    :returns: Names of the scripts without suffix; none if the page has no explorer.
    """
    embedded = [tag for tag in EXPLORERS if f"<{tag}" in body]
    if not embedded:
        return []
    return [*SHARED, *(name for tag in embedded for name in (*EXPLORERS[tag], tag))]


def load_scripts(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Add the scripts of a page's explorers to the page, deferred until its text is parsed."""
    for name in scripts_of(context.get("body", "")):
        app.add_js_file(f"{FOLDER}/{name}.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("html-page-context", load_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
