"""Check effects of sandbox layers that no attack can observe from inside."""

from __future__ import annotations

import os
import socket

from poolgrader.jail import linux
from poolgrader.jail.confine import Plan, _no_privileges

ASK_DUMPABLE = 3


def test_no_core_dump_is_made_where_the_system_collects_them() -> None:
    """A learner's process is marked as not dumpable.

    A size limit on core dumps is not enough: it has no effect where the system pipes them to a program.
    """
    pid = os.fork()
    if pid == 0:
        try:
            _no_privileges(Plan())
            os._exit(linux.prctl(ASK_DUMPABLE))
        finally:
            os._exit(70)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0


# the first version of Landlock that can restrict TCP
FIRST_WITH_NETWORK = 4


def test_landlock_alone_refuses_tcp() -> None:
    """Where no network namespace can be made, nothing but Landlock's rule blocks TCP.

    Landlock's system calls are made by number. With a mistake in the rules, Linux may accept fewer rules
    without an error, so this test checks their effect.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        before = _connects(server.getsockname(), shut=False)
        after = _connects(server.getsockname(), shut=True)
    assert before == CONNECTED
    assert after == (REFUSED if linux.landlock_version() >= FIRST_WITH_NETWORK else CONNECTED)


CONNECTED, REFUSED = 0, 13


def _connects(address: tuple[str, int], shut: bool) -> int:
    """Connect to an address in a child process, restricted by Landlock or not; returns its exit status."""
    pid = os.fork()
    if pid == 0:
        try:
            if shut:
                linux.prctl(linux.NO_NEW_PRIVILEGES, 1)
                linux.landlock(("/",), (), ())
            socket.create_connection(address, 5).close()
            os._exit(CONNECTED)
        except PermissionError:
            os._exit(REFUSED)
        finally:
            os._exit(70)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)
