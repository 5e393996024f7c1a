"""A reply counts only if it has the random number of its request, which no process can know beforehand."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from poolgrader.jail import wire
from poolgrader.jail.nursery import Child
from poolgrader.jail.parent import Jail, _Stray
from tests.patience import HANGS_AFTER

Replies = Callable[[str], Any]


@contextmanager
def answered_by(reply: Replies, before: Any = None) -> Iterator[Jail]:
    """A jail in which a thread of the test takes the place of the child process.

    Args:
        reply: makes the thread's reply from the request's number.
        before: a message sent to the jail before its request; None for no message.
    """
    child_reads, to_child = os.pipe()
    from_child, child_writes = os.pipe()

    def serve() -> None:
        try:
            request = wire.receive(child_reads, HANGS_AFTER)
        except wire.WireError:
            return  # the jail closed the pipe without sending a request
        wire.send(child_writes, reply(request["number"]), HANGS_AFTER)

    jail = Jail([], "numpy")
    jail._child = Child(None, 0, -1, to_child, from_child)  # type: ignore[arg-type]
    if before is not None:
        wire.send(child_writes, before, HANGS_AFTER)
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield jail
    finally:
        os.close(to_child)
        thread.join(HANGS_AFTER)
        for descriptor in (from_child, child_writes, child_reads):
            os.close(descriptor)


def test_the_reply_to_this_request_is_read() -> None:
    with answered_by(lambda number: {"number": number, "reply": "mine"}) as jail:
        assert jail._exchange({"do": "call"}, HANGS_AFTER) == "mine"


@pytest.mark.parametrize(
    "reply",
    [
        lambda number: {"number": "0" * len(number), "reply": "forged"},
        lambda number: {"number": number[:-1], "reply": "forged"},
        lambda number: {"reply": "forged"},
        lambda number: [number, "forged"],
    ],
)
def test_a_reply_without_the_requests_number_is_rejected(reply: Replies) -> None:
    with answered_by(reply) as jail, pytest.raises(_Stray, match="something else"):
        jail._exchange({"do": "call"}, HANGS_AFTER)


def test_a_reply_sent_before_the_request_is_rejected() -> None:
    stale = {"number": "0" * 16, "reply": "stale"}
    with (
        answered_by(lambda number: {"number": number, "reply": "mine"}, before=stale) as jail,
        pytest.raises(_Stray, match="nobody asked for"),
    ):
        jail._exchange({"do": "call"}, HANGS_AFTER)
