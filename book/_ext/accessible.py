"""Mend what the theme and the writers of HTML leave unreadable, and load nothing before it is needed.

Most entries say what axe finds without them. Where a new version of a tool has mended it by itself, the entry
changes nothing any more, and tests/book/test_axe.py passes without it: take it out then.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# In the text of a page: pattern, replacement.
MENDED = [
    # myst-nb: the name that is spoken is not the one that is seen (label-content-name-mismatch).
    (r'<summary aria-label="Toggle hidden content">', "<summary>"),
    # myst-nb: a fold around a whole cell, or around a result without code, is what answers a prediction.
    (r"(Show|Hide) code cell (?:content|outputs)(?=</)", r"\1 the computed answer"),
    # docutils: an empty corner of a table is no heading (empty-table-header).
    (r'<th class="head[^"]*">(<p></p>)?</th>', "<td></td>"),
    # docutils: a role that DPUB-ARIA 1.1 gave up (aria-deprecated-role), in a list with other things
    # (aria-required-children).
    (r' role="doc-biblioentry"', ""),
    (r'<div role="list" class="citation-list">', '<div class="citation-list">'),
    # A comma stays on the line of the code that it follows.
    (
        r'(<code class="[^"]*\bliteral\b[^"]*">(?:(?!</code>).)*</code>)([,.;:!?)]+)',
        r'<span class="pk-whole">\1\2</span>',
    ),
]
# The theme turns each icon's name into one of 2,000 drawings, 540 kB compressed. course.css draws the dozen
# that are used.
ICONS = "scripts/fontawesome.js"
STYLES = "styles/pydata-sphinx-theme.css"
# which letter of its font an icon is: a third of the file
LETTER = r'(?:\.fa-[\w-]+::?before,?)+\{content:"[^"]*"\}'
NO_ICONS = "// The icons of this site are drawn by course.css.\n"
MATHJAX = "mathjax"
SAID_AT_ONCE = "documentation_options"
LEFT_OUT = ("**/*.map", "vendor/fontawesome/**/*.ttf", "locales/**/*", "**/*fontawesome*LICENSE*")


def mend_text(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Rewrite the page's own text."""
    for pattern, replacement in MENDED:
        context["body"] = re.sub(pattern, replacement, context.get("body", ""))


def let_pages_show_first(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Have scripts wait for the text, in their order, and MathJax for a formula that comes near.

    Not the script whose names the page itself uses, nor any of the search's own page, which counts on them at
    once.
    """
    formulas = 'class="math' in context.get("body", "")
    scripts = [one for one in context.get("script_files", []) if formulas or MATHJAX not in str(one.filename)]
    scripts = [_when_near(one, context["pathto"]) if MATHJAX in str(one.filename) else one for one in scripts]
    if pagename != "search":
        scripts = [
            _waiting(one) if one.filename and SAID_AT_ONCE not in str(one.filename) else one
            for one in scripts
        ]
    context["script_files"] = scripts


def _waiting(script: Any) -> Any:
    """The same script for this page alone: pages share the objects."""
    return type(script)(script.filename, priority=script.priority, **{**script.attributes, "defer": "defer"})


def _when_near(script: Any, pathto: Any) -> Any:
    """A small script in the place of a large one, which it loads."""
    source = {"data-mathjax": pathto(script.filename, resource=True)}
    return type(script)("_static/formulas.js", priority=script.priority, **source)


def leave_out_icons(app: Sphinx, exception: Exception | None) -> None:
    """Replace the theme's script of drawings, and drop what no page asks for."""
    static = Path(app.outdir) / "_static"
    if exception is None and app.builder.format == "html":
        icons = static / ICONS
        if icons.read_text(encoding="utf-8") != NO_ICONS:
            icons.write_text(NO_ICONS, encoding="utf-8")
        styles = static / STYLES
        text = styles.read_text(encoding="utf-8")
        if (fewer := re.sub(LETTER, "", text)) != text:
            styles.write_text(fewer, encoding="utf-8")
        for pattern in LEFT_OUT:
            for path in static.glob(pattern):
                if path.is_file():
                    path.unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("html-page-context", mend_text)
    app.connect("html-page-context", let_pages_show_first, priority=900)  # after whoever adds a script
    app.connect("build-finished", leave_out_icons)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
