"""A picture: drawings side by side, and a text equivalent.

In a notebook or on a page a picture is shown as inline SVG. Its colours are CSS variables (`--pk-ink` and
others) with mid-tone fallbacks, so the same drawing is legible on light and on dark backgrounds. On a narrow
page the panels wrap and keep their size. Colour is never the only sign: a window is outlined, a winner is
bold, a wrong cell is crossed, padding is hatched.
"""

from __future__ import annotations

import base64
import hashlib
import html
import io
import re
from dataclasses import dataclass, replace

INK, FAINT, WINDOW, WINNER, WRONG = "#6f6f70", "#8f8f90", "#2b83ba", "#b86e00", "#c9512c"
# matplotlib draws in the colours on the left; `inline` replaces them with the CSS variables on the right.
VARIABLES = {
    INK: f"var(--pk-ink, {INK})",
    FAINT: f"var(--pk-faint, {FAINT})",
    WINDOW: f"var(--pk-window, {WINDOW})",
    WINNER: f"var(--pk-winner, {WINNER})",
    WRONG: f"var(--pk-wrong, {WRONG})",
}
LARGE = 160  # pixels: photographs whose sides are both longer are stored as JPEG
ROW_OF_PANELS = "display:flex;flex-wrap:wrap;gap:0.75rem 1rem;align-items:center;justify-content:center"


@dataclass(frozen=True)
class Picture:
    """SVG panels side by side, with the text equivalent and a caption.

    >>> picture = Picture(("<svg></svg>",), "x, 1 row by 1 column: 3.", "The input.")
    >>> picture
    Picture: x, 1 row by 1 column: 3.
    >>> 'role="img" aria-label="x, 1 row by 1 column: 3."' in picture._repr_html_()
    True
    """

    panels: tuple[str, ...]
    alt: str
    caption: str = ""

    def __repr__(self) -> str:
        return f"Picture: {self.alt}"

    def _repr_html_(self) -> str:
        caption = f"<figcaption>{html.escape(self.caption)}</figcaption>" if self.caption else ""
        return (
            f'<figure class="pk-picture"><div role="img" aria-label="{html.escape(self.alt)}" '
            f'style="{ROW_OF_PANELS}">{"".join(self.panels)}</div>{caption}</figure>'
        )

    def captioned(self, caption: str) -> Picture:
        """Put a caption below the same picture."""
        return replace(self, caption=caption)


def beside(*pictures: Picture, alt: str = "", caption: str = "") -> Picture:
    """Put several pictures side by side as one; their texts are joined unless ``alt`` is given.

    >>> beside(Picture((), "Left."), Picture((), "Right.")).alt
    'Left. Right.'
    """
    panels = tuple(panel for picture in pictures for panel in picture.panels)
    return Picture(panels, alt or " ".join(picture.alt for picture in pictures if picture.alt), caption)


def inline(svg: str, width: float, most: str = "100%") -> str:
    """Turn an SVG file from matplotlib into an SVG element for a page.

    The prologue, the metadata, the style sheet (which would apply to the whole page) and ids without
    references are removed. The other ids get a prefix that is unique to this drawing.

    :param svg: The text of the file.
    :param width: The width at which the drawing is shown, in CSS pixels.
    :param most: How much of the page's width it may take; on a narrow page it shrinks to that.
    :returns: One svg element.

    >>> inline('<?xml version="1.0"?><svg width="9pt" height="9pt"><g id="a" fill="#6f6f70"/></svg>', 9)[-41:]
    '><g fill="var(--pk-ink, #6f6f70)"/></svg>'
    """
    text = svg[svg.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", text, flags=re.DOTALL)
    used = set(re.findall(r'(?<=href="#)[\w-]+|(?<=url\(#)[\w-]+', text))
    own = "pk" + hashlib.sha256(text.encode()).hexdigest()[:8]
    text = re.sub(r' id="([\w-]+)"', lambda m: f' id="{own}-{m[1]}"' if m[1] in used else "", text)
    text = re.sub(r'href="#|url\(#', lambda m: f"{m[0]}{own}-", text)
    text = re.sub(r"'DejaVu Sans'[^;\"]*", "var(--pk-font, system-ui, sans-serif)", text)
    for color, variable in VARIABLES.items():
        text = text.replace(color, variable)
    text = re.sub(r"data:image/png;base64,([\w+/=\s]+)", lambda found: _light(found[1]), text)
    text = re.sub(r' (width|height)="[\d.]+pt"', "", text, count=2)
    style = f'aria-hidden="true" style="width:{width:.0f}px;max-width:{most};height:auto"'
    return text.replace("<svg", f"<svg {style}", 1).strip()


def _light(encoded: str) -> str:
    """Return a smaller data URL of a grey photograph: one byte a pixel, and JPEG if it is large."""
    from PIL import Image  # matplotlib depends on it

    red, green, blue, alpha = Image.open(io.BytesIO(base64.b64decode(encoded))).convert("RGBA").split()
    if (
        red.tobytes() != green.tobytes()
        or red.tobytes() != blue.tobytes()
        or alpha.getextrema() != (255, 255)
    ):
        return f"data:image/png;base64,{encoded}"
    kind = "jpeg" if min(red.size) > LARGE else "png"
    red.save(stream := io.BytesIO(), kind, optimize=True, quality=90)
    return f"data:image/{kind};base64,{base64.b64encode(stream.getvalue()).decode()}"
