"""What every page of a report is made of: one style for light and dark, tables that scroll in their own box, bars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="poolgrader">
<title>{title}</title><style>
:root {{ color-scheme: light dark; --text: #1c1e21; --page: #fff; --soft: #f3f4f6; --line: #c9cdd3; --quiet: #565d66;
  --link: #0b57b0; --good: #2e7d32; --part: #b26a00; --none: #c0392b; --bar: #2a6fb8 }}
@media (prefers-color-scheme: dark) {{ :root {{ --text: #e6e8eb; --page: #15181c; --soft: #20252b; --line: #454d57;
  --quiet: #a9b1bb; --link: #8ab9f1; --good: #6cc070; --part: #e0a34a; --none: #f0857a; --bar: #6ea8e5 }} }}
* {{ box-sizing: border-box }}
body {{ font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page);
  max-width: 68rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere }}
h1 {{ font-size: 1.6rem; line-height: 1.25 }}
h2 {{ font-size: 1.2rem; margin: 2rem 0 .5rem; padding-top: .5rem; border-top: 1px solid var(--line) }}
a {{ color: var(--link) }}
.quiet {{ color: var(--quiet) }}
.box {{ overflow-x: auto; margin: .5rem 0; overflow-wrap: normal }}
.box:focus-visible, a:focus-visible, summary:focus-visible {{ outline: 2px solid var(--link); outline-offset: 2px }}
.box > table {{ border-collapse: collapse; font-variant-numeric: tabular-nums }}
.box > table > caption {{ text-align: left; color: var(--quiet); padding-bottom: .25rem }}
.box > table > * > tr > * {{ text-align: left; vertical-align: top; padding: .25rem .9rem .25rem 0;
  border-bottom: 1px solid var(--line); font-weight: normal }}
.box > table > thead > tr > * {{ font-weight: 600; white-space: nowrap }}
.box > table > * > tr > .n {{ text-align: right; white-space: nowrap }}
.box > table > * > tr > .w {{ min-width: 16rem; overflow-wrap: anywhere }}
.box .name {{ display: inline-block; max-width: 16rem; overflow-wrap: break-word }}
@media (max-width: 40rem) {{ .box > table > * > tr > * {{ padding-right: .6rem }}
  .box > table > * > tr > .w {{ min-width: 9.5rem }} }}
.verdict {{ min-width: 0 }}
pre {{ background: var(--soft); border: 1px solid var(--line); padding: .6rem .8rem; margin: .5rem 0;
  white-space: pre-wrap; overflow-wrap: anywhere; font-size: .9rem; tab-size: 4 }}
.comment {{ margin: .5rem 0; padding: .1rem .9rem; background: var(--soft); border-left: 4px solid var(--bar) }}
.comment p {{ margin: .4rem 0; white-space: pre-wrap }}
details {{ margin: .5rem 0 }}
summary {{ cursor: pointer }}
svg {{ max-width: 100%; height: auto; display: block }}
svg text {{ fill: var(--text); font: 12px system-ui, sans-serif }}
@media print {{ body {{ max-width: none }} h2 {{ break-after: avoid }} }}
</style></head><body>
<main>
<h1>{title}</h1>
{body}
</main>
</body></html>
"""


MARK = b'<meta name="generator" content="poolgrader">'  # what tells a page of ours from one that nbgrader made


def page(title: str, body: str) -> str:
    """A whole page.

    Args:
        title: as text.
        body: as HTML.
    """
    return PAGE.format(title=escape(title), body=body)


def unlinked(words: str) -> str:
    """A learner's name in a table: a long one is broken, and leaves the other columns their room."""
    return f'<span class="name">{escape(words)}</span>'


def link(file: str, words: str) -> str:
    """A name that links to a file in the page's own folder, whatever the file is called.

    Args:
        file: its name; a part of an address in it stands for itself.
        words: what is shown, as text.

    >>> link("javascript:alert(1)?.html", "a < b")
    '<a class="name" href="./javascript%3Aalert%281%29%3F.html">a &lt; b</a>'
    """
    return f'<a class="name" href="./{quote(file, safe="", errors="surrogateescape")}">{escape(words)}</a>'


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], classes: str = "") -> str:
    """A table in a box that scrolls by keyboard too; the first cell of a row is its header.

    Args:
        caption: what it shows, as text.
        head: of the columns, as text.
        rows: cells as HTML.
        classes: a letter for each column: n for numbers, w for a wide one, anything else for neither.
    """
    marked = [f' class="{letter}"' if letter in "nw" else "" for letter in classes.ljust(len(head), ".")]
    top = "".join(f'<th scope="col"{mark}>{escape(title)}</th>' for title, mark in zip(head, marked, strict=True))
    lines = []
    for first, *others in rows:
        cells = "".join(f"<td{mark}>{cell}</td>" for cell, mark in zip(others, marked[1:], strict=True))
        lines.append(f'<tr><th scope="row"{marked[0]}>{first}</th>{cells}</tr>')
    return (
        f'<div class="box" role="region" aria-label="{escape(caption)}" tabindex="0"><table><caption>{escape(caption)}'
        f"</caption><thead><tr>{top}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def share_bar(full: int, part: int, none: int) -> str:
    """How many have all, some and no points of a question: a bar of three colours, told in words as well."""
    total = max(full + part + none, 1)
    words = f"{full} with all points, {part} with some, {none} with none"
    pieces, start = [], 0.0
    for count, colour in ((full, "good"), (part, "part"), (none, "none")):
        width = 160 * count / total
        pieces.append(f'<rect x="{start:.1f}" y="0" width="{width:.1f}" height="14" fill="var(--{colour})"/>')
        start += width
    return f'<svg role="img" aria-label="{words}" viewBox="0 0 160 14" width="160" height="14">{"".join(pieces)}</svg>'


def histogram(values: Sequence[float], out_of: float, what: str) -> str:
    """How the learners' totals are spread: ten bars, with the counts written on them and said in words.

    Args:
        values: points.
        out_of: the most there are.
        what: what is counted, for the description.
    """
    counts = [0] * 10
    for value in values:
        counts[min(int(10 * value / out_of), 9) if out_of else 0] += 1
    edges = [out_of * step / 10 for step in range(11)]
    said = "; ".join(f"{edges[i]:g} to {edges[i + 1]:g}: {count}" for i, count in enumerate(counts) if count)
    tallest = max(*counts, 1)
    bars = []
    for index, count in enumerate(counts):
        height, left = 90 * count / tallest, 34 * index + 10
        bars.append(
            f'<rect x="{left}" y="{110 - height:.1f}" width="30" height="{height:.1f}" fill="var(--bar)"/>'
            + (f'<text x="{left + 15}" y="{105 - height:.1f}" text-anchor="middle">{count}</text>' if count else "")
            + f'<text x="{left - 2}" y="126" text-anchor="middle">{edges[index]:g}</text>'
        )
    bars.append(f'<text x="348" y="126" text-anchor="middle">{out_of:g}</text>')
    return (
        f'<svg role="img" aria-label="{escape(f"{what}: {said}")}" viewBox="0 0 365 132" width="365" height="132">'
        f"{''.join(bars)}</svg>"
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all values does not exceed.

    >>> percentile([4.0, 1.0, 3.0, 2.0], 0.5), percentile([4.0, 1.0, 3.0, 2.0], 0.95)
    (2.0, 4.0)
    """
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]
