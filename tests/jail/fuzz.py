"""Break notebooks at random and grade them: each must still get a row in the report.

    python -m tests.jail.fuzz 5000 [--write] [--first N]

grades 5000 notebooks, half of them broken in their JSON structure and half in their code. It prints how many
got full marks, got fewer marks, or were unreadable. With --write, it saves these figures in
tests/jail/fuzz.json, for the instructors' page. With --first N, the seeds begin at N and the saved figures
are added to the new ones, so that a long run can be split into parts.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from poolgrader.classroom import sample
from poolgrader.classroom.handed_in.submission import read_release, read_submission
from poolgrader.classroom.pages.learner_page import learner_page
from poolgrader.classroom.pages.reasons import total
from poolgrader.classroom.run.grading import grade_submission
from poolgrader.classroom.run.result import Result
from poolgrader.classroom.secret import TEST_SECRET
from poolgrader.jail.nursery import Nursery
from poolgrader.limits import Limits
from poolgrader.questions import questions_of
from tests.course import SAMPLE

ROOT = Path(__file__).resolve().parents[2]
FIGURES = Path(__file__).with_name("fuzz.json")
RELEASED = ROOT / "exercises" / SAMPLE.assignment / "max_pooling.ipynb"
QUESTIONS = [question for question in questions_of(SAMPLE.assignment) if question.id in ("3.1", "3.2", "3.6")]
FULL = sum(question.points for question in QUESTIONS)
LIMITS = Limits(cell=1.0, call=1.0, answer=5.0)
JUNK: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**70,
    1e308,
    float("nan"),
    "",
    "\ud800",
    "\0",
    [],
    {},
    [[]],
    {"a": [None]},
    "q3-2",
)
WORDS = (
    "(", ")", "[", ":", "\n", "\t", "    ", "return", "while True:", "lambda", "yield", "await", "del x",
    "%%time\n", "!ls", "0", "-1", "10**9", "None", "x", "=", "==", "\\", '"""', "'", "#", "@", "import os",
    "raise", "\x00", "\u202e", "é", "global x", "1/0", ".T",
)  # fmt: skip


def _structure(chance: random.Random, value: Any) -> Any:
    """Replace, remove, repeat or move one value at a random place in a tree of lists and dicts."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(list(value))
        if chance.random() < 0.15:
            return {name: item for name, item in value.items() if name != key}
        return value | {key: _structure(chance, value[key])}
    if isinstance(value, list) and value and chance.random() < 0.9:
        place = chance.randrange(len(value))
        how = chance.random()
        if how < 0.1:
            return value[:place] + value[place + 1 :]
        if how < 0.2:
            return [*value, value[place]]
        if how < 0.3:
            return chance.sample(value, len(value))
        return [*value[:place], _structure(chance, value[place]), *value[place + 1 :]]
    return chance.choice(JUNK)


def _code(chance: random.Random, source: str) -> str:
    """Delete, replace, repeat or reverse a few random pieces of source code."""
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(source) + 1)
        end = min(len(source), place + chance.randint(0, 12))
        how = chance.randrange(4)
        middle = ("", chance.choice(WORDS), source[place:end] * 2, source[place:end][::-1])[how]
        source = source[:place] + middle + source[end:]
    return source


def broken(seed: int) -> bytes:
    """A notebook broken at random in its JSON structure or in its code, and sometimes also in its bytes."""
    chance = random.Random(seed)
    answers = {question.grade_id: question.answer for question in questions_of(SAMPLE.assignment)}
    if seed % 2:
        answers = {key: _code(chance, text) for key, text in answers.items()}
    notebook = sample.fill(json.loads(RELEASED.read_text(encoding="utf-8")), answers)
    if seed % 2 == 0:
        for _ in range(chance.randint(1, 8)):
            cells = notebook.get("cells") if isinstance(notebook, dict) else None
            if isinstance(cells, list) and cells and chance.random() < 0.95:
                notebook["cells"] = _structure(chance, cells)
            else:
                notebook = _structure(chance, notebook)
    data = bytearray(json.dumps(notebook).encode())
    if seed % 10 == 0:
        for _ in range(chance.randint(1, 5)):
            data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def graded(count: int, workers: int = 2, first: int = 0) -> Iterator[tuple[int, Result]]:
    """Grade `count` broken notebooks in the sandbox; yields the seed and the result of each."""
    with tempfile.TemporaryDirectory() as name, Nursery() as nursery, ThreadPoolExecutor(workers) as pool:
        release = read_release(RELEASED)

        def grade(seed: int) -> tuple[int, Result]:
            path = Path(name) / "submitted" / f"{seed}" / RELEASED.name
            path.parent.mkdir(parents=True)
            path.write_bytes(broken(seed))
            submission = read_submission(path, f"learner-{seed}", SAMPLE.assignment, release)
            return seed, grade_submission(submission, QUESTIONS, TEST_SECRET, LIMITS, nursery)

        yield from pool.map(grade, range(first, first + count))


def wrong_with(result: Result) -> str:
    """What is wrong with a result; "" if nothing is."""
    marks = total(result)
    if not 0 <= marks <= FULL or [record["question"] for record in result["questions"]] != [
        question.id for question in QUESTIONS
    ]:
        return "points out of range, or other questions"
    # this raises an error if the learner's page cannot be made
    learner_page(result).encode()
    lost = [record for record in result["questions"] if record["points"] < record["max_points"]]
    unexplained = any(not record["reason"] for record in lost if record["status"] != "not started")
    crashed = any("could not be judged" in record["reason"] for record in lost)
    return "lost marks without a reason" if unexplained else "the judge failed" if crashed else ""


def main() -> None:
    """Grade broken notebooks and print how many got which result; with --write, save these figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--first", type=int, default=0)
    arguments = parser.parse_args()
    counted: Counter[str] = Counter()
    longest, started = 0.0, time.monotonic()
    for seed, result in graded(arguments.count, first=arguments.first):
        wrong = wrong_with(result)
        if wrong:
            print(f"seed {seed}: {wrong}: {result}")
        counted[
            (
                "wrong"
                if wrong
                else ("unreadable" if result["problem"] else "full" if total(result) == FULL else "part")
            )
        ] += 1
        longest = max(longest, result["seconds"])
    figures = {
        "notebooks": arguments.count,
        "rows": sum(counted.values()),
        "wrong rows": counted["wrong"],
        "full marks": counted["full"],
        "fewer marks": counted["part"],
        "unreadable": counted["unreadable"],
        "longest, seconds": longest,
        "seconds": round(time.monotonic() - started),
    }
    if arguments.first:
        before = json.loads(FIGURES.read_text(encoding="utf-8"))
        if before["notebooks"] != arguments.first:
            raise SystemExit(
                f"--first: expected {before['notebooks']}, the number of notebooks in the saved figures"
            )
        figures = {
            name: max(before[name], value) if name.startswith("longest") else before[name] + value
            for name, value in figures.items()
        }
    print(json.dumps(figures, indent=1))
    if arguments.write:
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
