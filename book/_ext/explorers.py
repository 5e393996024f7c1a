"""Load the scripts of the explorers, the book's interactive drawings, on pages that contain an explorer.

The scripts are classic scripts, not JavaScript modules, because browsers load no modules over file://, and
readers may open the site from a disk. So the scripts share one global object, `Poolkit`: each script adds its
definitions, and uses those of earlier scripts. This Python module sets the order in which the scripts run.
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
# For each explorer, by its tag, the scripts that it needs besides SHARED and the script named after the tag.
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
    """List the names of the scripts that a page needs, in the order in which they run.

    :param body: The page's text, as HTML.
    :returns: Names of the scripts without suffix; an empty list if the page has no explorer.
    """
    embedded = [tag for tag in EXPLORERS if f"<{tag}" in body]
    if not embedded:
        return []
    return [*SHARED, *(name for tag in embedded for name in (*EXPLORERS[tag], tag))]


def load_scripts(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Add to a page the scripts that its explorers need; they run after its text is parsed."""
    for name in scripts_of(context.get("body", "")):
        app.add_js_file(f"{FOLDER}/{name}.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the handler of this extension with Sphinx."""
    app.connect("html-page-context", load_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
