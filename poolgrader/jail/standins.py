"""Stand-ins for modules that plot, display or show progress.

They accept every call and do nothing, so that cells which use such modules run to their end.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Iterator, Sequence
from typing import Any

SHOWING = (
    "matplotlib",
    "mpl_toolkits",
    "pylab",
    "seaborn",
    "plotly",
    "IPython",
    "ipywidgets",
    "tqdm",
    "rich",
)


class Nothing:
    """An object that accepts every call, has every attribute, is empty, and holds no value."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        pass

    def __call__(self, *args: Any, **keywords: Any) -> Nothing:
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return _attribute(name)

    def __getitem__(self, key: Any) -> Nothing:
        return self

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __iter__(self) -> Iterator[Nothing]:
        return iter(())

    def __enter__(self) -> Nothing:
        return self

    def __exit__(self, *error: object) -> None:
        pass


def _passed_on(values: Any = (), *args: Any, **keywords: Any) -> Any:
    return values


def _pair(*args: Any, **keywords: Any) -> tuple[Nothing, Nothing]:
    return Nothing(), Nothing()


def _range(*args: int, **keywords: Any) -> range:
    return range(*args)


def _attribute(name: str) -> Any:
    special = {"tqdm": _passed_on, "track": _passed_on, "trange": _range, "subplots": _pair, "print": print}
    return special.get(name, Nothing())


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
