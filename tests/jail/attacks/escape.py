"""Attacks that start, end or trace processes, change mounts or privileges, or evade memory limits."""

from tests.jail.attacks.attack import Attack

KIND = "processes"
LIBC = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
REFUSED = "    raise PermissionError(ctypes.get_errno())"


def _do(name: str, says: str, body: str, bare: bool = True) -> Attack:
    return Attack(name, KIND, says, body, bare=bare)


def _call(name: str, says: str, number: int, arguments: str, bare: bool = True) -> Attack:
    """An attack that makes a system call by its number on x86-64, without libc's wrapper."""
    return _do(name, says, f"{LIBC}if libc.syscall({number}, {arguments}) < 0:\n{REFUSED}", bare)


ATTACKS = (
    _do("fork", "a process", "pid = os.fork()\nif pid == 0:\n    os._exit(0)\nos.waitpid(pid, 0)"),
    _do("shell", "a shell command", "import subprocess\nsubprocess.run(['/bin/true'], check=True)"),
    _do("spawn", "posix_spawn", "pid = os.posix_spawn('/bin/true', ['true'], {})\nos.waitpid(pid, 0)"),
    _do(
        "bomb",
        "processes without end, and none of them waits",
        "for _ in range(20):\n    if os.fork() == 0:\n        import time\n        time.sleep(3)\n       "
        " os._exit(0)",
    ),
    _do(
        "execute",
        "becoming another program",
        "if not os.path.exists('/bin/true'):\n    raise PermissionError\nos.execv('/bin/true', ['true'])",
        bare=False,
    ),
    _do(
        "detach",
        "a session of its own, to outlive the grading",
        "pid = os.fork()\nif pid == 0:\n    os.setsid()\n    import time\n    time.sleep(2)\n    os._exit(0)",
    ),
    _do("kill_parent", "a signal to our process (number 0: is it there?)", "os.kill(PARENT, 0)"),
    _do("kill_template", "a signal to the process that it was forked from", "os.kill(os.getppid() or 1, 0)"),
    _do("kill_all", "a signal to everybody", "os.kill(-1, 0)"),
    _call("trace", "tracing itself, as a first step to tracing others", 101, "0, 0, 0, 0", bare=False),
    _call("handle", "a handle of our process", 434, "PARENT, 0"),
    _call("priority", "our process slowed down", 141, "0, PARENT, 1", bare=False),
    _call(
        "processors",
        "our process tied to one processor",
        203,
        "PARENT, 8, ctypes.byref(ctypes.c_ulong(3))",
        bare=False,
    ),
    _call("limits", "another process's limits", 302, "PARENT, 7, None, ctypes.create_string_buffer(16)"),
    _call("namespace", "a user namespace of its own, to be root in", 272, "0x10000000", bare=False),
    _call("mount", "a mount", 165, "b'none', b'/tmp', b'tmpfs', 0, None", bare=False),
    _call("chroot", "another root", 161, "b'/tmp'", bare=False),
    _do(
        "root",
        "being root again",
        "if os.getuid() == 0:\n    raise PermissionError\nos.setuid(0)",
        bare=False,
    ),
    _do(
        "mode",
        "a program that runs as its owner",
        "os.chdir('/tmp')\nopen('poolgrader-attack-mode', 'w').close()\ntry:\n   "
        " os.chmod('poolgrader-attack-mode', 0o4755)\nfinally:\n    os.unlink('poolgrader-attack-mode')",
    ),
    _call("filter", "a seccomp filter of its own", 317, "1, 0, None", bare=False),
    _call(
        "programs",
        "a BPF program in the kernel",
        321,
        "0, ctypes.create_string_buffer(128), 128",
        bare=False,
    ),
    _call(
        "events", "performance counters", 298, "ctypes.create_string_buffer(128), 0, -1, -1, 0", bare=False
    ),
    _call(
        "ring", "io_uring, which runs system calls past a filter", 425, "4, ctypes.create_string_buffer(120)"
    ),
    _call("faults", "userfaultfd", 323, "1"),
    _call("keys", "the kernel's keyring", 250, "0, -3, 0"),
    _call("hidden_file", "memory in a file without a name", 319, "b'x', 0"),
    _call("shared_memory", "memory that outlives the process", 29, "0, 4096, 0o1600", bare=False),
    _call("queue", "a message queue", 68, "0, 0o1600", bare=False),
    _do(
        "owner",
        "our process named as the one to be signalled when a pipe is written to",
        "import fcntl\nfrom_here, _ = os.pipe()\nfcntl.fcntl(from_here, fcntl.F_SETOWN, PARENT)",
    ),
    _do(
        "gate",
        "system calls through the gate of 32-bit programs, by machine code of its own",
        "import ctypes, mmap\ncode = mmap.mmap(-1, 4096, "
        "prot=7)\ncode.write(bytes.fromhex('53b814000000cd805bc3'))\nplace = "
        "ctypes.addressof(ctypes.c_char.from_buffer(code))\nif ctypes.CFUNCTYPE(ctypes.c_int)(place)() <= "
        "0:\n    raise PermissionError",
        bare=False,
    ),
    _call("old_numbers", "the same calls by their numbers in another ABI", 0x40000000 + 57, "0", bare=False),
)
