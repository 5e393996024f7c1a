"""Attacks that leave something behind, such as a timer or a note, to harm or inform later answers."""

from tests.jail.attacks.attack import RIGHT, Attack

KIND = "lingering"
TIMER = (
    "import signal\nsignal.signal(signal.SIGALRM, {what})\nsignal.setitimer(signal.ITIMER_REAL, {seconds})"
)
OTHERS = "('max_pool2d', 'pool_by_rule', 'expose_mixing', 'pair')"


def _linger(name: str, says: str, body: str) -> Attack:
    """An attack whose answer is right but has a side effect, which must not cost other answers marks."""
    lines = "".join(f"    {line}\n" for line in body.strip("\n").split("\n"))
    source = (
        f"import os, sys\nimport numpy as np\n{RIGHT['3.2']}\ndef max_pool_plane(x, kernel_size):\n{lines}  "
        "  return right(x, kernel_size)\n"
    )
    return Attack(name, KIND, says, source, whole=True, bare=False, either=True)


def _later(name: str, says: str, what: str, seconds: str = "0.004, 0.004") -> Attack:
    defined, _, handler = what.rpartition("\n")
    return _linger(name, says, f"{defined}\n{TIMER.format(what=handler, seconds=seconds)}")


def _note(name: str, says: str, body: str) -> Attack:
    """An attack that leaves a note and ends its process; it succeeds if a later process finds the note."""
    return Attack(name, KIND, says, body, bare=False)


ATTACKS = (
    _later(
        "late_exit", "a timer that ends the process while another answer is asked", "lambda *_: os._exit(0)"
    ),
    _later(
        "late_error",
        "a timer that raises in the middle of other answers",
        "def raises(*_):\n    raise ArithmeticError\nraises",
    ),
    _later(
        "late_reply",
        "a timer that speaks in the place of other answers",
        "lambda *_: os.write(4, b'PKT1' + bytes(12))",
    ),
    _later(
        "late_loop",
        "a loop without end, begun in another answer by a timer",
        "def ever(*_):\n    while True:\n        pass\never",
        "0.004",
    ),
    _linger(
        "trace_later",
        "sys.settrace and sys.setprofile, to raise in every later answer",
        f"def raises(frame, event, argument):\n    if frame.f_code.co_name in {OTHERS}:\n        raise "
        "ArithmeticError\nsys.settrace(raises)\nsys.setprofile(raises)",
    ),
    _linger(
        "errors_later", "numpy told to raise at every rounding", "np.seterr(all='raise')\nnp.setbufsize(16)"
    ),
    _linger(
        "warnings_later",
        "every warning made an error, and text for arrays made wrong",
        "import warnings\nwarnings.simplefilter('error')\nnp.set_printoptions(formatter={'all': 1})",
    ),
    _linger(
        "shallow_later",
        "recursion limited to what is in use",
        "depth, frame = 12, sys._getframe()\nwhile frame:\n    depth, frame = depth + 1, "
        "frame.f_back\nsys.setrecursionlimit(depth)",
    ),
    _linger(
        "numpy_later",
        "numpy's functions replaced, for the answers after it",
        "def wrong(*_, **__):\n    raise ArithmeticError\nfor name in ('max', 'full', 'empty', 'pad', "
        "'zeros', 'arange', 'moveaxis'):\n    setattr(np, name, wrong)",
    ),
    _linger(
        "builtins_later",
        "builtins taken away that other answers need",
        "import builtins\nfor name in ('range', 'isinstance', 'max', 'float'):\n    setattr(builtins, name, "
        "None)",
    ),
    _linger(
        "names_later",
        "the other questions' answers taken away",
        f"for name in {OTHERS}:\n    globals().pop(name, None)",
    ),
    _linger(
        "collector_later",
        "the pipes closed by the collector, once it has answered",
        "import gc\ngc.callbacks.append(lambda *_: os.closerange(3, 64))\ngc.set_threshold(200, 1, 1)",
    ),
    _linger(
        "memory_later",
        "all of its memory taken and kept",
        "kept = np.__dict__.setdefault('kept', [])\ntry:\n    while True:\n       "
        " kept.append(bytes(2**20))\nexcept MemoryError:\n    pass",
    ),
    _linger(
        "limits_later",
        "its own limits made smaller",
        "import resource\nfor which in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, "
        "resource.RLIMIT_STACK):\n    resource.setrlimit(which, (0, "
        "0))\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))",
    ),
    _note(
        "flags",
        "a note for the next learner in the flags of a descriptor that all processes inherit",
        """
        import fcntl
        if not fcntl.fcntl(0, fcntl.F_GETFL) & os.O_APPEND:
            fcntl.fcntl(0, fcntl.F_SETFL, os.O_APPEND)
            os._exit(0)
        """,
    ),
    _note(
        "locks",
        "a note for the next learner in a lock on it",
        """
        import fcntl
        again = os.open('/dev/null', os.O_RDWR)
        try:
            fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            os.close(again)
            fcntl.flock(0, fcntl.LOCK_EX)
            os._exit(0)
        """,
    ),
    _note(
        "shared_locks",
        "a lock on a file of Python's own, which learners that run at the same time would see",
        "import fcntl\nfcntl.flock(os.open(os.__file__, os.O_RDONLY), fcntl.LOCK_EX)",
    ),
)
