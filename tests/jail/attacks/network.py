"""Attacks that use the network, or that change or leave files outside the jail."""

from tests.jail.attacks.attack import Attack

KIND = "network and traces"


def _do(name: str, says: str, body: str, bare: bool = True) -> Attack:
    return Attack(name, KIND, says, body, bare=bare)


MARK = "poolgrader-attack"
ATTACKS = (
    _do(
        "connect",
        "TCP to this machine",
        "import socket\nsocket.create_connection(('127.0.0.1', PORT), 1).close()",
    ),
    _do(
        "datagram",
        "UDP to this machine",
        "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', PORT))",
    ),
    _do(
        "listen",
        "a port to be talked to at",
        "import socket\nplace = socket.socket()\nplace.bind(('127.0.0.1', 0))\nplace.listen()",
    ),
    _do(
        "local_socket",
        "a local socket with a name that needs no file",
        "import socket\nplace = socket.socket(socket.AF_UNIX)\nplace.bind(b'\\0poolgrader-attack')",
    ),
    _do(
        "log",
        "a line in the system's log, by a datagram from a pair of sockets",
        "import socket\nhere, there = socket.socketpair(socket.AF_UNIX, "
        "socket.SOCK_DGRAM)\nhere.sendto(b'x', socket.MSG_DONTWAIT, 'OUTSIDE/log')",
    ),
    _do(
        "routes",
        "the kernel's network settings",
        "import socket\nsocket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).bind((0, 0))",
    ),
    _do("write_outside", "a file beside the gradebook", f"open('OUTSIDE/{MARK}', 'w').write('x')"),
    _do("write_shared", "a file in shared memory", f"open('/dev/shm/{MARK}', 'w').write('x')"),
    _do(
        "write_neighbour",
        "a neighbour's notebook written over",
        "open('OUTSIDE/submitted/neighbour/03_max_pooling/max_pooling.ipynb', 'r+').write('x')",
    ),
    _do(
        "move_neighbour",
        "a neighbour's folder moved away",
        "os.rename('OUTSIDE/submitted/neighbour', 'OUTSIDE/submitted/nobody')",
    ),
    _do("delete_gradebook", "the gradebook deleted", "os.unlink('OUTSIDE/gradebook.db')"),
    _do("empty_gradebook", "the gradebook cut to nothing", "os.truncate('OUTSIDE/gradebook.db', 0)"),
    _do("open_secret", "the secret made readable for all", "os.chmod('OUTSIDE/.poolgrader/secret', 0o644)"),
    _do(
        "times",
        "the time of a neighbour's submission changed, to make it late",
        "os.utime('OUTSIDE/submitted/neighbour/03_max_pooling/max_pooling.ipynb', (1, 1))",
    ),
    _do(
        "jail_code",
        "the grader's own code, for those after us",
        "place = [p for p in sys.path if 'src' in p or 'main' in p] or ['REPOSITORY']\nopen(place[0] + "
        "'/poolgrader/jail/attacked.py', 'w').close()\nos.unlink(place[0] + "
        "'/poolgrader/jail/attacked.py')",
        bare=False,
    ),
    _do(
        "library_code",
        "numpy's code, for those after us",
        "import numpy\nname = os.path.dirname(numpy.__file__) + '/attacked.py'\nopen(name, "
        "'w').close()\nos.unlink(name)",
        bare=False,
    ),
    _do(
        "leave_note",
        "a note in /tmp for the next learner",
        f"import glob\nif not glob.glob('/tmp/{MARK}-note-*'):\n    open('/tmp/{MARK}-note-%d' % "
        "os.getpid(), 'w').close()\n    raise "
        f"PermissionError\nos.unlink(glob.glob('/tmp/{MARK}-note-*')[0])",
        bare=False,
    ),
)
