"""The class on one page: how the marks are spread, what to teach again, what is not normal, what it took."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from poolgrader.classroom.gradebook.marks import Mark
from poolgrader.classroom.lms.roster import number
from poolgrader.classroom.pages.page_names import page_names
from poolgrader.classroom.pages.page_parts import histogram, link, page, percentile, share_bar, table, unlinked
from poolgrader.classroom.pages.pseudonyms import Pseudonyms
from poolgrader.classroom.pages.reasons import explained, keys_of, meaning, not_normal, total
from poolgrader.questions import questions_of

Result = Mapping[str, Any]
Older = Mapping[str, Mapping[str, str]]
NAMED = 5  # slowest learners that are named
MIB = 2**20


@dataclass(frozen=True)
class Class:
    """What a page of a class is made of; see `class_page`."""

    assignment: str
    results: Sequence[Result]
    marks: Mapping[str, Mark]
    anonymous: Pseudonyms | None = None
    ungraded: Sequence[str] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    older: Older = field(default_factory=dict)

    def named(self, learner: str) -> str:
        """A learner as the page names them, as text."""
        return self.anonymous.of(learner) if self.anonymous else learner

    def shown(self, learner: str) -> str:
        """A learner as the page names them, with a link to their page."""
        return link(self.files[learner], self.named(learner))

    def told(self, learner: str, text: str) -> str:
        """A learner's text as the page shows it."""
        return escape(self.anonymous.hide(learner, text) if self.anonymous else text)

    def total(self, result: Result) -> float:
        """What counts: the gradebook's mark, or the grader's where the gradebook has none."""
        mark = self.marks.get(str(result["learner"]))
        return mark.total if mark and mark.graded else total(result)


def class_page(
    assignment: str,
    results: Sequence[Result],
    marks: Mapping[str, Mark] | None = None,
    anonymous: Pseudonyms | None = None,
    ungraded: Sequence[str] = (),
    files: Mapping[str, str] | None = None,
    older: Older | None = None,
) -> str:
    """The page of a class.

    Args:
        assignment: as "03_sorting".
        results: of the grader, one a learner.
        marks: as the gradebook has them.
        anonymous: what stands in the place of names, if they are left out.
        ungraded: learners who handed in and have no result.
        files: names of the learners' pages; as `page_names` gives them to these learners alone, if not given.
        older: what there is to say of marks by hand that are older than the work, by learner, then by question.
    """
    files = files or files_of([str(result["learner"]) for result in results], anonymous)
    one = Class(assignment, results, marks or {}, anonymous, ungraded, files, older or {})
    if not results and not ungraded:
        return page(f"{assignment}: the class", "<p>Nothing was graded yet.</p>")
    if not results:
        return page(f"{assignment}: the class", _not_normal(one))
    sections = (_spread, _by_question, _teach_again, _not_normal, _took, _everybody, _came_about)
    return page(f"{assignment}: the class", "\n".join(section(one) for section in sections))


def files_of(learners: Sequence[str], anonymous: Pseudonyms | None = None) -> dict[str, str]:
    """The names of the learners' pages; of those without names, nothing in them tells whose page it is."""
    if anonymous is None:
        return page_names(learners)
    files = page_names(map(anonymous.of, learners))
    return {learner: files[anonymous.of(learner)] for learner in learners}


def _spread(one: Class) -> str:
    totals = [one.total(result) for result in one.results]
    out_of = sum(question.points for question in questions_of(one.assignment))
    most = max([out_of, *(mark.max_score for mark in one.marks.values())])
    facts = (
        f"{len(totals)} learners. Half of them have {number(percentile(totals, 0.5))} points or fewer, of {number(most)}; "
        f"the mean is {number(sum(totals) / len(totals))}. {sum(value >= most for value in totals)} have all points, "
        f"{sum(value == 0 for value in totals)} have none."
    )
    return f"<p>{facts}</p><figure>{histogram(totals, most, 'Learners by points')}<figcaption>Learners by points.</figcaption></figure>"


def _by_question(one: Class) -> str:
    rows = []
    for question in questions_of(one.assignment):
        records = [
            (str(result["learner"]), record)
            for result in one.results
            for record in result["questions"]
            if record["question"] == question.id
        ]
        if not records:
            continue
        points = [record["points"] for _, record in records]
        full = sum(value >= question.points for value in points)
        none = sum(value == 0 for value in points)
        wrong = [(learner, record) for learner, record in records if record["status"] not in ("right", "not started")]
        often = Counter(one.told(learner, str(record["reason"])) for learner, record in wrong).most_common(1)
        rows.append(
            (
                escape(f"{question.id} {question.title}"),
                number(question.points),
                f"{sum(points) / len(points):.2f}",
                share_bar(full, len(points) - full - none, none),
                str(full),
                str(len(points) - full - none),
                str(none),
                f"{often[0][0]} ({often[0][1]})" if often else "",
            )
        )
    head = ("question", "points", "mean", "all, some, none", "all", "some", "none", "most frequent reason")
    return "<h2>Marks by question</h2>" + table("The grader's marks, by question", head, rows, ".nn.nnnw")


def _teach_again(one: Class) -> str:
    learners: dict[tuple[str, str], set[str]] = defaultdict(set)
    unnamed: Counter[str] = Counter()
    for result in one.results:
        for record in result["questions"]:
            keys = keys_of(record)
            for key in keys:
                learners[record["question"], key].add(str(result["learner"]))
            unnamed[record["question"]] += record["status"] == "wrong" and not keys
    rows = [
        (
            f"{escape(f'{question} {key}')}<br>{escape(meaning(question, key))}",
            str(len(who)),
            f"{100 * len(who) / len(one.results):.0f} %",
        )
        for (question, key), who in sorted(learners.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
    others = ", ".join(f"{question}: {count}" for question, count in sorted(unnamed.items()) if count)
    more = f"<p>Wrong answers that no known mistake explains: {others}.</p>" if others else ""
    if not rows:
        return f"<h2>What to teach again</h2><p>No known mistake was found.</p>{more}"
    head = ("mistake, and what it does", "learners", "share")
    return f"<h2>What to teach again</h2>{table('Mistakes by how many learners made them', head, rows, '.nn')}{more}"


def _not_normal(one: Class) -> str:
    rows = [
        (unlinked(one.named(learner)), "needs autograding: handed in, and not graded yet") for learner in one.ungraded
    ]
    for result in one.results:
        learner = str(result["learner"])
        reasons = [*not_normal(result, one.marks.get(learner)), *one.older.get(learner, {}).values()]
        rows += [(one.shown(learner), one.told(learner, reason)) for reason in reasons]
    if not rows:
        return "<h2>Not normal</h2><p>Nothing: every notebook was read, every answer came back.</p>"
    return "<h2>Not normal</h2>" + table(
        "One line for each thing that is not normal", ("learner", "reason"), rows, ".w"
    )


def _took(one: Class) -> str:
    seconds = {str(result["learner"]): float(result["seconds"]) for result in one.results}
    memory = {str(result["learner"]): peak for result in one.results if (peak := peak_bytes(result)) is not None}
    rows = [_figures("seconds by the clock", list(seconds.values()))]
    used = [float(result["cpu_seconds"]) for result in one.results if "cpu_seconds" in result]
    if used:
        rows.append(_figures("seconds of the processor, learners' processes alone", used))
    if memory:
        rows.append(_figures("memory of the largest process, MiB", [value / MIB for value in memory.values()]))
    text = table("What grading one notebook took", ("what", "median", "95 % stay within", "most"), rows, ".nnn")
    slowest = sorted(seconds, key=lambda learner: -seconds[learner])[:NAMED]
    text += f"<p>Slowest: {', '.join(f'{one.shown(learner)} ({seconds[learner]:.2f} s)' for learner in slowest)}.</p>"
    if memory:
        largest = max(memory, key=lambda learner: memory[learner])
        text += f"<p>Most memory: {one.shown(largest)} ({memory[largest] / MIB:.0f} MiB).</p>"
    return "<h2>Time and memory</h2>" + text


def peak_bytes(result: Result) -> float | None:
    """The most memory that a result says its processes took, in bytes; None where it does not say."""
    peak = result.get("peak_bytes")
    return float(peak) if isinstance(peak, int | float) and peak > 0 else None


def _figures(name: str, values: Sequence[float]) -> tuple[str, ...]:
    return (name, *(f"{value:.2f}" for value in (percentile(values, 0.5), percentile(values, 0.95), max(values))))


def _everybody(one: Class) -> str:
    ids = [question.id for question in questions_of(one.assignment)]
    rows = []
    for result in one.results:
        learner = str(result["learner"])
        mark = one.marks.get(learner)
        points = {record["question"]: record["points"] for record in result["questions"]}
        if mark and mark.graded:
            points |= {name: part.points for name, part in mark.parts.items()}
        cells = [number(points[name]) if name in points else "" for name in ids]
        off = number(mark.penalty) if mark and mark.penalty else ""
        reasons = "<br>".join(one.told(learner, reason) for reason in explained(result))
        by_hand = f"<br>by hand: {', '.join(map(escape, mark.by_hand))}" if mark and mark.by_hand else ""
        rows.append(
            (one.shown(learner), *cells, off, f"<strong>{number(one.total(result))}</strong>", reasons + by_hand)
        )
    head = ("learner", *ids, "late", "total", "mistakes named, and other reasons")
    return "<h2>Everybody</h2>" + table("Marks of each learner", head, rows, "." + "n" * (len(ids) + 2) + "w")


def _came_about(one: Class) -> str:
    walls = Counter(str(result["wall"]) for result in one.results)
    graders = Counter(
        grader
        for result in one.results
        for grader in {str(r.get("grader", result["grader"])) for r in result["questions"]}
    )
    lines = [f"Learners' code ran behind: {escape(wall)} ({count})." for wall, count in walls.most_common()]
    lines += [f"Grader {escape(grader)} ({count})." for grader, count in graders.most_common()]
    return f'<h2>How the marks came about</h2><p class="quiet">{" ".join(lines)}</p>'
