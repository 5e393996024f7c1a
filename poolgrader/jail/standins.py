"""Stand-ins for modules that plot, display or show progress.

They accept every call and do nothing, so that cells which use such modules run to their end. What is put into
a progress bar comes out of it unchanged.
"""

from __future__ import annotations

import dis
import importlib.abc
import importlib.machinery
import itertools
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

SHOWING = (
    "matplotlib",
    "mpl_toolkits",
    "pylab",
    "seaborn",
    "plotly",
    "altair",
    "bokeh",
    "graphviz",
    "torchviz",
    "IPython",
    "ipywidgets",
    "ipykernel",
    "google",
    "tqdm",
    "rich",
    "nbgrader",
    "otter",
)
UNPACKS = dis.opmap["UNPACK_SEQUENCE"]


class Nothing:
    """An object that accepts every call, has every attribute, is empty, and holds no value.

    `line, = ax.plot(x)` and `n, bins, _ = ax.hist(x)` unpack it into as many of its kind as are asked for.
    Called with a function, as a decorator is, it returns the function.
    """

    def __init__(self, *args: Any, **keywords: Any) -> None:
        pass

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        return args[0] if args and isinstance(args[0], types.FunctionType) else Nothing()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return _attribute(name)

    def __getitem__(self, key: Any) -> Nothing:
        return Nothing()

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __iter__(self) -> Iterator[Nothing]:
        frame = sys._getframe(1)
        code, at = frame.f_code.co_code, frame.f_lasti
        return iter([Nothing()] * code[at + 1] if code[at] == UNPACKS else ())

    def __enter__(self) -> Nothing:
        return Nothing()

    def __exit__(self, *error: object) -> None:
        pass


def _calculates(self: Nothing, *other: Any) -> Nothing:
    return Nothing()


OPERATIONS = "add radd sub rsub mul rmul truediv rtruediv floordiv mod pow rpow neg pos abs or ror and"
for _name in OPERATIONS.split():
    setattr(Nothing, f"__{_name}__", _calculates)


class Bar(Nothing):
    """A progress bar: it passes on what is put into it, and counts."""

    def __init__(self, iterable: Any = None, *args: Any, **keywords: Any) -> None:
        self.iterable = iterable
        self.total = keywords.get("total", args[1] if len(args) > 1 else None)
        if self.total is None and hasattr(iterable, "__len__"):
            self.total = len(iterable)
        self.n: float = keywords.get("initial", 0)
        self.desc, self.disable, self.postfix = keywords.get("desc", ""), True, None
        self.format_dict: dict[str, Any] = {"n": self.n, "total": self.total, "elapsed": 0.0, "rate": None}

    def __iter__(self) -> Iterator[Any]:
        for item in self.iterable if self.iterable is not None else ():
            yield item
            self.n += 1

    def __len__(self) -> int:
        return len(self.iterable) if hasattr(self.iterable, "__len__") else int(self.total or 0)

    def __bool__(self) -> bool:
        return bool(self.total) if self.total is not None else True

    def __getitem__(self, key: Any) -> Any:
        return self.iterable[key]

    def __reversed__(self) -> Iterator[Any]:
        backwards: Iterator[Any] = reversed(self.iterable)
        return backwards

    def __enter__(self) -> Bar:
        return self

    def update(self, n: float | None = 1) -> bool:
        """Count on."""
        self.n += n or 0
        return True

    def reset(self, total: float | None = None) -> None:
        """Count from 0 again."""
        self.n, self.total = 0, total if total is not None else self.total

    def set_description(self, desc: str | None = None, refresh: bool = True) -> None:
        """Keep the description."""
        self.desc = desc or ""

    set_description_str = set_description

    @staticmethod
    def write(text: str = "", *args: Any, **keywords: Any) -> None:
        """Print a text."""
        print(text)

    @staticmethod
    def pandas(*args: Any, **keywords: Any) -> None:
        """Nothing to prepare."""


def _range_bar(*args: int, **keywords: Any) -> Bar:
    return Bar(range(*args), **keywords)


def _enumerated(iterable: Iterable[Any], start: int = 0, *args: Any, **keywords: Any) -> Bar:
    return Bar(enumerate(iterable, start))


def _zipped(*iterables: Iterable[Any], **keywords: Any) -> Bar:
    return Bar(zip(*iterables, strict=False))


def _mapped(function: Callable[..., Any], *iterables: Iterable[Any], **keywords: Any) -> Bar:
    return Bar(map(function, *iterables))


def _map_to_list(function: Callable[..., Any], *iterables: Iterable[Any], **keywords: Any) -> list[Any]:
    return list(map(function, *iterables))


def _product(*iterables: Iterable[Any], **keywords: Any) -> Bar:
    return Bar(itertools.product(*iterables))


def _track(sequence: Iterable[Any] = (), *args: Any, **keywords: Any) -> Bar:
    return Bar(sequence)


def _subplots(nrows: int = 1, ncols: int = 1, **keywords: Any) -> tuple[Nothing, Any]:
    return Nothing(), Nothing()


def _write(*args: Any, **keywords: Any) -> None:
    print(*args)


BARS: dict[str, Any] = {"tqdm": Bar, "tqdm_notebook": Bar, "trange": _range_bar, "tnrange": _range_bar}
BARS |= {"tenumerate": _enumerated, "tzip": _zipped, "tmap": _mapped, "product": _product}
BARS |= {"thread_map": _map_to_list, "process_map": _map_to_list, "track": _track, "tqdm_asyncio": Bar}


def _attribute(name: str) -> Any:
    special: dict[str, Any] = {"subplots": _subplots, "print": _write, "write": _write, **BARS}
    return special[name] if name in special else Nothing()


class _Module(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return _attribute(name)


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the stand-ins. It is the last finder, so that a module that is installed is found before."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A stand-in for the modules in SHOWING and their submodules; None for any other."""
        if fullname.split(".")[0] not in SHOWING:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """An empty module in which every name can be looked up."""
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run."""


def install() -> None:
    """Let imports find the stand-ins."""
    sys.meta_path.append(StandIns())
