"""`check` says beforehand what an answer uses that is not there where it is graded."""

from __future__ import annotations

import subprocess
import sys
import types
from pathlib import Path

import pytest

from poolgrader.absences import absences, watched
from poolgrader.questions import find
from poolgrader.shown import GRADED_ELSEWHERE

ANSWER = find("3.2").answer
RENAMED = ANSWER.replace("def max_pool_plane", "def pooled")
PACKAGE = "It uses {}, and this package is not there."
# For each name: the notebook's cells, and what is said; "" if nothing is.
NOTEBOOKS = {
    "the reference's answer": (ANSWER, ""),
    "torch in a type hint": (
        ANSWER.replace("x, kernel_size", "x: np.ndarray | torch.Tensor, kernel_size"),
        "",
    ),
    "torch in a default": (ANSWER.replace("x, kernel_size", "x, kernel_size, like=torch.float32"), ""),
    "a thread": (
        f"from concurrent.futures import ThreadPoolExecutor\n{RENAMED}\ndef max_pool_plane(x, kernel_size):\n"
        "    with ThreadPoolExecutor(2) as pool:\n"
        "        return pool.submit(pooled, x, kernel_size).result()",
        "",
    ),
    "a log that it writes and reads": (
        f"{RENAMED}\ndef max_pool_plane(x, kernel_size):\n    open('a.log', 'w').write('here')\n"
        "    open('a.log').read()\n    return pooled(x, kernel_size)",
        "",
    ),
    "a progress bar": (
        f"{RENAMED}\nimport tqdm\ndef max_pool_plane(x, kernel_size):\n    tqdm\n"
        "    return pooled(x, kernel_size)",
        "",
    ),
    "a package": (
        f"import pandas as pd\n{RENAMED}\ndef max_pool_plane(x, kernel_size):\n    pd.DataFrame\n"
        "    return pooled(x, kernel_size)",
        PACKAGE.format("pandas"),
    ),
    "a package in a helper's helper": (
        f"from pandas import DataFrame as table\n{RENAMED}\ndef inner():\n    return table\ndef outer():\n"
        "    return inner\ndef max_pool_plane(x, kernel_size):\n    outer\n    return pooled(x, kernel_size)",
        PACKAGE.format("pandas"),
    ),
    "a package imported in the function": (
        f"{RENAMED}\ndef max_pool_plane(x, kernel_size):\n    import pandas\n"
        "    return pooled(x, kernel_size)",
        PACKAGE.format("pandas"),
    ),
    "a class that is derived from a package's": (
        f"import pandas\nclass Mine(pandas.DataFrame):\n    pass\n{RENAMED}\n"
        "def max_pool_plane(x, kernel_size):\n    Mine\n    return pooled(x, kernel_size)",
        PACKAGE.format("pandas"),
    ),
    "a tensor of torch": (
        f"ones = torch.ones(2)\n{RENAMED}\ndef max_pool_plane(x, kernel_size):\n    ones\n"
        "    return pooled(x, kernel_size)",
        "It uses ones, a tensor of torch, and this question is graded without torch.",
    ),
    "the learner's own file": (
        f"import my_helpers\n{RENAMED}\ndef max_pool_plane(x, kernel_size):\n    my_helpers\n"
        "    return pooled(x, kernel_size)",
        "It uses your file my_helpers.py, and only the notebook itself is there.",
    ),
    "a file that is read": (
        f"{RENAMED}\ndef max_pool_plane(x, kernel_size):\n    open('data.csv').read()\n"
        "    return pooled(x, kernel_size)",
        "It reads the file 'data.csv', and your files are not there.",
    ),
    "a process": (
        f"{RENAMED}\nimport subprocess\ndef max_pool_plane(x, kernel_size):\n    subprocess.run(['true'])\n"
        "    return pooled(x, kernel_size)",
        "It starts another process, and no process can be started there.",
    ),
}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_check_says_what_is_absent_where_the_answer_is_graded(name: str, tmp_path: Path) -> None:
    """The cells run as a script in a folder with a module and a table of the learner's."""
    cells, says = NOTEBOOKS[name]
    (tmp_path / "my_helpers.py").write_text("", encoding="utf-8")
    (tmp_path / "data.csv").write_text("1,2", encoding="utf-8")
    pandas = tmp_path / "site-packages" / "pandas.py"  # in a folder with the name of that for packages
    pandas.parent.mkdir()
    pandas.write_text("class DataFrame:\n    pass\n", encoding="utf-8")
    pandas.with_name("tqdm.py").write_text("", encoding="utf-8")
    start = f"import sys\nsys.path[:0] = ['.', {str(pandas.parent)!r}]\nimport numpy as np, torch\n"
    script = f"{start}from poolgrader.check import check\n{cells}\nprint(check('3.2'))\n"
    (tmp_path / "notebook.py").write_text(script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "notebook.py"], cwd=tmp_path, text=True, capture_output=True, check=False
    )
    assert "4 of 4 points" in done.stdout, done.stdout + done.stderr
    assert (GRADED_ELSEWHERE in done.stdout) == bool(says), done.stdout
    assert says in done.stdout


def test_a_wrong_answer_is_not_told_what_it_could_lose() -> None:
    namespace: dict[str, object] = {"__name__": "__main__"}
    exec("import scipy\ndef f():\n    return scipy", namespace)
    assert absences("f", namespace, "numpy") == [PACKAGE.format("scipy")]
    assert absences("g", namespace, "numpy") == []


def test_a_network_is_noticed_and_nothing_is_noticed_outside_of_a_call() -> None:
    import socket

    with watched() as seen, socket.socket() as one:
        one.settimeout(0.1)
        with pytest.raises(OSError, match=r"."):
            one.connect(("127.0.0.1", 1))
    Path(__file__).read_bytes()
    assert seen == ["It uses the network, and there is none there."]


def test_objects_that_contain_themselves_are_walked_once() -> None:
    ring: list[object] = []
    ring.append(ring)
    namespace = {"__name__": "__main__", "ring": ring, "types": types}
    exec("def f():\n    return ring, f, types", namespace)
    assert absences("f", namespace, "numpy") == []
