"""Makes a learner's text harmless, so that a page shows it and runs nothing in it.

nbconvert does not change HTML in text cells. On formgrader's page an instructor can give marks by hand, so a
script in that page could give them, too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

# A link that does not plainly lead to a web page, to a place on this page or to a file beside it. nbconvert
# accepts any link and decodes entities in it, so all others are disabled.
LINK = re.compile(r"](?=[(:])(?![(:]\s*(?:https?://|mailto:|attachment:|#|[\w./-]+(?=[)\s#?]|$)))")
JOINER = "\u2060"  # has no width: the text looks the same, but is no longer a tag, macro or attachment
TAG = re.compile(r"<(?=[A-Za-z/!?])")
# macros of MathJax and KaTeX that do more than mathematics
MACRO = re.compile(r"\\(?=(?:href|url|style|class|cssId|data|require|includegraphics|html\w+)\b)")
ATTACHED = re.compile(r"""attachment:(?P<name>[^)\s"'>\]]*)""")
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+", re.ASCII)


def harmless(text: str, attached: Collection[str] = ()) -> str:
    """A text cell's source without HTML, without links that run something, without risky macros.

    Args:
        text: Markdown, or raw text.
        attached: names of the pictures that are in the cell; a reference to any other would stop nbconvert.

    >>> harmless("a < b, <b>bold</b>").replace(JOINER, "_")
    'a < b, <_b>bold<_/b>'
    """
    text = LINK.sub(f"]{JOINER}", MACRO.sub(f"\\\\{JOINER}", TAG.sub(f"<{JOINER}", text)))
    return ATTACHED.sub(
        lambda found: found[0] if found["name"] in attached else f"attachment{JOINER}:{found['name']}", text
    )


def pictures(attached: Any) -> dict[str, dict[str, str]]:
    """Those of a cell's attachments that are pictures, by name, then by kind."""
    if not isinstance(attached, Mapping):
        return {}
    kept = {}
    for name, bundle in attached.items():
        found = {kind: bundle[kind] for kind in PICTURES if _is_picture(bundle, kind)}
        if found:
            kept[name] = found
    return kept


def _is_picture(bundle: Any, kind: str) -> bool:
    return (
        isinstance(bundle, Mapping)
        and isinstance(bundle.get(kind), str)
        and BASE64.fullmatch(bundle[kind]) is not None
    )
