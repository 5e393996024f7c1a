"""What a layer does that no attack can see from inside."""

from __future__ import annotations

import os

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
