"""The pure modules of the explorers, run in Node, with no page in sight."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import playwright

from tests.book.playing import EXPLORERS

# Playwright brings a Node of its own, so that no other one has to be installed.
NODE = next(path for path in (Path(playwright.__file__).parent / "driver").glob("node*") if path.is_file())
SCRIPT = """
import * as module from {module};
import { readFileSync } from 'node:fs';
const cases = JSON.parse(readFileSync(0));
console.log(JSON.stringify(cases.map(({arguments}) => {expression})));
"""


def in_node(module: str, arguments: str, expression: str, cases: list[Any]) -> list[Any]:
    """What an expression over the names of a module gives for each case, such as `module.routes(x,
    k, s, rule)`.
    """
    script = SCRIPT.replace("{module}", json.dumps((EXPLORERS / module).as_uri()))
    script = script.replace("{arguments}", arguments).replace("{expression}", expression)
    ran = subprocess.run(
        [NODE, "--input-type=module", "--eval", script],
        input=json.dumps(cases),
        text=True,
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    answers: list[Any] = json.loads(ran.stdout)
    assert len(answers) == len(cases)
    return answers
