"""What the three files of attack tests share: one campaign a mode, run once, read line by line."""

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
    """The walls that stood, and the outcome of each attack by its name."""
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
    walls, *lines = [json.loads(line) for line in done.stdout.splitlines()]
    outcomes = [Outcome(**{field.name: line[field.name] for field in fields(Outcome)}) for line in lines]
    return walls, {outcome.name: outcome for outcome in outcomes}


def chosen(every: int, first: int) -> list[Attack]:
    """Each `every`-th attack from the `first` on, or all of them at night.

    The three ways of running the jail begin at different attacks, so that they share few by day.
    """
    return list(ATTACKS if os.environ.get("NIGHTLY") else ATTACKS[first::every])
