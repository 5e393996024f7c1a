"""Run the scripts of the explorers in Node, without a browser or a page."""

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
    """Evaluate a JavaScript expression for each case and return its values.

    The argument `part` names a script, such as "gradients". In the expression, `part` is the object that this
    script adds to `Poolkit`, as in `part.routes(x, k, s, rule)`. The scripts poolkit.js and pooling.js run
    first; the named script must not need others.
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
    """Run scripts in their order and return the tags that they define.

    It fails if a script uses something that no earlier script has defined.
    """
    tags: list[str] = _answer("return tagsOf(given);", paths(*scripts))
    return tags


def paths(*scripts: str) -> list[str]:
    """The paths of the scripts with these names."""
    return [str(EXPLORERS / f"{script}.js") for script in scripts]


def _answer(script: str, given: Any) -> Any:
    """Run a script in Node with `given` as its input, and return the script's result."""
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
