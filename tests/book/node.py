"""Run the scripts of the explorers in Node, without a page."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import playwright

from tests.book.contents import ROOT
from tests.book.playing import EXPLORERS

# Playwright ships its own Node, so no other one has to be installed.
NODE = next(path for path in (Path(playwright.__file__).parent / "driver").glob("node*") if path.is_file())
READING = f"""
import {{ run, tagsOf }} from {json.dumps((ROOT / "tests" / "book" / "scripts.mjs").as_uri())};
import {{ readFileSync }} from "node:fs";
const given = JSON.parse(readFileSync(0));
"""


def in_node(part: str, arguments: str, expression: str, cases: list[Any]) -> list[Any]:
    """Evaluate a JavaScript expression for each case and give its values.

    The expression uses `part`, what the script of that name defines in `Poolkit`, as in
    `part.routes(x, k, s, rule)`. The script may need poolkit.js and pooling.js, which run before it, but no
    other script.
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
    """The tags that scripts define; fails where a script uses what no earlier script has defined."""
    tags: list[str] = _answer("return tagsOf(given);", paths(*scripts))
    return tags


def paths(*scripts: str) -> list[str]:
    """The file of each script, by the script's name."""
    return [str(EXPLORERS / f"{script}.js") for script in scripts]


def _answer(script: str, given: Any) -> Any:
    """Run a script in Node with `given`, and return what it returns."""
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
