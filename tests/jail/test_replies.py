"""A reply counts only if it bears the number of the request that it answers: no process can foresee that."""

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
    """A jail whose process is a thread that makes what it likes of a request's number.

    Args:
        reply: what it sends for a request that bears this number.
        before: what it has sent before anybody asked.
    """
    theirs, to_child = os.pipe()
    from_child, ours = os.pipe()

    def serve() -> None:
        try:
            request = wire.receive(theirs, HANGS_AFTER)
        except wire.WireError:
            return  # nobody asked
        wire.send(ours, reply(request["number"]), HANGS_AFTER)

    jail = Jail([], "numpy")
    jail._child = Child(None, 0, -1, to_child, from_child)  # type: ignore[arg-type]
    if before is not None:
        wire.send(ours, before, HANGS_AFTER)
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield jail
    finally:
        os.close(to_child)
        thread.join(HANGS_AFTER)
        for descriptor in (from_child, ours, theirs):
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
def test_a_reply_without_its_number_is_none(reply: Replies) -> None:
    with answered_by(reply) as jail, pytest.raises(_Stray, match="something else"):
        jail._exchange({"do": "call"}, HANGS_AFTER)


def test_a_reply_that_came_before_the_request_is_none() -> None:
    stale = {"number": "0" * 16, "reply": "stale"}
    with (
        answered_by(lambda number: {"number": number, "reply": "mine"}, before=stale) as jail,
        pytest.raises(_Stray, match="nobody asked for"),
    ):
        jail._exchange({"do": "call"}, HANGS_AFTER)
