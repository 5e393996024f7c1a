"""Interrupts an endless loop in the learner's code; it uses a thread, so that it works on every platform."""

from __future__ import annotations

import _thread
import contextlib
import linecache
import signal
import sys
import threading
import time
from collections.abc import Iterator

from poolgrader.calls.observe import is_learners

REPEAT = 0.05  # seconds between interrupts, in case the code swallows the first one
PATIENCE = 6  # by the clock the limit is so many times longer: a busy machine must not cost a mark


class TooLong(Exception):
    """The code did not end in time; `line` is where it was, as far as can be seen."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Interrupt the main thread when the time is over, again and again until the block ends.

    Outside the main thread there is no limit.

    Args:
        seconds: of processor time; code that waits and computes nothing has PATIENCE times as long.

    Raises:
        TooLong: in place of the KeyboardInterrupt that this causes. A call into C cannot be interrupted: the
            interrupt takes effect when it returns.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with _sigint_handled(), _watched(seconds):
        yield


@contextlib.contextmanager
def _watched(seconds: float) -> Iterator[None]:
    done, late = threading.Event(), threading.Event()
    main = threading.main_thread().ident or 0
    line: list[str] = []

    def watch() -> None:
        worked, begun = time.process_time(), time.monotonic()
        while time.process_time() - worked < seconds and time.monotonic() - begun < PATIENCE * seconds:
            if done.wait(REPEAT):
                return
        line.append(_line_of(main))
        late.set()
        while not done.is_set():
            _interrupt(main)
            done.wait(REPEAT)

    thread = threading.Thread(target=watch, daemon=True, name="poolgrader watchdog")
    thread.start()
    try:
        try:
            yield
        finally:
            done.set()
            thread.join()
    except KeyboardInterrupt:
        if late.is_set():
            raise TooLong(line[0]) from None
        raise
    if late.is_set():  # the code swallowed the interrupts, and ended
        raise TooLong(line[0])


@contextlib.contextmanager
def _sigint_handled() -> Iterator[None]:
    """Make SIGINT raise KeyboardInterrupt, also in a process that a shell started in the background.

    Such a process ignores SIGINT, and its code would never be interrupted.
    """
    before = signal.getsignal(signal.SIGINT)
    if before not in (signal.SIG_IGN, signal.SIG_DFL):
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _interrupt(main: int) -> None:
    """Interrupt the main thread as Ctrl-C does, so that a sleep ends too.

    Where threads cannot get signals, or SIGINT has no handler in Python, `_thread` interrupts it.
    """
    if hasattr(signal, "pthread_kill") and callable(signal.getsignal(signal.SIGINT)):
        signal.pthread_kill(main, signal.SIGINT)
    else:
        _thread.interrupt_main()


def _line_of(thread: int) -> str:
    """The innermost line of the learner's own code that a thread is running."""
    frame = sys._current_frames().get(thread)
    while frame is not None:
        if is_learners(frame):
            return linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
        frame = frame.f_back
    return ""
