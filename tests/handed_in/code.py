"""Kinds that differ in the code: what learners write around a right answer, and what else is in their cells.

Kinds that lose points here are the allowed differences: the notebook's check gives the points, and says
beforehand that they may be lost.
"""

from __future__ import annotations

from tests.handed_in.kinds import PLANE, Kind

LOOPS = """
def {name}(x, kernel_size{more}):
{start}    kh, kw = kernel_size
    h, w = x.shape
    y = np.empty((h - kh + 1, w - kw + 1), dtype=x.dtype)
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            y[i, j] = {window}
    return y
"""


def plane(start: str = "", window: str = "x[i : i + kh, j : j + kw].max()", more: str = "") -> str:
    """The answer to 3.2 with loops.

    Args:
        start: lines at the start of the function.
        window: the expression for one output.
        more: more parameters, with a comma before them.
    """
    lines = "".join(f"    {line}\n" for line in start.splitlines())
    return LOOPS.format(name="max_pool_plane", start=lines, window=window, more=more)


def kind(name: str, answer: str, *before: str, after: tuple[str, ...] = (), **more: object) -> Kind:
    """A kind with another answer to 3.2."""
    return Kind(name, {"q3-2": answer}, before, after, **more)  # type: ignore[arg-type] # fields of Kind


NUMPY = "import numpy as np\n"
POOLED = LOOPS.format(name="pooled", start="", window="x[i : i + kh, j : j + kw].max()", more="")
RETURNS_POOLED = "def max_pool_plane(x, kernel_size):\n{}    return pooled(x, kernel_size)"


def around(name: str, lines: str, *before: str, **more: object) -> Kind:
    """A kind whose answer runs some lines, and then returns what a right function returns."""
    indented = "".join(f"    {line}\n" for line in lines.splitlines())
    return kind(name, POOLED + RETURNS_POOLED.format(indented), *before, **more)  # type: ignore[arg-type]


TORCH = (
    kind("isinstance with torch", plane("if isinstance(x, torch.Tensor):\n    x = x.numpy()")),
    kind(
        "a hint with torch",
        plane().replace("(x, kernel_size)", "(x: np.ndarray | torch.Tensor, kernel_size)"),
    ),
    kind("a returned hint with torch", plane().replace("kernel_size):", 'kernel_size) -> "torch.Tensor":')),
    kind("a default of torch", plane(more=", like=torch.float32")),
    kind("a device by default", plane(more=", device=torch.device('cpu')")),
    kind("a constant of torch", plane("low = -torch.inf\nassert low < 0")),
    kind("limits of a type of torch", plane("assert torch.finfo(torch.float32).min < 0")),
    kind(
        "types of torch in a dictionary",
        plane("assert KINDS[32] == torch.float32"),
        "import torch\nKINDS = {32: torch.float32, 64: torch.float64}",
    ),
    kind(
        "a module of torch in another cell",
        plane(),
        "import torch\nclass Net(torch.nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.pool = torch.nn.MaxPool2d(2)\nnet = Net()",
    ),
    kind(
        "a dataset of torch in another cell",
        plane(),
        "from torch.utils.data import Dataset, DataLoader\nclass Numbers(Dataset):\n"
        "    def __len__(self):\n        return 3",
    ),
    kind(
        "torch's names imported one by one",
        plane("assert Tensor is not None"),
        "from torch import Tensor, nn\nimport torch.nn.functional as F",
    ),
    kind(
        "a seed of torch",
        plane(),
        "import torch\ntorch.manual_seed(0)\nnp_seed = 3",
        after=("assert np_seed == 3",),
    ),
    kind(
        "a device that is looked for",
        plane(),
        "import torch\ndevice = 'cuda' if torch.cuda.is_available() else 'cpu'",
    ),
    kind("torch without gradients", plane(), "import torch\nwith torch.no_grad():\n    z = torch.zeros(3)"),
    kind(
        "an annotated dataclass with torch",
        plane("Setting(None)"),
        "from dataclasses import dataclass\nimport torch\n@dataclass\nclass Setting:\n"
        "    like: torch.dtype | None = torch.float32",
    ),
)
IMPORTS = (
    kind("several imports in a line", plane("assert math.inf > 0"), "import torch, math, os"),
    kind(
        "an absent import in a line",
        plane("functools.partial(max)"),
        "import numpy as np, absent_package, functools",
    ),
    kind(
        "pandas beside numpy",
        plane(),
        "import numpy as np, pandas as pd\nimport scipy\nfrom sklearn import datasets",
    ),
    kind(
        "an import that is guarded",
        plane("assert njit(3) == 3"),
        "try:\n    from numba import njit\nexcept ImportError:\n    njit = lambda f: f",
    ),
    kind(
        "a package that is looked for",
        plane("assert FAST in (True, False)"),
        "import importlib.util\nFAST = importlib.util.find_spec('numba') is not None",
    ),
    kind("imports in the function", plane("import math, itertools, functools")),
    kind("a star import", plane(), "from math import *\nfrom numpy import array, zeros\nimport numpy as np"),
    kind("numpy under another name", plane().replace("np.", "numpy."), "import numpy"),
    kind(
        "numpy's windows",
        "from numpy.lib.stride_tricks import sliding_window_view as windows\n\n"
        "def max_pool_plane(x, kernel_size):\n"
        "    return windows(x, tuple(kernel_size)).max(axis=(2, 3))",
    ),
    kind(
        "typing and collections",
        plane("Pair(1, 2)"),
        "from typing import NamedTuple\nfrom collections import namedtuple, defaultdict\n"
        "class Pair(NamedTuple):\n    a: int\n    b: int",
    ),
    kind(
        "warnings silenced",
        plane(),
        "import warnings\nwarnings.filterwarnings('ignore')\nwarnings.simplefilter('error')",
    ),
    kind("sys.path changed", plane(), "import sys\nsys.path.insert(0, '..')\nsys.setrecursionlimit(5000)"),
    kind(
        "future annotations for all cells",
        plane().replace("(x, kernel_size)", "(x: Undefined, kernel_size: tuple[Nowhere, int])"),
        "from __future__ import annotations",
    ),
    kind("future division in the answer's cell", "from __future__ import annotations, division\n" + plane()),
)
MAGICS = (
    kind("line magics", "%matplotlib inline\n%load_ext autoreload\n%autoreload 2\n" + plane()),
    kind("a shell line that goes on", "!pip install -q \\\n    numpy \\\n    torch\n" + plane()),
    kind("a magic line that goes on", "%env A=1 \\\n  2\n" + plane()),
    kind("a timed answer", "%%time\n" + plane()),
    kind("a timed answer with a magic in it", "%%time\n%matplotlib inline\n" + plane()),
    kind("a captured answer", "%%capture out\n" + plane()),
    kind(
        "time in front of a line",
        plane(),
        after=("%time y = max_pool_plane(np.eye(3), (2, 2))\nassert y.shape == (2, 2)",),
    ),
    kind("timeit with options", plane(), after=("%timeit -n 1 -r 1 max_pool_plane(np.eye(3), (2, 2))",)),
    kind(
        "a shell line in an if",
        plane(),
        "import os\nif True:\n    !ls\nfiles = !ls\nfor f in files:\n    print(f)",
    ),
    kind("a shell line with a name in braces", plane(), "name = 'x'\n!echo {name} $name\nout = !echo {name}"),
    kind("help with question marks", plane(), "import numpy as np\nnp.max?\n?np.max\nnp.max??\n%pinfo np"),
    kind(
        "cells of other languages",
        plane(),
        "%%bash\nls | wc\necho $HOME",
        "%%html\n<b>x</b>",
        "%%javascript\nalert(1)",
        "%%latex\n$x$",
    ),
    kind(
        "a module written by a magic",
        plane(window="largest(x[i : i + kh, j : j + kw])"),
        "%%writefile helpers.py\ndef largest(w):\n    return w.max()",
        "from helpers import largest",
    ),
    kind("a line that begins with % in a text", plane('"""Take\n    %d windows\n    """')),
    kind("a remainder at a line's start", plane("a = (7\n     % 4)\nassert a == 3")),
    kind("reset", "%reset -f\n" + NUMPY + "from poolgrader.check import check\n" + plane()),
    kind(
        "get_ipython called",
        plane(),
        "from IPython import get_ipython\nget_ipython().run_line_magic('matplotlib', 'inline')\n"
        "get_ipython().system('ls')",
    ),
    kind(
        "prompts that were pasted",
        ">>> import numpy as np\n"
        + "\n".join(
            ">>> " + line if line and not line.startswith(" ") else "... " + line
            for line in plane().strip().splitlines()
        ),
    ),
    kind("a cell that begins with a comment and a magic", "# my answer\n%matplotlib inline\n" + plane()),
    kind(
        "top-level await",
        plane(),
        "import asyncio\nawait asyncio.sleep(0)\nready = await asyncio.sleep(0, 3)",
        after=("assert ready == 3",),
    ),
)
SHOWING = (
    around(
        "tqdm around a loop",
        "for _ in tqdm(range(2), desc='rows', leave=False):\n    pass",
        "from tqdm import tqdm",
    ),
    around(
        "tqdm with a total",
        "bar = tqdm(total=3)\nfor _ in range(3):\n    bar.update(1)\n    bar.set_description('x')\n"
        "    bar.set_postfix(loss=1)\nbar.close()\nassert bar.n == 3",
        "from tqdm.auto import tqdm",
    ),
    around(
        "tqdm in a with",
        "with tqdm(total=2) as bar:\n    bar.update()\n    bar.refresh()",
        "from tqdm.notebook import tqdm",
    ),
    around(
        "tqdm's module",
        "for _ in tqdm.trange(2):\n    tqdm.tqdm.write('x')\nassert list(tqdm.tqdm([1, 2])) == [1, 2]",
        "import tqdm",
    ),
    around(
        "tqdm's helpers",
        "assert [i for i, _ in tenumerate([5])] == [0]\nassert list(tzip([1], [2])) == [(1, 2)]",
        "from tqdm.contrib import tenumerate, tzip",
    ),
    around(
        "rich",
        "for _ in track(range(2)):\n    print('[bold]x[/bold]')",
        "from rich.progress import track\nfrom rich import print\nfrom rich.console import Console\n"
        "Console().print('x')",
    ),
    kind(
        "plots that unpack",
        plane(),
        after=(
            "import matplotlib.pyplot as plt\nfig, ax = plt.subplots(figsize=(4, 3))\n"
            "line, = ax.plot([1, 2])\nn, bins, _ = plt.hist([1])\nlow, high = ax.get_ylim()\n"
            "ax.set_ylim(low, high * 1.1)\nplt.tight_layout()\nplt.savefig('a.png')\nplt.show()\n"
            "after_plot = 1",
            "assert after_plot == 1",
        ),
    ),
    kind(
        "a grid of plots",
        plane(),
        after=(
            "import matplotlib.pyplot as plt\nfig, axes = plt.subplots(2, 2)\nfor ax in axes.flat:\n"
            "    ax.axis('off')\naxes[0, 1].imshow([[1]], cmap=plt.cm.viridis)\n"
            "fig.colorbar(axes[0, 0].images)",
        ),
    ),
    around(
        "a plot in the answer",
        "plt.figure()\nplt.imshow(x)\nplt.close()",
        "import matplotlib.pyplot as plt\nimport seaborn as sns\nsns.set_theme()",
    ),
    kind(
        "a widget as a decorator",
        "from ipywidgets import interact\n\n@interact(k=(1, 3))\ndef show(k=1):\n    return k\n\n"
        "assert show(2) == 2\n" + plane(),
    ),
    kind(
        "displayed values",
        plane("display(x)\nprint(x, flush=True)"),
        "from IPython.display import display, HTML, Markdown, clear_output\n"
        "display(HTML('<b>x</b>'), Markdown('x'))\nclear_output(wait=True)",
    ),
    kind("Colab's files", plane(), "from google.colab import files, drive\ndrive.mount('/content/drive')"),
    around(
        "printing to stderr",
        "import sys\nprint('careful', file=sys.stderr)\nimport warnings\nwarnings.warn('slow', stacklevel=1)",
    ),
    around(
        "logging",
        "logging.getLogger('x').warning('here %s', 1)",
        "import logging\nlogging.basicConfig(level=logging.INFO)",
    ),
)
RUNNING = (
    around(
        "threads",
        "with ThreadPoolExecutor(4) as pool:\n    assert sum(pool.map(abs, [-1, 2])) == 3",
        "from concurrent.futures import ThreadPoolExecutor",
    ),
    around(
        "a thread that is joined",
        "one = threading.Thread(target=print)\none.start()\none.join()",
        "import threading",
    ),
    around(
        "a log file",
        "with open('log.txt', 'a') as log:\n    log.write('here')\nassert open('log.txt').read()",
    ),
    around("a saved array", "np.save('y.npy', x)\nassert np.load('y.npy').shape == x.shape"),
    around(
        "pathlib",
        "Path('out').mkdir(exist_ok=True)\n(Path('out') / 'a.txt').write_text('x')\n"
        "assert Path('out/a.txt').read_text() == 'x'",
        "from pathlib import Path",
    ),
    around(
        "a table in a file",
        "with open('t.csv', 'w', newline='') as file:\n    csv.writer(file).writerow([1, 2])",
        "import csv, json",
    ),
    kind("a cell that fails", plane(), "fine = 1\n1 / 0\nafter = 2", after=("assert fine + after == 3",)),
    kind(
        "a cell with a missing file",
        plane(),
        "import numpy as np\ndata = np.load('measured.npy')\nscale = 3",
        after=("assert scale == 3",),
    ),
    kind(
        "an experiment with an absent package",
        plane(),
        "import pandas as pd\nframe = pd.DataFrame({'a': [1]})\nframe.plot()",
    ),
    kind(
        "a helper before a slow line",
        plane(window="largest(x[i : i + kh, j : j + kw])"),
        "def largest(window):\n    return window.max()\n\nimport time\ntime.sleep(14)\nlate = 1",
        after=("assert late == 1",),
    ),
    kind("exit", plane(), "import sys\nif False:\n    sys.exit()\nexit\nquit"),
    kind("an input that is asked for", plane(), "name = input('Your name? ')"),
    kind("a global between cells", plane("global calls\ncalls += 1"), "calls = 0"),
    kind(
        "a random seed",
        plane(),
        "import random\nrandom.seed(1)\nimport numpy as np\nnp.random.seed(1)\n"
        "rng = np.random.default_rng(0)",
    ),
    kind(
        "numpy's errors raised",
        plane(),
        "import numpy as np\nnp.seterr(all='raise')\nnp.set_printoptions(precision=2)",
    ),
    kind(
        "a dataclass",
        plane("Pool((2, 2))"),
        "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Pool:\n    size: tuple[int, int]",
    ),
    kind(
        "a class with the function in it",
        "class Pool:\n    def __call__(self, x, kernel_size):\n        return pooled(x, kernel_size)\n"
        + POOLED
        + "\nmax_pool_plane = Pool()",
    ),
    kind("a lambda", POOLED + "\nmax_pool_plane = lambda x, kernel_size: pooled(x, kernel_size)"),
    kind(
        "a decorator",
        "import functools\ndef timed(f):\n    @functools.wraps(f)\n    def inner(*a, **k):\n"
        "        return f(*a, **k)\n    return inner\n\n@timed" + plane(),
    ),
    kind(
        "a cached helper",
        plane("assert square(2) == 4"),
        "import functools\n@functools.cache\ndef square(k):\n    return k * k",
    ),
    kind("names in other scripts", plane("größe = 1\nΔ = größe\n窗口 = Δ")),
    kind(
        "tests that the learner added",
        plane(),
        after=(
            "y = max_pool_plane(np.arange(9.0).reshape(3, 3), (2, 2))\n"
            "assert y.tolist() == [[4, 5], [7, 8]]\nprint('ok')",
        ),
    ),
    kind("checks called again", plane(), after=("check('3.2')\nhint('3.2')\nprogress()",)),
    kind(
        "the cell run in a loop",
        plane(),
        after=("for size in range(1, 4):\n    max_pool_plane(np.eye(5), (size, size))",),
    ),
)
DIFFERENT = (
    around(
        "a package in the answer",
        "assert nbformat.current_nbformat",
        "import nbformat",
        lost=PLANE.points,
        reason="`nbformat` is imported from nbformat, which is not there",
        warned="It uses nbformat, and this package is not there.",
    ),
    around(
        "a helper from the learner's file",
        "assert helper() == 1",
        "import sys\nsys.path.insert(0, '.')\nfrom my_helpers import helper",
        lost=PLANE.points,
        reason="`helper` is imported from my_helpers, which is not there",
        warned="It uses your file my_helpers.py",
    ),
    around(
        "a tensor of torch in the answer",
        "assert ones is not None",
        "import torch\nones = torch.ones(2)",
        lost=PLANE.points,
        reason="`ones` is made with torch.ones",
        warned="It uses ones, a tensor of torch",
    ),
    around(
        "a file that is read",
        "open('data.csv').read()",
        lost=PLANE.points,
        reason="data.csv",
        warned="It reads the file 'data.csv'",
    ),
    around(
        "a process",
        "subprocess.run(['true'], check=True)",
        "import subprocess",
        lost=PLANE.points,
        reason="PermissionError",
        warned="It starts another process",
    ),
)
KINDS = (*TORCH, *IMPORTS, *MAGICS, *SHOWING, *RUNNING, *DIFFERENT)
