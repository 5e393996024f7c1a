"""What every page of a report is made of: the templates, and the numbers in the figures.

Python collects plain data; all HTML of a page is in `templates/`. A template takes all data for text, and
escapes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from poolgrader.classroom.lms.roster import number
from poolgrader.classroom.pages.pseudonyms import Pseudonyms

# a page with this line was written by poolgrader, not by nbgrader
MARK = b'<meta name="generator" content="poolgrader">'


@dataclass(frozen=True)
class Person:
    """A learner as a page names them.

    Args:
        name: what is shown.
        file: of their page, in the page's own folder; None where they have none.
    """

    name: str
    file: str | None = None


@dataclass(frozen=True)
class ShareBar:
    """How many learners have all, some and no points of a question.

    `pieces` has the colour, start and width of each piece of the bar; the widths add up to 160.
    """

    full: int
    part: int
    none: int
    pieces: Sequence[tuple[str, float, float]]


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram: the lowest value that it counts, and how many values it counts."""

    low: float
    count: int


@dataclass(frozen=True)
class Histogram:
    """How values are spread: ten bars from 0 to the highest possible value, and the same in words."""

    bars: Sequence[Bar]
    out_of: float
    tallest: int
    words: str


def rendered(template: str, **data: Any) -> str:
    """The HTML of a page.

    Args:
        template: name of a file in `templates/`.
        data: what the page shows.
    """
    return TEMPLATES.get_template(template).render(data)


def address(file: str) -> str:
    """The URL of a file in the page's own folder, whatever the file is called.

    Args:
        file: its name; characters that have a meaning in a URL are escaped.

    >>> address("javascript:alert(1)?.html")
    './javascript%3Aalert%281%29%3F.html'
    """
    return f"./{quote(file, safe='', errors='surrogateescape')}"


def without_names(html: str, anonymous: Pseudonyms | None, learner: str) -> str:
    """A block of a page; if names are left out, it is without its learner's names."""
    return anonymous.hide_in_page(learner, html) if anonymous else html


def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("poolgrader.classroom.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.filters |= {"number": number, "address": address, "without_names": without_names}
    return made


TEMPLATES = _templates()


def share_bar(full: int, part: int, none: int) -> ShareBar:
    """The bar of a question, from the numbers of learners who have all, some and no points of it."""
    total = max(full + part + none, 1)
    pieces, start = [], 0.0
    for count, colour in ((full, "good"), (part, "part"), (none, "none")):
        width = 160 * count / total
        pieces.append((colour, start, width))
        start += width
    return ShareBar(full, part, none, pieces)


def histogram(values: Sequence[float], out_of: float) -> Histogram:
    """How the learners' totals are spread.

    Args:
        values: points.
        out_of: the highest possible number of points.
    """
    counts = [0] * 10
    for value in values:
        counts[min(int(10 * value / out_of), 9) if out_of else 0] += 1
    edges = [out_of * step / 10 for step in range(11)]
    words = "; ".join(f"{edges[i]:g} to {edges[i + 1]:g}: {count}" for i, count in enumerate(counts) if count)
    bars = [Bar(low, count) for low, count in zip(edges, counts, strict=False)]
    return Histogram(bars, out_of, max(*counts, 1), words)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all values does not exceed.

    >>> percentile([4.0, 1.0, 3.0, 2.0], 0.5), percentile([4.0, 1.0, 3.0, 2.0], 0.95)
    (2.0, 4.0)
    """
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]
