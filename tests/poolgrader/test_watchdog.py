"""The watchdog stops code that exceeds a time limit, names the line, and does not disturb other code."""

import signal
import threading
import time
from typing import Any

import pytest

from poolgrader.watchdog import TooLong, time_limit
from tests.patience import HANGS_AFTER


def test_a_loop_is_stopped_even_if_it_catches_keyboard_interrupts() -> None:
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
def test_a_background_process_is_stopped_too(before: signal.Handlers) -> None:
    """A shell starts background processes with SIGINT ignored; the limit must restore that handler."""
    kept, begun = signal.signal(signal.SIGINT, before), time.monotonic()
    try:
        with pytest.raises(TooLong), time_limit(0.1):
            _busy_until(begun + HANGS_AFTER)
        assert time.monotonic() - begun < HANGS_AFTER
        assert signal.getsignal(signal.SIGINT) == before
    finally:
        signal.signal(signal.SIGINT, kept)


def test_a_call_that_sleeps_is_stopped_too() -> None:
    begun = time.monotonic()
    with pytest.raises(TooLong), time_limit(0.05):
        time.sleep(HANGS_AFTER)
    assert time.monotonic() - begun < HANGS_AFTER


def test_the_error_names_the_line_of_the_cell_that_was_running() -> None:
    namespace: dict[str, Any] = {}
    source = "def forever():\n    while True:\n        x = 1\n"
    import linecache

    linecache.cache["<cell>"] = (len(source), None, source.splitlines(keepends=True), "<cell>")
    exec(compile(source, "<cell>", "exec"), namespace)
    with pytest.raises(TooLong) as caught, time_limit(0.1):
        namespace["forever"]()
    assert caught.value.line in ("while True:", "x = 1")


def test_code_that_ends_in_time_is_not_disturbed() -> None:
    with time_limit(60):
        done = sum(range(1000))
    assert done == 499500
    assert not any(thread.name == "poolgrader watchdog" for thread in threading.enumerate())


def test_a_keyboard_interrupt_of_the_user_is_passed_on() -> None:
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
