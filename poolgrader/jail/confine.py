"""The layers of the sandbox around a learner's code: what each does, and the function that puts it up.

The learner's process puts them up in this order, before it runs the learner's first line of code. Only
`bubblewrap` is there already: it is around the template that the process is forked from. If a required layer
cannot be put up, the process ends.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from poolgrader.jail import linux

if sys.platform != "win32":  # Windows has no such limits, and nothing is graded there
    import resource

NOBODY = 65534
FILES, DESCRIPTORS, TEMPORARY = 64 * 2**20, 64, "size=64m,nr_inodes=2000"
PRIVATE_FOLDER, PROCESSES = "/tmp", "/proc"


@dataclass(frozen=True)
class Plan:
    """Which layers to put up, and the values that they need.

    Args:
        layers: names of those to put up.
        readable, listable, writable: paths, for Landlock.
        program: the filter of system calls, as BPF.
        memory: bytes that the process may have on top of what the template had.
        seconds: of processor time; they end the process if nobody is left to do it.
    """

    layers: tuple[str, ...] = ()
    readable: tuple[str, ...] = ()
    listable: tuple[str, ...] = ()
    writable: tuple[str, ...] = ()
    program: bytes = b""
    memory: int = 2 * 2**30
    seconds: int = 600


@dataclass(frozen=True)
class Layer:
    """One layer: its name, what it does in words, what puts it up, and whether that takes a privilege."""

    name: str
    says: str
    put_up: Callable[[Plan], None]
    privileged: bool = False


def _around(plan: Plan) -> None:
    """Do nothing: bubblewrap is around the template already."""


def _namespaces(plan: Plan) -> None:
    linux.unshare(linux.NEWNS | linux.NEWIPC | linux.NEWNET | linux.NEWUTS)


def _private_files(plan: Plan) -> None:
    linux.mount("", "/", linux.RECURSIVE | linux.PRIVATE)
    shut = linux.NO_SUID | linux.NO_DEVICES | linux.NO_EXEC
    owner = NOBODY if os.geteuid() == 0 else os.geteuid()
    linux.mount("tmpfs", PRIVATE_FOLDER, shut, f"{TEMPORARY},mode=0700,uid={owner}")
    linux.mount("tmpfs", PROCESSES, shut | linux.READ_ONLY, "size=4k,mode=0555")


def _ordinary_user(plan: Plan) -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    os.chdir(PRIVATE_FOLDER)


def _limits(plan: Plan) -> None:
    with open("/proc/self/statm", "rb") as file:  # text mode would need a codec, which each child had to load
        pages = int(file.read().split()[0])
    room = pages * os.sysconf("SC_PAGE_SIZE") + plan.memory
    limits = {
        resource.RLIMIT_AS: room,
        resource.RLIMIT_FSIZE: FILES,
        resource.RLIMIT_NOFILE: DESCRIPTORS,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_CPU: plan.seconds,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for which, limit in limits.items():
        resource.setrlimit(which, (limit, limit))


def _no_privileges(plan: Plan) -> None:
    linux.drop_capabilities()
    linux.prctl(linux.NO_NEW_PRIVILEGES, 1)
    linux.prctl(linux.DEATH_SIGNAL, signal.SIGKILL)
    linux.prctl(linux.DUMPABLE, 0)  # no core dump, which some systems make in spite of the limit; no tracing


def _landlock(plan: Plan) -> None:
    linux.landlock(plan.readable, plan.listable, plan.writable)


def _seccomp(plan: Plan) -> None:
    if not plan.program:
        raise OSError("seccomp: no filter was handed over")
    linux.seccomp(plan.program)


LAYERS = (
    Layer("bubblewrap", "a view of the disk that holds Python and the libraries alone", _around, True),
    Layer("limits", "memory, file size, descriptors, processor time", _limits),
    Layer("namespaces", "processes, mounts, messages, network and host name of its own", _namespaces, True),
    Layer("private files", "a small /tmp of its own, an empty /proc", _private_files, True),
    Layer("ordinary user", "never root, but the user nobody, in no group", _ordinary_user, True),
    Layer("no privileges", "no capability, and no way to gain one", _no_privileges),
    Layer("Landlock", "no files but those listed, no TCP, no signals to other processes", _landlock),
    Layer("seccomp", "no process, signal, socket, owner or mode can be made or changed", _seccomp),
)
BARE = "a process of its own, without a sandbox"


def enough(layers: Sequence[str]) -> str:
    """What these layers lack for a learner's code to run, or "".

    >>> enough(["limits", "no privileges", "Landlock", "seccomp"])
    ''
    >>> enough(["limits", "no privileges", "Landlock"])
    'nothing filters system calls'
    """
    if not {"bubblewrap", "Landlock"} & set(layers):
        return "nothing hides files"
    if "seccomp" not in layers:
        return "nothing filters system calls"
    return "" if {"limits", "no privileges"} <= set(layers) else "nothing limits memory or drops privileges"


def confine(plan: Plan, trial: bool = False) -> tuple[str, ...]:
    """Put up the plan's layers around this process; return the names of those that were put up.

    Args:
        plan: see Plan.
        trial: skip a layer that cannot be put up, instead of raising.

    Raises:
        OSError: if a layer cannot be put up, and this is no trial.
    """
    stood = []
    for layer in LAYERS:
        if layer.name in plan.layers:
            with contextlib.suppress(OSError, ValueError) if trial else contextlib.nullcontext():
                layer.put_up(plan)
                stood.append(layer.name)
    return tuple(stood)
