"""The scripts of the explorers, loaded by the pages on which one stands.

They are plain scripts, not modules: a browser loads no module over file://, and the site is also read from a
disk. So a script takes what it needs from an object that all share, where another has put it before, and the
order in which they run stands here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = "explorers"  # of book/_static
# What every explorer needs.
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
# The tag of each explorer, whose own script is called like it, and what that needs besides.
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
    :returns: Files of the folder without their suffix; none where no explorer stands on the page.
    """
    standing = [tag for tag in EXPLORERS if f"<{tag}" in body]
    if not standing:
        return []
    return [*SHARED, *(name for tag in standing for name in (*EXPLORERS[tag], tag))]


def load_scripts(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Have a page load the scripts of its explorers, once its text is there."""
    for name in scripts_of(context.get("body", "")):
        app.add_js_file(f"{FOLDER}/{name}.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("html-page-context", load_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
