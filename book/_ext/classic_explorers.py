"""One plain script made of the explorers' modules, so that they also run from a USB stick.

A browser loads no ES module over file://, but it does load a plain script. The sources stay modules; the
pages of every build, the published one too, load this one file instead, so that what is tested is what is
shipped.
"""

from __future__ import annotations

import hashlib
import re
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER, SCRIPT = "explorers", "explorers.js"
IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"\./([\w-]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?function\*?|class|const|let) (\w+)", re.MULTILINE)
PLACE = "import.meta.url"  # where a module lies
LEFT = re.compile(r"^\s*(?:import|export)\b.*|\bimport\s*[.(].*", re.MULTILINE)
TAG = re.compile(r'<script type="module" src="([./]*)_static/explorers/[\w-]+\.js"></script>\n?')


def bundle(folder: Path) -> str:
    """The modules of a folder as one script, each in a function of its own, what is imported first.

    Raises:
        ValueError: if a module imports or exports in a form that this does not know, or if imports go round
            in a circle.
    """
    modules = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.js"))}
    needs = {name: [found[2] for found in IMPORT.finditer(text)] for name, text in modules.items()}
    order = TopologicalSorter(needs).static_order()
    return (
        "(() => {\nconst modules = {}, at = document.currentScript.src;\n"
        + "".join(_wrapped(name, modules[name]) for name in order)
        + "})();\n"
    )


def _wrapped(name: str, text: str) -> str:
    exported = [found[2] for found in EXPORT.finditer(text)]

    def taken(found: re.Match[str]) -> str:
        names = re.sub(r"\s+as\s+", ": ", found[1] or "").strip()
        return f'const {{ {names} }} = modules["{found[2]}"];\n' if names else ""

    body = EXPORT.sub(r"\1 \2", IMPORT.sub(taken, text)).replace(
        PLACE, f'new URL("{FOLDER}/{name}", at).href'
    )
    if left := LEFT.search(re.sub(r"^\s*(?://|\*|/\*).*", "", body, flags=re.MULTILINE)):
        raise ValueError(
            f'{name}: expected import {{ … }} from "./….js" or export in front of a name, got'
            f" {left[0].strip()!r}"
        )
    return (
        f'modules["{name}"] = (() => {{\n"use strict";\n{body}return {{ {", ".join(exported)} }};\n}})();\n'
    )


def load_one_script(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Let a page load the one script where its text names modules."""
    body = context.get("body", "")
    if found := TAG.search(body):
        digest = hashlib.sha256(bundle(Path(app.srcdir) / "book" / "_static" / FOLDER).encode()).hexdigest()[
            :8
        ]
        one = f'<script defer src="{found[1]}_static/{SCRIPT}?v={digest}"></script>\n'
        context["body"] = TAG.sub("", body) + one


def write_script(app: Sphinx, exception: Exception | None) -> None:
    """Put the script beside the modules."""
    if exception is None and app.builder.format == "html":
        text = bundle(Path(app.srcdir) / "book" / "_static" / FOLDER)
        script = Path(app.outdir) / "_static" / SCRIPT
        if (
            not script.exists() or script.read_text(encoding="utf-8") != text
        ):  # or the archive is packed again
            script.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("html-page-context", load_one_script)
    app.connect("build-finished", write_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
