"""What a learner wrote, so that a page shows it and does not run it.

nbconvert hands HTML in text cells on as it stands, and formgrader's page may give marks by hand: a script in
it could.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

# A link that leads elsewhere than to a page, a place in this one or a file beside it: nbconvert takes any,
# and decodes entities in it, so what is not plainly one of these is none.
LINK = re.compile(r"](?=[(:])(?![(:]\s*(?:https?://|mailto:|attachment:|#|[\w./-]+(?=[)\s#?]|$)))")
JOINER = "\u2060"  # of no width: text looks as it did, and is no tag, no macro and no attachment any more
TAG = re.compile(r"<(?=[A-Za-z/!?])")
# of MathJax and KaTeX
MACRO = re.compile(r"\\(?=(?:href|url|style|class|cssId|data|require|includegraphics|html\w+)\b)")
ATTACHED = re.compile(r"""attachment:(?P<name>[^)\s"'>\]]*)""")
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+", re.ASCII)


def harmless(text: str, attached: Collection[str] = ()) -> str:
    """A text cell's source without HTML, without links that run
    something or macros that do more than mathematics.

    Args:
        text: Markdown, or raw text.
        attached: names of the pictures that stand in the cell; others would end nbconvert.

    >>> harmless("a < b, <b>bold</b>").replace(JOINER, "_")
    'a < b, <_b>bold<_/b>'
    """
    text = LINK.sub(f"]{JOINER}", MACRO.sub(f"\\\\{JOINER}", TAG.sub(f"<{JOINER}", text)))
    return ATTACHED.sub(
        lambda found: found[0] if found["name"] in attached else f"attachment{JOINER}:{found['name']}", text
    )


def pictures(attached: Any) -> dict[str, dict[str, str]]:
    """Of a cell's attachments those that are pictures, by name, then by kind."""
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
