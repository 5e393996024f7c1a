"""Linux calls that Python's library does not offer: namespaces, mounts, capabilities, Landlock, seccomp.

Each function does one thing and raises OSError where the kernel refuses. Nothing is decided here.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Sequence

NEWNS, NEWUTS, NEWIPC, NEWPID, NEWNET = 0x0002_0000, 0x0400_0000, 0x0800_0000, 0x2000_0000, 0x4000_0000
READ_ONLY, NO_SUID, NO_DEVICES, NO_EXEC, RECURSIVE, PRIVATE = 1, 2, 4, 8, 1 << 14, 1 << 18
DEATH_SIGNAL, DUMPABLE, SECCOMP, DROP_BOUNDING, NO_NEW_PRIVILEGES, AMBIENT = 1, 4, 22, 24, 38, 47
FILTER, CLEAR_ALL = 2, 4
# The three calls of Landlock have the same numbers on every architecture.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
PATH_BENEATH = 1
READ_FILE, READ_FOLDER = 1 << 2, 1 << 3
FILE_RIGHTS = (1 << 0) | (1 << 1) | (1 << 2) | (1 << 14) | (1 << 15)  # the rights that a file can have

# Windows cannot load the default library; the command `learn` imports this module there, too.
if sys.platform != "win32":
    _libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def prctl(option: int, first: int = 0, second: int = 0) -> int:
    """Change one setting of this process."""
    zero = ctypes.c_ulong(0)
    return _checked(
        _libc.prctl(option, ctypes.c_ulong(first), ctypes.c_ulong(second), zero, zero), f"prctl {option}"
    )


def unshare(spaces: int) -> None:
    """Move this process into new namespaces; a new pid namespace is for its next child."""
    _checked(_libc.unshare(spaces), "unshare")


def rejoin(pidfd: int, spaces: int) -> None:
    """Move this process into the namespaces of the process that a pidfd refers to."""
    _checked(_libc.setns(pidfd, spaces), "setns")


def mount(kind: str, target: str, flags: int, options: str = "") -> None:
    """Mount a file system of a kind such as tmpfs; the kind "" changes the mount that is there already."""
    _checked(
        _libc.mount(kind.encode() or None, target.encode(), kind.encode() or None, flags, options.encode()),
        f"mount {target}",
    )


def drop_capabilities() -> None:
    """Empty all capability sets of this process, so that it cannot regain any capability."""
    for capability in range(64):
        try:
            prctl(DROP_BOUNDING, capability)
        except OSError:
            break  # past the last capability, or not permitted: the sets below are emptied even so
    prctl(AMBIENT, CLEAR_ALL)
    header = struct.pack("Ii", 0x2008_0522, 0)
    _checked(_libc.capset(header, bytes(24)), "capset")


def landlock_version() -> int:
    """The kernel's version of Landlock; 0 where it has none."""
    return max(0, int(_libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint(1))))


def landlock(readable: Sequence[str], listable: Sequence[str], writable: Sequence[str]) -> None:
    """Allow no files but those beneath these paths.

    Newer kernels also refuse TCP, and signals and abstract sockets to processes outside.

    Args:
        readable: paths beneath which files may be read and folders listed.
        listable: paths beneath which folders may be listed.
        writable: paths beneath which everything is allowed but running programs.
    """
    version = landlock_version()
    if not version:
        raise OSError("landlock: the kernel has none")
    rights = (1 << (13, 14, 15, 15, 16, 16)[min(version, 6) - 1]) - 1
    network = 3 if version >= 4 else 0
    scopes = 3 if version >= 6 else 0
    attributes = struct.pack("QQQ", rights, network, scopes)[
        : 8 if version < 4 else 16 if version < 6 else 24
    ]
    ruleset = _checked(
        _libc.syscall(CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0)),
        "landlock",
    )
    try:
        kinds = (readable, READ_FILE | READ_FOLDER), (listable, READ_FOLDER), (writable, rights & ~1)
        for paths, allowed in kinds:
            for path in paths:
                _allow(ruleset, path, allowed)
        _checked(_libc.syscall(RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint(0)), "landlock")
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, allowed: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not os.path.isdir(path):
            allowed &= FILE_RIGHTS
        rule = struct.pack("<Qi", allowed, place)
        _checked(
            _libc.syscall(
                ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(PATH_BENEATH), rule, ctypes.c_uint(0)
            ),
            f"landlock {path}",
        )
    finally:
        os.close(place)


def seccomp(program: bytes) -> None:
    """Load a filter of system calls, given as a BPF program."""
    code = ctypes.create_string_buffer(program, len(program))
    filter_ = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    held = ctypes.create_string_buffer(filter_, len(filter_))
    prctl(SECCOMP, FILTER, ctypes.addressof(held))
