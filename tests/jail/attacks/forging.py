"""Attacks that deceive the grader: objects equal to everything, patched code, forged replies or notebooks."""

from typing import Any

from tests.jail.attacks.attack import Attack

KIND = "forging"
EQUAL = """
import numpy as np
class Equal(np.ndarray):
    def _yes(self, *args, **keywords):
        return True
    __eq__ = __ne__ = __lt__ = all = any = _yes
    def __array_function__(self, *args, **keywords):
        return True
    def __array_ufunc__(self, *args, **keywords):
        return True
def max_pool_plane(x, kernel_size):
    return np.zeros((1, 1)).view(Equal)
"""
ANYTHING = """
class Anything:
    dtype, ndim = 'float64', 2
    def __eq__(self, other):
        return True
    def __getattr__(self, name):
        return self
    def __call__(self, *args, **keywords):
        return self
    def __array__(self, *args, **keywords):
        raise SystemExit(0)
def max_pool_plane(x, kernel_size):
    return Anything()
"""
PATCHED = """
import builtins, numpy as np
for name in ('array_equal', 'allclose', 'isclose', 'may_share_memory', 'shares_memory', 'testing'):
    setattr(np, name, lambda *args, **keywords: True)
np.testing = None
builtins.isinstance_ = isinstance
def max_pool_plane(x, kernel_size):
    return np.zeros_like(x)
"""
POISONED = """
import gc, sys
class Right:
    def __getattr__(self, name):
        return self
    def __call__(self, *args, **keywords):
        return self
for one in gc.get_objects():
    if type(one) is dict and 'observe' in one and 'wire' in one:
        wire = one['wire']
        one['observe'] = lambda call, namespace: __import__('types').SimpleNamespace(
            __dataclass_fields__=('value', 'failure'), value='right', failure=None)
def max_pool_plane(x, kernel_size):
    return None
"""
AHEAD = """
import json, os, struct
reply = {"dict": {"value": {"tuple": []}, "failure": None, "gradients": {"tuple": []}, "mutated": {"tuple": []},
                  "aliases": False, "repeatable": True, "forbidden": "", "points": 4, "status": "right"}}
head = json.dumps(reply).encode()
def max_pool_plane(x, kernel_size):
    for _ in range(40):
        os.write(4, struct.pack('>4sIQ', b'PKT1', len(head), 0) + head)
    return x
"""
PICKLE = """
import numpy as np
class Run:
    def __reduce__(self):
        return (open, ('OUTSIDE/poolgrader-attack-pickle', 'w'))
def max_pool_plane(x, kernel_size):
    return np.array([[Run()]], dtype=object)
"""
PRINTED = """
def max_pool_plane(x, kernel_size):
    print('4.0')
    print({'points': 4, 'status': 'right'})
    return 4.0
"""
DOORS = """
import sys, types
door = types.ModuleType('poolgrader.check')
door.check = lambda question: 4.0
sys.modules['poolgrader.check'] = door
check = door.check
def max_pool_plane(x, kernel_size):
    return check('3.2')
"""
SEEDED = """
import random, numpy as np
np.random.seed(0), random.seed(0)
np.random.default_rng = lambda *args: None
def max_pool_plane(x, kernel_size):
    return np.random.rand(*x.shape)
"""
REMEMBERED = """
import numpy as np
first = []
def max_pool_plane(x, kernel_size):
    first.append(np.asarray(x))
    return first[0]
"""
BY_TURNS = """
import numpy as np
calls = []
def expose_mixing():
    calls.append(1)
    plain = np.zeros((2, 4, 4, 4))
    return plain if len(calls) == 1 else plain + np.arange(128.0).reshape(2, 4, 4, 4)
"""
STRINGS = """
import os
def max_pool_plane(x, kernel_size):
    return np.array(x.tolist(), dtype='U32')
"""
SHAPES = """
import json, os, struct
array = {"array": ["float64", [2 ** 26, 2 ** 26, 0, 2 ** 26], 0, "numpy", "contiguous", "cpu"]}
lying = {"array": ["bool", [16], 0, "numpy", "contiguous", "cpu"]}
reply = {"dict": {"value": {"tuple": [array, lying]}, "failure": None, "gradients": {"tuple": []},
                  "mutated": {"tuple": []}, "aliases": False, "repeatable": True, "forbidden": ""}}
head = json.dumps(reply).encode()
def max_pool_plane(x, kernel_size):
    os.write(4, struct.pack('>4sIQ', b'PKT1', len(head), 16) + head + b'\\x02' * 16)
    os._exit(0)
"""


def _forge(name: str, says: str, body: str) -> Attack:
    return Attack(name, KIND, says, body, whole=True, bare=False)


def _cells(notebook: dict[str, Any], grade_id: str) -> list[dict[str, Any]]:
    return [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id]


def _points(notebook: dict[str, Any], places: Any) -> Any:
    for cell in notebook["cells"]:
        facts = cell["metadata"].get("nbgrader", {})
        if facts.get("grade"):
            facts["points"] = 100
    (answer,) = _cells(notebook, "q3-2")
    answer["source"] = "def max_pool_plane(x, kernel_size):\n    return x"
    answer["metadata"]["nbgrader"] |= {"grade": True, "points": 100}
    return notebook


def _checks(notebook: dict[str, Any], places: Any) -> Any:
    (answer,), (check,) = _cells(notebook, "q3-2"), _cells(notebook, "q3-2-check")
    answer["source"] = "def max_pool_plane(x, kernel_size):\n    return x"
    check["source"] = "4.0"
    check["outputs"] = [
        {
            "output_type": "execute_result",
            "data": {"text/plain": "4.0"},
            "metadata": {},
            "execution_count": 1,
        }
    ]
    check["metadata"]["nbgrader"]["locked"] = False
    return notebook


def _setup(notebook: dict[str, Any], places: Any) -> Any:
    for cell in notebook["cells"]:
        if "from poolgrader.check import" in "".join(cell["source"]) and cell["cell_type"] == "code":
            cell["source"] = "import os\nos._exit(0)"
    return notebook


def _twice(notebook: dict[str, Any], places: Any) -> Any:
    (answer,) = _cells(notebook, "q3-2")
    wrong = dict(answer, source="def max_pool_plane(x, kernel_size):\n    return x")
    notebook["cells"] += [wrong, dict(wrong)]
    return notebook


def _linked(notebook: dict[str, Any], places: Any) -> Any:
    return places / "submitted" / "neighbour" / "03_max_pooling" / "max_pooling.ipynb"


EVERYTHING = ("3.1", "3.2", "3.3", "3.4", "3.5", "3.6")
ATTACKS = (
    _forge("equal_array", "an array that says it equals everything", EQUAL),
    _forge("equal_object", "an object that equals, has and is everything", ANYTHING),
    _forge("patched_numpy", "numpy's comparisons patched", PATCHED),
    _forge("poisoned", "the observing code in its own process replaced", POISONED),
    _forge("forged_ahead", "forty forged replies sent ahead", AHEAD),
    _forge("pickle", "an object that runs code where it is unpickled", PICKLE),
    _forge("printed", "marks printed, and returned", PRINTED),
    _forge("doors", "a check of its own that gives four points", DOORS),
    _forge("seeded", "random numbers made foreseeable", SEEDED),
    _forge("remembered", "the answer to the first call for all of them", REMEMBERED),
    Attack(
        "by_turns",
        KIND,
        "another counter-example at each call, for the case that comes next",
        BY_TURNS,
        "3.4",
        whole=True,
        bare=False,
    ),
    _forge("strings", "the numbers as text", STRINGS),
    _forge("shapes", "shapes that no memory holds, bools that are neither", SHAPES),
    Attack("points", KIND, "points and grading metadata edited in the notebook", shape=_points, bare=False),
    Attack("checks", KIND, "check cells replaced, with outputs of their own", shape=_checks, bare=False),
    Attack("setup", KIND, "the locked setup cell replaced", shape=_setup, bare=False, costs=()),
    Attack("twice", KIND, "the same grade id three times, the last ones wrong", shape=_twice, bare=False),
    Attack(
        "linked",
        KIND,
        "a link to a neighbour's notebook handed in",
        shape=_linked,
        bare=False,
        costs=EVERYTHING,
    ),
)
