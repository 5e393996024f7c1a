"""Attacks by well-formed replies with false contents, or by objects that pretend to have another type."""

from tests.jail.attacks.attack import Attack

KIND = "lies on the wire"
# Code for attacks: `send` sends a reply in the grader's format, with the number of the current request.
REPLY = """
import gc, json, os, struct
def number():
    asked = [one for one in gc.get_objects() if type(one) is dict and 'number' in one and 'call' in one]
    return asked[-1]['number']
def send(body=b'', **facts):
    whole = {'value': None, 'failure': None, 'gradients': {'tuple': []}, 'mutated': {'tuple': []},
             'aliases': False, 'repeatable': True, 'forbidden': ''} | facts
    head = json.dumps({'dict': {'number': number(), 'reply': {'dict': whole}}}).encode()
    frame = struct.pack('>4sIQ', b'PKT1', len(head), len(body)) + head + body
    while frame:
        frame = frame[os.write(4, frame):]
"""
ANSWER = "def max_pool_plane(x, kernel_size):"


def _lie(
    name: str, says: str, body: str, question: str = "3.2", costs: tuple[str, ...] | None = None
) -> Attack:
    return Attack(name, KIND, says, body, question, whole=True, bare=False, costs=costs)


ATTACKS = (
    _lie(
        "one_array_often",
        "an answer of four hundred arrays of 32 MiB that are the same bytes: 13 GB, should anybody copy them",
        REPLY
        + """
array = {'array': ['float64', [2 ** 22], 0, 'numpy', 'contiguous', 'cpu']}
def predict():
    send(bytes(2 ** 25), value=[array] * 400)
    os._exit(0)
""",
        "3.1",
    ),
    _lie(
        "changed_often",
        "a reply that says that a million arguments were changed: a reason of three megabytes",
        REPLY
        + f"\n{ANSWER}\n    send(value=None, mutated={{'tuple': list(range(400000))}})\n    os._exit(0)",
    ),
    _lie(
        "long_line",
        "an exception in a line whose number has four thousand digits",
        REPLY
        + f"""
{ANSWER}
    failure = {{'type_name': 'E', 'message': '', 'line': '', 'line_number': '9' * 4000}}
    send(failure={{'dict': failure}})
    os._exit(0)
""",
    ),
    _lie(
        "marks_in_reply",
        "a reply with points, a status, parts and an expected value of its own",
        REPLY
        + f"\n{ANSWER}\n    send(value=4.0, points=4, max_points=4, status='right', parts=[], expected=4.0, "
        "differences=[])\n    os._exit(0)",
    ),
    _lie(
        "expected_lost",
        "a reply that says that nobody has an answer",
        REPLY + f"\n{ANSWER}\n    send(value=None, lost='', failure=None, repeatable=False)\n    os._exit(0)",
    ),
    _lie(
        "not_a_number",
        "an answer of NaN, infinities and the largest numbers, to slip through a tolerance",
        f"import numpy as np\n{ANSWER}\n    y = np.full((x.shape[0] - kernel_size[0] + 1, x.shape[1] - "
        "kernel_size[1] + 1), np.nan, x.dtype)\n    y.flat[0] = np.inf\n    return y",
    ),
    _lie(
        "strides",
        "an array whose strides and shape lie about its memory",
        f"""
import ctypes, numpy as np
from numpy.lib.stride_tricks import as_strided
{ANSWER}
    shape = (x.shape[0] - kernel_size[0] + 1, x.shape[1] - kernel_size[1] + 1)
    return as_strided(np.zeros(1), shape, (2 ** 40, 2 ** 40))
""",
    ),
    _lie(
        "interface",
        "an object with an array interface that points at memory of others",
        f"""
import numpy as np
class Points:
    __array_interface__ = {{'shape': (4, 4), 'typestr': '<f8', 'data': (8, False), 'version': 3}}
{ANSWER}
    return np.asarray(Points())
""",
    ),
    _lie(
        "array_method",
        "an object whose __array__ and __class__ say that it is the right array",
        f"""
import numpy as np
class Right:
    __class__ = np.ndarray
    dtype = np.dtype('float64')
    def __array__(self, *args, **keywords):
        class Yes(np.ndarray):
            def __array_finalize__(self, other):
                raise KeyboardInterrupt
        return np.zeros((1, 1)).view(Yes)
{ANSWER}
    return Right()
""",
    ),
    _lie(
        "hash_and_equal",
        "a list, a tuple and a float of its own classes, equal to everything",
        f"""
class Number(float):
    def __eq__(self, other): return True
    def __hash__(self): return 0
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
class Rows(list):
    def __eq__(self, other): return True
    def __len__(self): return 4
    def __iter__(self): return iter([Number(0)] * 4)
{ANSWER}
    return Rows()
""",
    ),
    _lie(
        "dtype_of_structures",
        "arrays of structures, dates, objects and text, and of bytes that are no bools",
        f"""
import numpy as np
{ANSWER}
    y = np.zeros(x.shape, [('a', 'f8'), ('b', 'O')])
    return [y, np.zeros(3, 'M8[s]'), np.zeros(3, 'V8'), np.full(4, 7, 'u1').view(bool), np.zeros(2, 'c16')]
""",
    ),
)
