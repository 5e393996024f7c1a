"""The scripts of the explorers, run in Node, with no page in sight."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import playwright

from tests.book.contents import ROOT
from tests.book.playing import EXPLORERS

# Playwright brings a Node of its own, so that no other one has to be installed.
NODE = next(path for path in (Path(playwright.__file__).parent / "driver").glob("node*") if path.is_file())
READING = f"""
import {{ run, tagsOf }} from {json.dumps((ROOT / "tests" / "book" / "scripts.mjs").as_uri())};
import {{ readFileSync }} from "node:fs";
const given = JSON.parse(readFileSync(0));
"""


def in_node(part: str, arguments: str, expression: str, cases: list[Any]) -> list[Any]:
    """What an expression over a script's part of `Poolkit` gives for each case, such as `part.routes(x, k, s,
    rule)`; the script needs none but pooling.js before it.
    """
    script = f"""
    const part = run(given.paths).{part};
    return given.cases.map(({arguments}) => {expression});
    """
    given = {"paths": paths("poolkit", "pooling", part), "cases": cases}
    answers: list[Any] = _answer(script, given)
    assert len(answers) == len(cases)
    return answers


def tags_of(scripts: list[str]) -> list[str]:
    """The tags that scripts define; fails where one takes what none before it offers."""
    tags: list[str] = _answer("return tagsOf(given);", paths(*scripts))
    return tags


def paths(*scripts: str) -> list[str]:
    """The files of scripts."""
    return [str(EXPLORERS / f"{script}.js") for script in scripts]


def _answer(script: str, given: Any) -> Any:
    """What the script returns."""
    ran = subprocess.run(
        [
            NODE,
            "--input-type=module",
            "--eval",
            f"{READING}console.log(JSON.stringify((() => {{{script}}})()));",
        ],
        input=json.dumps(given),
        text=True,
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
