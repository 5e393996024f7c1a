"""What is allowed so that honest notebooks keep their marks: threads, stand-ins, files, names, imports, magics."""

from typing import Any

from tests.jail.attacks.attack import RIGHT, Attack

KIND = "what is allowed"
LIBC = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
RECORDS = "import gc\nfor one in gc.get_objects():\n    if type(one).__name__ == 'Cells':\n"


def _thread(name: str, says: str, body: str) -> Attack:
    """A right answer that starts a thread, which must not cost any other answer its marks."""
    lines = "".join(f"        {line}\n" for line in body.split("\n"))
    source = (
        f"import os, sys, threading, time\nimport numpy as np\n{RIGHT['3.2']}\n"
        f"def max_pool_plane(x, kernel_size):\n    def later():\n{lines}"
        "    threading.Thread(target=later, daemon=True).start()\n    return right(x, kernel_size)\n"
    )
    return Attack(name, KIND, says, source, whole=True, bare=False, either=True)


def _cell(name: str, says: str, source: str) -> Attack:
    """A cell beside six honest answers, which must keep their marks."""
    return Attack(name, KIND, says, source, extra=True, bare=False)


def _tries(name: str, says: str, body: str) -> Attack:
    """An answer that must get no marks."""
    return Attack(name, KIND, says, body, bare=False)


def _clone(name: str, says: str, flags: int) -> Attack:
    """The system call clone with flags that no thread has."""
    call = f"if libc.syscall(56, {flags}, 0, 0, 0, 0) < 0:\n    raise PermissionError(ctypes.get_errno())"
    return _tries(name, says, LIBC + call)


def _many_copies(notebook: dict[str, Any], outside: Any) -> dict[str, Any]:
    """Copy an answer's cell 900 times."""
    cell = next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "q3-2")
    notebook["cells"] += [dict(cell) for _ in range(900)]
    return notebook


ATTACKS = (
    _thread("thread_exit", "a thread that ends the process a little later", "time.sleep(0.004)\nos._exit(0)"),
    _thread(
        "thread_reply",
        "a thread that speaks in the place of later answers",
        "while True:\n    time.sleep(0.002)\n    os.write(4, b'PKT1' + bytes(12))",
    ),
    _thread(
        "thread_listens",
        "a thread that takes the grader's later requests",
        "while True:\n    os.read(3, 2**16)",
    ),
    _thread("thread_closes", "a thread that closes the pipes", "time.sleep(0.004)\nos.closerange(3, 64)"),
    _thread("thread_loop", "a thread that never lets go", "while True:\n    pass"),
    _thread(
        "thread_raises",
        "a thread that raises in the middle of later answers",
        "import ctypes\nmain = threading.main_thread().ident\nwhile True:\n    time.sleep(0.002)\n"
        "    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_long(main), ctypes.py_object(KeyError))",
    ),
    _thread(
        "thread_memory",
        "a thread that takes all memory",
        "kept = []\nwhile True:\n    kept.append(bytearray(2**26))",
    ),
    _thread(
        "thread_patches",
        "a thread that changes numpy under later answers",
        "time.sleep(0.002)\nnp.empty = np.zeros = np.full = None\nnp.ndarray.max = None",
    ),
    _thread(
        "thread_bomb",
        "threads without end",
        "while True:\n    try:\n        threading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n"
        "    except RuntimeError:\n        time.sleep(0.001)",
    ),
    _clone("clone_process", "clone, for a process that shares the memory", 0x100 | 17),
    _clone("clone_vfork", "clone as vfork does it", 0x4000 | 0x100 | 17),
    _clone("clone_namespace", "clone, with a user namespace of its own", 0x10000000 | 17),
    _clone("clone_untraced", "the flags of a thread, and one more", 0x3D0F00 | 0x800000),
    _tries(
        "clone3",
        "clone3, whose flags no filter can read",
        f"{LIBC}if libc.syscall(435, ctypes.create_string_buffer(88), 88) < 0:\n"
        "    raise PermissionError(ctypes.get_errno())",
    ),
    _tries(
        "refusal_caught",
        "a function of torch, with its refusal caught",
        "import torch\ntry:\n    torch.tensor(x)\nexcept BaseException:\n    pass",
    ),
    _tries(
        "nothing_returned", "a plot as the answer", "import matplotlib.pyplot as plt\nreturn plt.imshow(x)"
    ),
    _tries("bar_returned", "a progress bar as the answer", "from tqdm import tqdm\nreturn tqdm(x)"),
    _tries(
        "torch_as_an_array",
        "a class of torch that passes for an array",
        "import torch\nclass Tensor(torch.Tensor):\n    __array_interface__ = x.__array_interface__\n"
        "return Tensor",
    ),
    _tries(
        "large_file",
        "a file that fills what files are kept in",
        "with open('poolgrader-attack', 'wb') as file:\n    while True:\n        file.write(bytes(2**24))",
    ),
    _tries(
        "many_files",
        "files without end",
        "for number in range(10**6):\n    open(f'/tmp/poolgrader-attack-{number}', 'w').write('x')",
    ),
    _tries(
        "file_outside",
        "a file beside another learner's",
        "open('OUTSIDE/poolgrader-attack', 'w').write('x')\nos.open('OUTSIDE/poolgrader-attack', os.O_RDONLY)",
    ),
    _cell("module_numpy", "a module that is called numpy", "%%writefile numpy.py\nraise SystemExit"),
    _cell("module_poolgrader", "a module that is called poolgrader", "%%writefile poolgrader.py\nraise 1"),
    _cell("module_json", "a module of the standard library", "%%writefile json.py\nimport os\nos._exit(0)"),
    _cell("magic_outside", "a file that a magic writes", "%%writefile OUTSIDE/poolgrader-attack\nx = 1"),
    _cell("magic_shell", "a shell command in a magic", "%%bash\ntouch /tmp/poolgrader-attack\nkill -9 -1"),
    _cell("magics_without_end", "twenty thousand shell lines in one cell", "!x\n" * 20_000),
    _cell("future", "another grammar for all later cells", "from __future__ import barry_as_FLUFL"),
    _cell(
        "finders", "nothing can be imported any more", "import sys\nsys.meta_path.clear()\nsys.path.clear()"
    ),
    _cell("no_open", "nothing can be opened any more", "import builtins, io\nbuiltins.open = io.open = None"),
    _cell("failing_lines", "ten thousand lines that fail", "\n".join(f"a{i} = b{i}" for i in range(10_000))),
    _cell(
        "many_reasons",
        "a record of lost names that fills the grader's memory",
        f"{RECORDS}        one.lost.update({{f'n{{i}}': 'x' * 10**4 for i in range(10**4)}})",
    ),
    Attack(
        "reason_as_page",
        KIND,
        "a reason with a script in it",
        f"{RECORDS}        one.lost['helper'] = '<script>alert(1)</script>\\njane: 100 of 20'\n"
        "def max_pool_plane(x, kernel_size):\n    return helper(x)",
        whole=True,
        bare=False,
    ),
    _cell(
        "no_reasons",
        "a record of lost names that is no dictionary",
        f"{RECORDS}        one.lost = 3\n        one.run = None",
    ),
    Attack("copies", KIND, "an answer's cell 900 times", shape=_many_copies, bare=False, costs=()),
)
