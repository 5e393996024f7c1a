"""Attacks that read the secret, answers, other learners' work, marks or the grader's memory."""

from tests.jail.attacks.attack import Attack

KIND = "reading"


def _read(name: str, says: str, body: str, bare: bool = True) -> Attack:
    return Attack(name, KIND, says, body, bare=bare)


LISTED = """
found = [path for path in glob.glob('PLACE/**', recursive=True)]
if len(found) < 2:
    raise PermissionError
"""

ATTACKS = (
    _read("secret", "the course's secret, by its path", "open('OUTSIDE/.poolgrader/secret', 'rb').read(1)"),
    _read(
        "neighbour",
        "a neighbour's notebook",
        "open('OUTSIDE/submitted/neighbour/03_max_pooling/max_pooling.ipynb').read(1)",
    ),
    _read(
        "gradebook",
        "the gradebook",
        "import sqlite3\nsqlite3.connect('file:OUTSIDE/gradebook.db?mode=ro', uri=True).execute('select * "
        "from grade').fetchone()[0]",
    ),
    _read(
        "solutions",
        "the sources of the exercises",
        "open('REPOSITORY/solutions/ch03_max_pooling/notebook.py').read(1)",
    ),
    _read("listing", "names of all files of the class", "import glob" + LISTED.replace("PLACE", "OUTSIDE")),
    _read(
        "link",
        "a link to the secret, read through",
        "os.chdir('/tmp')\nname = 'poolgrader-attack-link'\nos.path.lexists(name) and "
        "os.unlink(name)\nos.symlink('OUTSIDE/.poolgrader/secret', name)\ntry:\n   "
        " open(name).read(1)\nfinally:\n    os.unlink(name)",
    ),
    _read(
        "hard_link",
        "a hard link to the secret",
        "os.link('OUTSIDE/.poolgrader/secret', "
        "'OUTSIDE/poolgrader-attack-hard')\nopen('OUTSIDE/poolgrader-attack-hard').read(1)\nos.unlink('OUTSIDE/poolgrader-attack-hard')",
    ),
    _read(
        "relative",
        "the way up, step by step",
        "os.chdir('/')\nopen('../' * 40 + 'OUTSIDE/.poolgrader/secret'.lstrip('/')).read(1)",
    ),
    _read("users", "the machine's list of users", "open('/etc/passwd').read(1)"),
    _read(
        "environment",
        "the parent's environment through /proc",
        "open('/proc/PARENT/environ', 'rb').read(1)[0]",
    ),
    _read(
        "memory",
        "the parent's memory through /proc",
        "maps = open('/proc/PARENT/maps').readline()\nstart = int(maps.split('-')[0], 16)\nmemory = "
        "open('/proc/PARENT/mem', 'rb')\nmemory.seek(start)\nmemory.read(16)[0]",
    ),
    _read(
        "own_memory", "its own /proc: descriptors, maps, mounts", "open('/proc/self/mountinfo').read(1)[0]"
    ),
    _read("processes", "the list of processes", "[one for one in os.listdir('/proc') if one.isdigit()][0]"),
    _read(
        "vm_read",
        "process_vm_readv of the parent",
        """
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        into = ctypes.create_string_buffer(16)
        ours = (ctypes.c_size_t * 2)(ctypes.addressof(into), 16)
        theirs = (ctypes.c_size_t * 2)(ctypes.addressof(into), 16)
        libc.process_vm_readv(PARENT, ours, 1, theirs, 1, 0)
        if ctypes.get_errno() in (1, 38, 3):
            raise PermissionError
    """,
    ),
    _read(
        "descriptors",
        "descriptors that were inherited, beyond its own pipes",
        """
        import stat
        kinds = []
        for number in range(3, 256):
            try:
                kinds.append(os.fstat(number).st_mode)
            except OSError:
                continue
        if len(kinds) <= 2 and all(map(stat.S_ISFIFO, kinds)):
            raise PermissionError
    """,
        bare=False,
    ),
    _read(
        "frames",
        "what the frames above know: anything of expected values",
        """
        frame, seen = sys._getframe(), ''
        while frame:
            seen += ' '.join([*frame.f_locals, *frame.f_globals])
            frame = frame.f_back
        if not any(word in seen for word in ('expected', 'reference', 'secret', 'seed_of', 'Question')):
            raise PermissionError
    """,
        bare=False,
    ),
    _read(
        "collector",
        "objects of the grader that the collector knows",
        """
        import gc
        names = {type(one).__name__ for one in gc.get_objects()}
        if not names & {'Question', 'Case', 'Mistake', 'Verdict', 'Release'}:
            raise PermissionError
    """,
        bare=False,
    ),
    _read(
        "modules",
        "modules of the judging, loaded already",
        """
        import gc
        names = {one.__name__ for one in gc.get_objects() if type(one) is type(sys)}
        if not any('judging' in name or 'questions' in name or 'poolkit' in name for name in names):
            raise PermissionError
    """,
        bare=False,
    ),
    _read(
        "machine",
        "what tells the machine from others, and what its kernel says",
        """
        for name in ('/etc/machine-id', '/etc/hostname', '/proc/cmdline', '/sys/class/net/lo/address', '/dev/kmsg', '/proc/version'):
            try:
                if os.read(os.open(name, os.O_RDONLY | os.O_NONBLOCK), 1):
                    break
            except OSError:
                continue
        else:
            raise PermissionError
    """,
    ),
    _read(
        "residue",
        "what others left in memory: the secret or a neighbour's name, in all that it is given",
        """
        import ctypes
        blocks = [np.empty(2**k, np.uint8) for k in range(4, 20) for _ in range(8)]
        seen = b''.join(one.tobytes() for one in blocks)
        seen += b''.join(ctypes.string_at(ctypes.addressof(ctypes.create_string_buffer(1)), 4096) for _ in range(64))
        words = [b''.join(parts) for parts in ((b'class that ', b'is attacked'), (b'submitted/', b'neighbour'))]
        if not any(word in seen for word in words):
            raise PermissionError
    """,
        bare=False,
    ),
    _read(
        "variables",
        "secrets in the environment",
        "if not [name for name in os.environ if 'POOLGRADER' in name]:\n    raise PermissionError",
        bare=False,
    ),
)
