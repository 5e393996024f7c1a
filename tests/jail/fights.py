"""Run a campaign of attacks in a new process, and keep the outcomes for all tests that need them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import fields
from functools import cache
from typing import Any

from tests.jail import ordinary
from tests.jail.attacks import ATTACKS
from tests.jail.attacks.attack import Attack
from tests.jail.campaign import Outcome

MINUTES = 30


@cache
def fought(
    sandbox: str, as_ordinary_user: bool, names: tuple[str, ...] = ()
) -> tuple[dict[str, Any], dict[str, Outcome]]:
    """Run tests.jail.campaign with these attacks (all if `names` is empty) in a new process.

    Returns:
        The first line that it prints, which has the active layers of the sandbox, and the outcomes by the
        attacks' names.
    """
    command = [sys.executable, "-m", "tests.jail.campaign", "--sandbox", sandbox, *names]
    done = subprocess.run(
        ordinary.command(command) if as_ordinary_user else command,
        cwd=ordinary.ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60 * MINUTES,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    facts, *lines = [json.loads(line) for line in done.stdout.splitlines()]
    outcomes = [Outcome(**{field.name: line[field.name] for field in fields(Outcome)}) for line in lines]
    return facts, {outcome.name: outcome for outcome in outcomes}


def chosen(every: int, first: int) -> list[Attack]:
    """Select one attack in `every`, starting at index `first`; all attacks if NIGHTLY is set.

    The test modules pass different numbers, so that no attack is run by two of them unless NIGHTLY is set.
    """
    return list(ATTACKS if os.environ.get("NIGHTLY") else ATTACKS[first::every])
