"""Repair accessibility errors in the HTML that other tools write, and show pages before their scripts load.

Most entries of MENDED name the tool that makes the error and the rule of axe that fails. When a new version
of the tool no longer makes the error, tests/book/test_pages.py passes without the entry; then remove it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# Replacements in the HTML of every page, as pairs of a pattern and a replacement.
MENDED = [
    # myst-nb gives folds an accessible name that differs from the visible text (label-content-name-mismatch).
    (r'<summary aria-label="Toggle hidden content">', "<summary>"),
    # myst-nb labels some folds "Show code cell content"; in this book they hold the answer to a prediction.
    (r"(Show|Hide) code cell (?:content|outputs)(?=</)", r"\1 the computed answer"),
    # docutils writes the empty corner of a table as a heading (empty-table-header).
    (r'<th class="head[^"]*">(<p></p>)?</th>', "<td></td>"),
    # docutils writes a role that DPUB-ARIA 1.1 has deprecated (aria-deprecated-role).
    (r' role="doc-biblioentry"', ""),
    # docutils writes a list in which not all children are list items (aria-required-children).
    (r'<div role="list" class="citation-list">', '<div class="citation-list">'),
    # Keep punctuation after inline code on the same line as the code.
    (
        r'(<code class="[^"]*\bliteral\b[^"]*">(?:(?!</code>).)*</code>)([,.;:!?)]+)',
        r'<span class="pk-whole">\1\2</span>',
    ),
]
# The theme's script with drawings of 2,000 icons (540 kB compressed); icons.css draws the dozen in use.
ICONS = "scripts/fontawesome.js"
STYLES = "styles/pydata-sphinx-theme.css"
# Matches the CSS rules for the letters of the icon font, which are a third of the style sheet.
LETTER = r'(?:\.fa-[\w-]+::?before,?)+\{content:"[^"]*"\}'
NO_ICONS = "// The icons of this site are drawn by icons.css.\n"
MATHJAX = "mathjax"
SAID_AT_ONCE = "documentation_options"
LEFT_OUT = ("**/*.map", "vendor/fontawesome/**/*.ttf", "locales/**/*", "**/*fontawesome*LICENSE*")


def mend_text(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Apply the replacements of MENDED to the HTML of a page's body."""
    for pattern, replacement in MENDED:
        context["body"] = re.sub(pattern, replacement, context.get("body", ""))


def let_pages_show_first(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Defer the scripts until the page's text is parsed, and load MathJax when a formula is near the screen.

    Two kinds of scripts are not deferred: documentation_options, because pages use its names while they are
    parsed, and all scripts of the search page, because it uses them at once.
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
    """Copy a script and give the copy the attribute defer; all pages share the original object."""
    return type(script)(script.filename, priority=script.priority, **{**script.attributes, "defer": "defer"})


def _when_near(script: Any, pathto: Any) -> Any:
    """Return a small script that replaces MathJax on a page, and loads it later."""
    source = {"data-mathjax": pathto(script.filename, resource=True)}
    return type(script)("_static/formulas.js", priority=script.priority, **source)


def leave_out_icons(app: Sphinx, exception: Exception | None) -> None:
    """Empty the theme's icon script, remove its icon font's rules, and delete files that no page loads."""
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
    """Register the handlers of this extension with Sphinx."""
    app.connect("html-page-context", mend_text)
    # The priority makes Sphinx call this handler after all handlers that add scripts.
    app.connect("html-page-context", let_pages_show_first, priority=900)
    app.connect("build-finished", leave_out_icons)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
