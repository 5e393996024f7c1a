"""Twenty or more ways in which honest learners write notebooks; each must get full marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PLANE = """
def max_pool_plane(x, kernel_size):
    kh, kw = kernel_size
    h, w = x.shape
    y = np.empty((h - kh + 1, w - kw + 1), dtype=x.dtype)
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            y[i, j] = {window}
    return y
"""
PLAIN = PLANE.format(window="x[i : i + kh, j : j + kw].max()")


@dataclass(frozen=True)
class Style:
    """One way of writing a notebook.

    Args:
        name: the test's id.
        answers: the text of answer cells by grade id; the other cells have the reference answers.
        before, after: cells that the learner added at the start and at the end.
        turned: whether the cells of the released notebook are in reverse order.
    """

    name: str
    answers: Mapping[str, str] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    turned: bool = False


def _plane(name: str, text: str, before: tuple[str, ...] = (), after: tuple[str, ...] = ()) -> Style:
    return Style(name, {"q3-2": text}, before, after)


STYLES = (
    Style("as_released"),
    _plane(
        "helper_in_another_cell",
        PLANE.format(window="largest(x[i : i + kh, j : j + kw])"),
        before=("import numpy as np\n\ndef largest(window):\n    return window.max()",),
    ),
    _plane(
        "helper_further_down",
        PLANE.format(window="later(x[i : i + kh, j : j + kw])"),
        after=("def later(window):\n    return window.max()",),
    ),
    _plane(
        "own_imports",
        "import functools, itertools, math, collections\nimport numpy as np\nfrom numpy.lib.stride_tricks "
        "import sliding_window_view as windows\n\ndef max_pool_plane(x, kernel_size):\n    return "
        "windows(x, kernel_size).max(axis=(-2, -1))",
    ),
    _plane(
        "plots",
        "import matplotlib.pyplot as plt\nimport seaborn as sns\nfrom mpl_toolkits.axes_grid1 import "
        "ImageGrid\nfig, (left, right) = plt.subplots(1, 2)\nleft.imshow(np.eye(3))\nplt.show()\n" + PLAIN,
        after=(
            "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2], label='a')\nplt.legend()",
        ),
    ),
    _plane(
        "line_magics",
        "%matplotlib inline\n%load_ext autoreload\n%autoreload 2\n"
        + PLAIN
        + "\n%timeit max_pool_plane(np.eye(3), (2, 2))\n%time y = max_pool_plane(np.eye(3), (2, 2))\nassert "
        "y.shape == (2, 2)",
    ),
    _plane(
        "cell_magics",
        "%%time\n" + PLAIN,
        before=("%%html\n<b>notes</b>", "%%bash\nls -l | wc", "%%capture out\nprint('kept')\nkept = 1"),
    ),
    _plane(
        "shell_commands",
        "!pip install numpy\nfiles = !ls\nnumpy?\n" + PLAIN,
        before=("!ls -l\n!echo done > /dev/null",),
    ),
    Style("cells_out_of_order", turned=True),
    _plane(
        "redefined",
        "def max_pool_plane(x, kernel_size):\n    return x  # first try\n\n" + PLAIN,
        after=("def unrelated(x):\n    return x",),
    ),
    _plane(
        "redefined_later",
        "def max_pool_plane(x, kernel_size):\n    return None",
        after=("# second try\n" + PLAIN,),
    ),
    _plane(
        "type_hints",
        "from __future__ import annotations\nfrom typing import Any\nimport numpy.typing as npt\n"
        + PLAIN.replace(
            "(x, kernel_size)", "(x: npt.NDArray[Any], kernel_size: tuple[int, int]) -> npt.NDArray[Any]"
        ),
    ),
    _plane(
        "dataclass",
        "from dataclasses import dataclass, field\n\n@dataclass\nclass Pool:\n    size: tuple[int, int] = "
        "(2, 2)\n    seen: list = field(default_factory=list)\n\n    def __call__(self, x):\n        return "
        "np.lib.stride_tricks.sliding_window_view(x, self.size).max(axis=(2, 3))\n\ndef max_pool_plane(x, "
        "kernel_size):\n    return Pool(tuple(kernel_size))(x)",
    ),
    _plane(
        "warnings_and_prints",
        PLAIN.replace(
            "    return y",
            "    print('y', y.shape)\n    import sys, warnings\n    print('careful', file=sys.stderr)\n   "
            " warnings.warn('slow')\n    display(y)\n    return y",
        ),
        before=("import logging\nlogging.warning('here')\nprint('x' * 100000)",),
    ),
    _plane(
        "failing_cells",
        PLAIN,
        before=("1 / 0", "assert max_pool_plane, 'not yet'", "raise SystemExit"),
        after=("open('data.csv').read()", "this is not python", "exit()"),
    ),
    _plane(
        "awaits",
        "import asyncio\nawait asyncio.sleep(0)\nready = await asyncio.sleep(0, 'ready')\n"
        + PLAIN.replace("    return y", "    return y if ready == 'ready' else None"),
    ),
    _plane(
        "generators_and_caches",
        "from functools import lru_cache\n\n@lru_cache(maxsize=None)\ndef starts(n, k):\n    return "
        "tuple(range(n - k + 1))\n\ndef max_pool_plane(x, kernel_size):\n    (h, w), (kh, kw) = x.shape, "
        "kernel_size\n    rows = ([x[i:i + kh, j:j + kw].max() for j in starts(w, kw)] for i in starts(h, "
        "kh))\n    return np.array(list(rows), dtype=x.dtype)",
    ),
    _plane(
        "progress_and_widgets",
        "from tqdm.notebook import tqdm, trange\nimport ipywidgets as widgets\nfrom IPython.display import "
        "display, HTML, clear_output\n"
        + PLAIN.replace("in range(h - kh + 1)", "in tqdm(range(h - kh + 1))").replace(
            "    return y", "    clear_output()\n    display(HTML('<b>done</b>'))\n    return y"
        ),
        after=("@widgets.interact(k=(1, 3))\ndef show(k=2):\n    print(k)",),
    ),
    _plane(
        "own_tests",
        PLAIN + "\nimport unittest\nclass Tests(unittest.TestCase):\n    def test_one(self):\n       "
        " self.assertEqual(max_pool_plane(np.eye(2), (2, 2)).item(), 1)\nunittest.main(argv=[''], "
        "exit=False)\n\ndef test():\n    np.testing.assert_array_equal(max_pool_plane(np.eye(2), (1, 1)), "
        "np.eye(2))\ntest()",
    ),
    _plane(
        "compared_with_torch",
        "import torch\nimport torch.nn.functional as F\n" + PLAIN,
        before=(
            (
                "import torch, torchvision\nfrom scipy import ndimage\nx = torch.rand(1, 1, 4, "
                "4)\nprint(torch.nn.functional.max_pool2d(x, 2))\nclass Net(torch.nn.Module):\n   "
                " pass\n\ndef used():\n    return 1"
            ),
        ),
    ),
    _plane(
        "files_and_time",
        "import os, pathlib, random, tempfile, time\nnp.random.seed(0)\nrandom.seed(0)\nstarted = "
        "time.perf_counter()\npathlib.Path('notes.txt').write_text('x')\nnp.save('plane.npy', np.eye(2))\n"
        + PLAIN
        + "\nprint(time.perf_counter() - started, os.getcwd(), os.cpu_count())",
    ),
    _plane(
        "unusual_text",
        "π = 3.14159  # ünïcödé\r\nname = 'naïve\u200b'\n" + PLAIN + "\n\x0c\nclass Größe:\n    pass",
    ),
)
