"""What a layer does that no attack can see from inside."""

from __future__ import annotations

import os
import socket

from poolgrader.jail import linux
from poolgrader.jail.confine import Plan, _no_privileges

ASK_DUMPABLE = 3


def test_no_core_is_left_where_the_system_collects_them() -> None:
    """The limit on cores does not hold where they are piped to a program;
    a process that has none to give does.
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


FIRST_WITH_NETWORK = 4  # the version of Landlock that knows of TCP


def test_landlock_alone_refuses_tcp() -> None:
    """A namespace keeps the network away as well; where none can be made, this rule is the only one.

    Newer calls are made by number, so a mistake in the rules would go unseen: Linux then takes them for
    fewer.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        before = _connects(server.getsockname(), shut=False)
        after = _connects(server.getsockname(), shut=True)
    assert before == CONNECTED
    assert after == (REFUSED if linux.landlock_version() >= FIRST_WITH_NETWORK else CONNECTED)


CONNECTED, REFUSED = 0, 13


def _connects(address: tuple[str, int], shut: bool) -> int:
    """Whether a process reaches an address, from behind Landlock or without it: an exit status."""
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
