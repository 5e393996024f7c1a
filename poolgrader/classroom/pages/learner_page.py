"""'Why this mark', for one learner: also what nbgrader hands back as feedback."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from poolgrader.classroom.gradebook.marks import Mark
from poolgrader.classroom.lms.roster import number
from poolgrader.classroom.pages.page_parts import page, table
from poolgrader.classroom.pages.pseudonyms import Pseudonyms
from poolgrader.classroom.pages.reasons import meanings
from poolgrader.questions import questions_of

SIGNS = {"right": "✓ all of it", "not started": "– not started"}
# The drawn arrays scroll on a phone: their box must be in reach of the keyboard.
SCROLLS = '<div style="overflow-x:auto'
REACHED = '<div role="region" aria-label="the arrays of {}" tabindex="0" style="overflow-x:auto'


def learner_page(
    result: Mapping[str, Any],
    answers: Mapping[str, str] | None = None,
    mark: Mark | None = None,
    anonymous: Pseudonyms | None = None,
    newer: bool = False,
    older: Mapping[str, str] | None = None,
) -> str:
    """The page of one learner.

    Args:
        result: of the grader.
        answers: what was handed in and graded, by question.
        mark: as the gradebook has it, with penalties and marks by hand; None: the grader's alone.
        anonymous: what stands in the place of names, if they are left out.
        newer: another notebook was handed in since, and is not graded yet.
        older: what there is to say of marks by hand that are older than the work, by question.
    """
    learner = str(result["learner"])
    titles = {question.id: question.title for question in questions_of(str(result["assignment"]))}
    parts = [_summary(result, mark, newer), _marks_table(result, mark, titles), _came_about(result)]
    if result["cells"]:
        items = "".join(f"<li>{escape(problem)}</li>" for problem in result["cells"])
        parts.append(f"<h2>Cells that failed</h2><p>Each cell ran even so, in order.</p><ul>{items}</ul>")
    parts += [
        _question(record, titles, (answers or {}).get(record["question"]), mark, (older or {}).get(record["question"]))
        for record in result["questions"]
    ]
    asked = {record["question"] for record in result["questions"]}
    others = [name for name in dict.fromkeys([*(mark.comments if mark else {}), *(older or {})]) if name not in asked]
    parts += [_section(name, name, _is_older((older or {}).get(name)) + _comment(mark, name)) for name in others]
    body = "\n".join(filter(None, parts))
    if anonymous:
        body = anonymous.hide_in_page(learner, body)
    return page(f"{result['assignment']}: why {anonymous.of(learner) if anonymous else learner} has this mark", body)


def _summary(result: Mapping[str, Any], mark: Mark | None, newer: bool) -> str:
    points = sum(record["points"] for record in result["questions"])
    out_of = sum(record["max_points"] for record in result["questions"])
    total, most = (mark.total, mark.max_score) if mark else (points, out_of)
    lines = [f"<p><strong>{number(total)} of {number(most)} points.</strong></p>"]
    if result["problem"]:
        lines.append(f"<p>The notebook could not be read: {escape(result['problem'])}. So no answer counts.</p>")
    if mark and mark.penalty:
        late = f"{mark.seconds_late / 3600:.1f} hours after the due date: " if mark.seconds_late else ""
        lines.append(f"<p>Late. {late}{number(mark.penalty)} points are taken off {number(mark.score)}.</p>")
    elif mark and mark.seconds_late:
        lines.append(f"<p>Handed in {mark.seconds_late / 3600:.1f} hours after the due date; nothing is taken off.</p>")
    if newer:
        lines.append("<p>Another notebook was handed in since, and is not graded yet.</p>")
    if mark and mark.comments:
        about = ", ".join(f'<a href="#q{escape(name)}">{escape(name)}</a>' for name in mark.comments)
        lines.append(f"<p>Your instructor wrote about {about}.</p>")
    if mark and mark.waits:
        lines.append("<p>Not final: a part waits for a mark by hand.</p>")
    return "".join(lines)


def _marks_table(result: Mapping[str, Any], mark: Mark | None, titles: Mapping[str, str]) -> str:
    rows = []
    for record in result["questions"]:
        name = record["question"]
        part = mark.parts.get(name) if mark else None
        points = part.points if part else record["points"]
        why = SIGNS.get(record["status"]) or escape(meanings(record) or str(record["reason"]))
        if part and part.by_hand is not None:
            why = f"marked by hand; the grader gave {number(record['points'])}"
        link = f'<a href="#q{escape(name)}">{escape(name)} {escape(titles.get(name, ""))}</a>'
        rows.append((link, number(points), number(record["max_points"]), why))
    known = {record["question"] for record in result["questions"]}
    for name, part in mark.parts.items() if mark else ():
        if name not in known:
            rows.append((escape(name), number(part.points), "", "waits for a mark" if part.waits else "marked by hand"))
    return table("Points by question", ("question", "points", "of", "why"), rows, ".nnw")


def _came_about(result: Mapping[str, Any]) -> str:
    graders = sorted({str(record.get("grader") or result["grader"]) for record in result["questions"]})
    return (
        '<p class="quiet">How the mark came about: your cells ran in order, in a process of their own, on inputs that '
        f"nobody had seen before. They ran behind: {escape(str(result['wall']))}. "
        f"Grader {escape(', '.join(graders))}.</p>"
    )


def _question(
    record: Mapping[str, Any], titles: Mapping[str, str], answer: str | None, mark: Mark | None, older: str | None
) -> str:
    name = str(record["question"])
    body = record["html"].replace(SCROLLS, REACHED.format(escape(name))) or f"<p>{escape(record['text'])}</p>"
    part = mark.parts.get(name) if mark else None
    if part and part.by_hand is not None:
        by_hand = f"<p><strong>Marked by hand: {number(part.points)} points.</strong></p>{_is_older(older)}"
        body = f"{by_hand}<p>The grader had said:</p>{body}"
    body = _comment(mark, name) + body
    if answer is not None:
        shown = escape(answer) if answer.strip() else "(nothing)"
        body += f"<details><summary>What you handed in for {escape(name)}</summary><pre><code>{shown}</code></pre></details>"
    return _section(name, f"{name} {titles.get(name, '')}".strip(), body)


def _section(name: str, title: str, body: str) -> str:
    """What there is to say of a question, or of a cell that is none of ours; links lead to it by its name."""
    return f'<section class="verdict"><h2 id="q{escape(name)}">{escape(title)}</h2>{body}</section>'


def _is_older(line: str | None) -> str:
    return f"<p>This {escape(line)}.</p>" if line else ""


def _comment(mark: Mark | None, name: str) -> str:
    """What an instructor typed about a question, as it was typed: with its line breaks, and as text."""
    text = mark.comments.get(name, "") if mark else ""
    if not text:
        return ""
    return f'<blockquote class="comment"><p><strong>Your instructor\'s comment</strong></p><p>{escape(text)}</p></blockquote>'
