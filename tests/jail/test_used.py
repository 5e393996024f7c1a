"""The operating system measures a submission's CPU time and memory, so its code cannot falsify them."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from poolgrader.calls.values import Call
from poolgrader.jail.nursery import Nursery
from poolgrader.jail.parent import Jail
from poolgrader.jail.used import Usage

MIB = 2**20
CELLS = [
    (
        "cell",
        """
import os, time
import numpy as np

def idle():
    time.sleep(0.5)

def busy():
    until = time.process_time() + 0.5
    while time.process_time() < until:
        pass

def large(mib):
    return float(np.ones(mib * 2**17).sum())

def large_and_dead(mib):
    large(mib)
    os._exit(0)

def lying():
    import resource
    resource.getrusage = lambda who: (0,) * 16
    busy()
""",
    )
]


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as made:
        yield made


def used(nursery: Nursery, *calls: Call) -> Usage:
    with Jail(CELLS, "numpy", nursery=nursery) as jail:
        for call in calls:
            jail.ask(call)
    return jail.used


def test_waiting_takes_no_cpu_time(nursery: Nursery) -> None:
    usage = used(nursery, Call("idle"))
    assert 0 < usage.seconds < 0.3
    assert usage.peak < 32 * MIB


@pytest.mark.parametrize("name", ["busy", "lying"])
def test_cpu_time_is_counted_even_if_the_code_patches_getrusage(name: str, nursery: Nursery) -> None:
    assert 0.5 <= used(nursery, Call(name)).seconds < 1.5


def test_the_peak_is_the_largest_memory_at_one_time(nursery: Nursery) -> None:
    usage = used(nursery, Call("large", args=(100,)), Call("large", args=(200,)), Call("large", args=(100,)))
    assert 200 * MIB <= usage.peak < 240 * MIB


def test_a_process_that_died_counts_too(nursery: Nursery) -> None:
    usage = used(nursery, Call("large_and_dead", args=(200,)), Call("busy"), Call("busy"))
    assert 200 * MIB <= usage.peak < 240 * MIB
    assert usage.seconds >= 1.0


def test_the_memory_of_an_empty_process_is_not_counted(nursery: Nursery) -> None:
    with Jail([("cell", "")], "torch", nursery=nursery) as jail:
        jail.ask(Call("absent"))
    assert jail.used.peak < 32 * MIB


def test_losing_a_template_loses_only_the_usage_of_its_own_processes(nursery: Nursery) -> None:
    with Jail(CELLS, "numpy", nursery=nursery) as jail:
        jail.ask(Call("busy"))
        nursery.template("numpy")._control.shutdown(socket.SHUT_RDWR)
        jail.ask(Call("idle"))
        jail.ask(Call("busy"))
    assert 0.5 <= jail.used.seconds < 0.9


def test_no_process_is_left_when_a_jail_is_closed(nursery: Nursery) -> None:
    """Each process was ended and reaped, so that not even a zombie is left."""
    handles = []
    for name in ("idle", "large_and_dead", "busy"):
        with Jail(CELLS, "numpy", nursery=nursery) as jail:
            jail.ask(Call("absent"))
            assert jail._child is not None
            handles.append(os.dup(jail._child.handle))
            jail.ask(Call(name, args=(1,) if name == "large_and_dead" else ()))
    for handle in handles:
        with open(f"/proc/self/fdinfo/{handle}", encoding="ascii") as file:
            facts = dict(line.split(":", 1) for line in file)
        # The pid is -1 because the process was reaped; a zombie would still have its own pid.
        assert int(facts["Pid"]) == -1
        os.close(handle)
