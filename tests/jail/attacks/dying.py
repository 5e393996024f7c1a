"""Attacks that crash, hang or use up resources: they must cost only the marks of their own question."""

from typing import Any

from tests.jail.attacks.attack import Attack

KIND = "dying"


def _die(name: str, says: str, body: str, question: str = "3.2", extra: bool = False) -> Attack:
    """A crash or hang, which a sandbox cannot prevent; the other answers must be graded all the same."""
    return Attack(name, KIND, says, body, question, extra=extra, bare=False)


FLOOD = "while True:\n    os.write(1, b'x' * 65536)"
IGNORED = """
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass
"""
FILL = (
    "os.chdir('/tmp')\nnumber = 0\nwhile True:\n    number += 1\n    open(f'poolgrader-attack-{number}', "
    "'wb').write(bytes(2**20))"
)

EVERYTHING = ("3.1", "3.2", "3.3", "3.4", "3.5", "3.6")
MARKUP = "'<script>alert(1)</script><img src=x onerror=alert(1)>' + chr(0x202E) + chr(27) + '[2J'"


def _slow_after(notebook: dict[str, Any], places: Any) -> Any:
    notebook["cells"] += [
        {"cell_type": "code", "metadata": {}, "source": "import time\ntime.sleep(1.5)"}
    ] * 60
    return notebook


def _slow_before(notebook: dict[str, Any], places: Any) -> Any:
    notebook["cells"][:0] = [
        {"cell_type": "code", "metadata": {}, "source": "import time\ntime.sleep(1.5)"}
    ] * 60
    return notebook


ATTACKS = (
    _die("exit", "sys.exit in an answer", "sys.exit(0)"),
    _die("hard_exit", "os._exit with status 0", "os._exit(0)"),
    _die("segfault", "a segmentation fault", "import ctypes\nctypes.string_at(8)"),
    _die("abort", "abort", "os.abort()"),
    _die("endless", "an endless loop", "while True:\n    pass"),
    _die("deaf", "an endless loop that ignores every signal", IGNORED),
    _die(
        "stubborn",
        "an endless loop that catches every exception",
        "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n       "
        " pass",
    ),
    _die("sleep", "sleeping", "import time\ntime.sleep(3600)"),
    _die(
        "regex",
        "a computation in C that cannot be interrupted",
        "import re\nre.match('(a+)+$', 'a' * 60 + 'b')",
    ),
    _die("memory_bomb", "memory without end", "kept = []\nwhile True:\n    kept.append(np.ones(2**24))"),
    _die("one_array", "one array of a terabyte", "return np.ones(2**37)"),
    _die("answer_memory", "an answer of 100 MB", "return np.ones(100 * 2**17)"),
    _die(
        "zeros",
        "an answer that is large only when it is copied",
        "return np.broadcast_to(np.float64(0), (2**20, 2**20))",
    ),
    _die(
        "recursion",
        "recursion without a limit",
        "sys.setrecursionlimit(10**9)\ndef deeper(n):\n    return deeper(n + 1)\ndeeper(0)",
    ),
    _die(
        "nested",
        "an answer nested a hundred thousand deep",
        "y = []\nfor _ in range(100000):\n    y = [y]\nreturn y",
    ),
    _die("itself", "a list that contains itself", "y = []\ny.append(y)\nreturn y"),
    _die("flood", "output without end", FLOOD),
    _die("fill", "a full disk", FILL),
    _die(
        "descriptors_used_up",
        "all descriptors used up",
        "kept = []\nwhile True:\n    kept.append(os.open('/dev/null', os.O_RDONLY))",
    ),
    _die("descriptors_closed", "its own pipes closed", "os.closerange(0, 256)"),
    _die("half_frame", "half an answer, then nothing", "os.write(4, b'PKT1')\nimport time\ntime.sleep(3600)"),
    _die(
        "long_frame",
        "an answer that says it is 2**60 bytes long",
        "import struct\nos.write(4, struct.pack('>4sIQ', b'PKT1', 10, 2**60))\nos._exit(0)",
    ),
    _die("garbage", "noise instead of an answer", "os.write(4, bytes(range(256)) * 16)\nos._exit(0)"),
    _die(
        "deep_frame",
        "a frame nested deeper than a parser can go",
        "import struct\nhead = b'[' * 10**6 + b']' * 10**6\nos.write(4, struct.pack('>4sIQ', b'PKT1', "
        "len(head), 0) + head)\nos._exit(0)",
    ),
    _die(
        "long_number",
        "a number of a million digits",
        "import struct\nhead = b'9' * 10**6\nos.write(4, struct.pack('>4sIQ', b'PKT1', len(head), 0) + "
        "head)\nos._exit(0)",
    ),
    _die(
        "unread",
        "pipes that nobody reads any more",
        "import time\nos.dup2(os.open('/dev/null', os.O_RDONLY), 3)\ntime.sleep(3600)",
    ),
    _die(
        "print_error",
        "an exception that cannot be printed",
        "class Wrong(Exception):\n    def __str__(self):\n        os._exit(0)\nraise Wrong",
    ),
    _die(
        "endless_error",
        "an exception whose message never ends",
        "class Wrong(Exception):\n    def __str__(self):\n        while True:\n            pass\nraise Wrong",
    ),
    _die(
        "terminal",
        "an exception that talks to the instructor's terminal",
        "raise ValueError('\\x1b[2J\\x1b]0;owned\\x07[/bold][red]' + chr(0xD800) + "
        "'<script>alert(1)</script>' * 9)",
    ),
    _die(
        "torch_segfault",
        "a segmentation fault in torch",
        "import torch\ntorch.as_strided(torch.zeros(1), (1,), (1,), 0)\nimport ctypes\nctypes.memset(8, "
        "0, 8)",
        "3.6",
    ),
    _die(
        "torch_threads",
        "threads of torch's own, as many as there are",
        "import torch\ntorch.set_num_threads(64)\nwhile True:\n    torch.ones(2**20).sum()",
        "3.6",
    ),
    _die(
        "markup",
        "an exception whose name is a script for the instructor's page",
        f"raise type({MARKUP}, (Exception,), {{}})({MARKUP})",
    ),
    _die("markup_value", "a value whose type is one", f"return type({MARKUP}, (), {{}})()"),
    _die("drip", "calls that each take a little less than they may", "import time\ntime.sleep(1.7)"),
    Attack(
        "cells_drip",
        KIND,
        "sixty cells that each take a little less than they may",
        shape=_slow_after,
        bare=False,
        costs=(),
    ),
    Attack(
        "cells_first",
        KIND,
        "the same before all answers: they cost the notebook, and the class no time",
        shape=_slow_before,
        bare=False,
        costs=EVERYTHING,
    ),
    _die("generator", "an answer that never ends: a generator", "return (one for one in iter(int, 1))"),
    _die(
        "endless_list",
        "a list of its own class that is never at its end",
        "class Endless(list):\n    def __iter__(self):\n        while True:\n            yield self\n    def "
        "__len__(self):\n        return 2**62\nreturn Endless([1])",
    ),
    _die(
        "last_words",
        "objects that hang when they are deleted, and when the process ends",
        "import atexit\nclass Hangs:\n    def __del__(self):\n        while True:\n           "
        " pass\natexit.register(Hangs().__del__)\nraise SystemExit(Hangs())",
    ),
    _die(
        "exit_code",
        "an exit whose code is an object that ends the process when it is shown",
        "class Code:\n    def __format__(self, how):\n        os._exit(0)\n    __str__ = __repr__ = lambda "
        "self: os._exit(0)\nraise SystemExit(Code())",
    ),
    _die(
        "base_error",
        "errors that no handler expects",
        "class Odd(BaseException):\n    pass\nraise BaseExceptionGroup('odd', [KeyboardInterrupt(), "
        "GeneratorExit(), Odd()])",
    ),
    _die(
        "long_trace",
        "an error with a chain of ten thousand causes and a name of a megabyte",
        "error = None\nfor _ in range(10000):\n    new = type('E' * 2**10, (Exception,), {})('m' * 2**10)\n "
        "   new.__cause__, error = error, new\nraise error",
    ),
    _die(
        "imports",
        "an import of ours that hangs",
        "class Hangs:\n    def find_spec(self, *_):\n        while True:\n           "
        " pass\nsys.meta_path.insert(0, Hangs())\nsys.modules.pop('json', None)\nimport json",
    ),
    _die(
        "no_main",
        "the module that its names live in taken away",
        "sys.modules.clear()\nsys.modules['__main__'] = None\nglobals().clear()\nraise MemoryError",
    ),
    _die(
        "closed_streams",
        "standard streams closed and taken away",
        "sys.stdout = sys.stderr = None\nos.close(1)\nos.close(2)\nprint(1)\nraise ValueError",
    ),
    _die(
        "many_files",
        "ten thousand files and folders, one in the other",
        "os.chdir('/tmp')\nfor number in range(10000):\n    os.mkdir('poolgrader-attack-d')\n   "
        " os.chdir('poolgrader-attack-d')\n    open('f', 'w').close()",
    ),
    _die(
        "cell_await",
        "a cell that waits for what never comes",
        "import asyncio\nawait asyncio.Event().wait()",
        extra=True,
    ),
    _die(
        "cell_timer",
        "a timer in a cell that ends the process whenever it goes off",
        "import os, signal\nsignal.signal(signal.SIGALRM, lambda *_: "
        "os._exit(0))\nsignal.setitimer(signal.ITIMER_REAL, 0.005, 0.005)",
        extra=True,
    ),
    _die(
        "cell_decoder",
        "a cell in another encoding, with form feeds and a byte-order mark",
        "\ufeff# -*- coding: utf-7 -*-\n\x0cx = 1\n\tif x:\n        y = 2",
        extra=True,
    ),
    _die("cell_exit", "a cell that ends the process", "import os\nos._exit(0)", extra=True),
    _die("cell_endless", "a cell that never ends", "while True:\n    pass", extra=True),
    _die("cell_segfault", "a cell that crashes", "import ctypes\nctypes.string_at(8)", extra=True),
    _die("cell_deep", "a cell too deep for the compiler", "x = " + "(" * 5000 + ")" * 5000, extra=True),
    _die("cell_zero", "a cell with a zero byte and half a character", "x = '\0'\ny = '\\ud800'", extra=True),
    _die("cell_pipes", "a cell that closes the pipes", "import os\nos.closerange(3, 64)", extra=True),
    _die(
        "cell_alarm",
        "a timer that goes off later, in somebody else's question",
        "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nsignal.setitimer(signal.ITIMER_REAL, "
        "0.01, 0.01)",
        extra=True,
    ),
    _die(
        "cell_exit_hook",
        "a hook that runs when the process ends",
        "import atexit, sys\natexit.register(lambda: open('/tmp/poolgrader-attack-hook', 'w'))\nsys.exit(0)",
        extra=True,
    ),
)
