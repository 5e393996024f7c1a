"""Runs a campaign of attacks once for each mode, for all tests of attacks."""

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
    """Run a campaign.

    Returns:
        Its first line, with the active layers of the sandbox, and the outcomes by the attacks' names.
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
    """Every n-th attack for n = `every`, starting at index `first`; all attacks if NIGHTLY is set.

    The modules that call this choose `every` and `first` so that no two of them run the same attack, unless
    NIGHTLY is set.
    """
    return list(ATTACKS if os.environ.get("NIGHTLY") else ATTACKS[first::every])
