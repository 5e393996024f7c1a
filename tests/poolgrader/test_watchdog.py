"""The watchdog cuts what does not end, says where, and leaves alone what does."""

import signal
import threading
import time
from typing import Any

import pytest

from poolgrader.watchdog import TooLong, time_limit
from tests.patience import HANGS_AFTER


def test_a_loop_is_cut_even_if_it_swallows_interrupts() -> None:
    swallowed: list[int] = []

    def stubborn() -> None:
        while len(swallowed) < 3:
            try:
                while True:
                    pass
            except KeyboardInterrupt:
                swallowed.append(1)

    with pytest.raises(TooLong), time_limit(0.2):
        stubborn()
    assert len(swallowed) == 3


def _busy_until(end: float) -> None:
    while time.monotonic() < end:
        pass


@pytest.mark.parametrize("before", [signal.SIG_IGN, signal.SIG_DFL])
def test_a_process_in_the_background_is_cut_as_well(before: signal.Handlers) -> None:
    """A shell has such a process ignore SIGINT; afterwards it does so again."""
    kept, begun = signal.signal(signal.SIGINT, before), time.monotonic()
    try:
        with pytest.raises(TooLong), time_limit(0.1):
            _busy_until(begun + HANGS_AFTER)
        assert time.monotonic() - begun < HANGS_AFTER
        assert signal.getsignal(signal.SIGINT) == before
    finally:
        signal.signal(signal.SIGINT, kept)


def test_waiting_is_cut_too() -> None:
    begun = time.monotonic()
    with pytest.raises(TooLong), time_limit(0.05):
        time.sleep(HANGS_AFTER)
    assert time.monotonic() - begun < HANGS_AFTER


def test_the_line_of_a_cell_is_named() -> None:
    namespace: dict[str, Any] = {}
    source = "def forever():\n    while True:\n        x = 1\n"
    import linecache

    linecache.cache["<cell>"] = (len(source), None, source.splitlines(keepends=True), "<cell>")
    exec(compile(source, "<cell>", "exec"), namespace)
    with pytest.raises(TooLong) as caught, time_limit(0.1):
        namespace["forever"]()
    assert caught.value.line in ("while True:", "x = 1")


def test_what_ends_in_time_is_left_alone() -> None:
    with time_limit(60):
        done = sum(range(1000))
    assert done == 499500
    assert not any(thread.name == "poolgrader watchdog" for thread in threading.enumerate())


def test_a_real_interrupt_stays_one() -> None:
    with pytest.raises(KeyboardInterrupt), time_limit(60):
        raise KeyboardInterrupt


def test_outside_the_main_thread_there_is_no_limit() -> None:
    seen: list[str] = []

    def work() -> None:
        with time_limit(0.01):
            time.sleep(0.1)
            seen.append("done")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == ["done"]
