"""What comes out of a grading: a table for the terminal, a page for each learner, a page for the class."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from poolgrader.questions import find, questions_of

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
th, td {{ text-align: left; padding: .2rem .8rem .2rem 0; vertical-align: top }}
section {{ margin: 1.5rem 0 }}
</style></head><body>
<h1>{title}</h1>
{body}
</body></html>
"""


def total(result: dict[str, Any]) -> float:
    """Points of one learner."""
    return round(float(sum(record["points"] for record in result["questions"])), 6)


def explained(result: dict[str, Any]) -> list[str]:
    """Why a learner does not have all points, a few words for each reason."""
    if result["problem"]:
        return [result["problem"]]
    if all(record["status"] == "not started" for record in result["questions"]):
        return ["not started"]
    cells = dict(problem.split(": ", 1) for problem in result["cells"])
    reasons = []
    for record in result["questions"]:
        if record["status"] != "right":
            own = cells.pop(find(record["question"]).grade_id, "")  # why the name is not defined says more
            reason = own if own and record["reason"].startswith("NameError") else record["reason"]
            reasons.append(f"{record['question']} {reason}")
    return [*reasons, *(f"{cell}: {reason}" for cell, reason in cells.items())]


def table(assignment: str, results: Sequence[dict[str, Any]]) -> Table:
    """The table of marks, a row for each learner."""
    questions = questions_of(assignment)
    out_of = sum(question.points for question in questions)
    shown = Table(title=f"{assignment}: marks", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    shown.add_column("learner", no_wrap=True)
    for question in questions:
        shown.add_column(f"{question.id}\n/ {question.points:g}", justify="right", no_wrap=True)
    shown.add_column(f"total\n/ {out_of:g}", justify="right", style="bold", no_wrap=True)
    shown.add_column("mistakes named, and other reasons", overflow="fold")
    for result in results:
        marks = [f"{record['points']:.3g}" for record in result["questions"]]
        reasons = Text("\n".join(explained(result)))  # as it is: what a learner wrote is not markup
        shown.add_row(Text(result["learner"]), *marks, f"{total(result):.3g}", reasons)
    return shown


def learner_page(result: dict[str, Any]) -> str:
    """'Why this mark', for one learner."""
    out_of = sum(record["max_points"] for record in result["questions"])
    parts = [f"<p><strong>{total(result):g} of {out_of:g} points.</strong> {escape(_official(result))}</p>"]
    if result["problem"]:
        parts.append(f"<p>The notebook could not be read: {escape(result['problem'])}</p>")
    if result["cells"]:
        items = "".join(f"<li>{escape(problem)}</li>" for problem in result["cells"])
        parts.append(f"<section><h2>Cells that failed</h2><ul>{items}</ul></section>")
    for record in result["questions"]:
        body = record["html"] or f"<p>{escape(record['text'])}</p>"
        parts.append(f"<section><h2>Question {escape(record['question'])}</h2>{body}</section>")
    return PAGE.format(title=escape(f"{result['assignment']}: {result['learner']}"), body="\n".join(parts))


def class_page(assignment: str, results: Sequence[dict[str, Any]]) -> str:
    """All learners of a class, each with a link to its page, and how often each mistake was made."""
    rows = "".join(
        f'<tr><td><a href="{escape(result["learner"])}.html">{escape(result["learner"])}</a></td>'
        f"<td>{total(result):g}</td><td>{'<br>'.join(map(escape, explained(result)))}</td></tr>"
        for result in results
    )
    counted: dict[str, int] = {}
    for result in results:
        for record in result["questions"]:
            if record["mistake"]:
                name = f"{record['question']} {record['mistake']}"
                counted[name] = counted.get(name, 0) + 1
    often = "".join(
        f"<tr><td>{count}</td><td>{escape(name)}</td><td>{escape(_meaning(name))}</td></tr>"
        for name, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    )
    body = (
        f"<p>{escape(_official(results[0]) if results else '')}</p>"
        f"<h2>Marks</h2><table><thead><tr><th>learner</th><th>points</th><th>mistakes named</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
        f"<h2>What to teach again</h2><table><thead><tr><th>learners</th><th>mistake</th><th>what it does</th></tr></thead>"
        f"<tbody>{often}</tbody></table>"
    )
    return PAGE.format(title=escape(f"{assignment}: the class"), body=body)


def _meaning(name: str) -> str:
    """What the mistakes of a line such as "3.3 zero_padding" do, in the words that the learner reads."""
    question_id, _, keys = name.partition(" ")
    says = {mistake.key: mistake.says for mistake in find(question_id).mistakes}
    return " ".join(says.get(key, "") for key in keys.replace("+", " ").replace("|", " ").split())


def _official(result: dict[str, Any]) -> str:
    return f"Learners' code ran behind: {result['wall']}. Grader {result['grader']}."


def write_pages(folder: Path, assignment: str, results: Sequence[dict[str, Any]]) -> Path:
    """Write all pages; returns the class's."""
    pages = folder / "reports" / assignment
    pages.mkdir(parents=True, exist_ok=True)
    for result in results:
        (pages / f"{result['learner']}.html").write_text(learner_page(result), encoding="utf-8")
    index = pages / "index.html"
    index.write_text(class_page(assignment, results), encoding="utf-8")
    return index
