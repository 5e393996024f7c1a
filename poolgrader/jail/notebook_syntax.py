"""Turns a cell with magics, shell lines and `?` into Python, with IPython's own transformer.

The transformer's two files are shown to the jail without the rest of IPython; `load` reads them once.
"""

from __future__ import annotations

import importlib.util
import sys
import types
from pathlib import Path
from typing import Any

FILES = ("IPython/utils/tokenutil.py", "IPython/core/inputtransformer2.py")  # in the order of their loading
_transformers: list[Any] = []


def real_files() -> dict[str, str]:
    """Where the two files are on this machine, by their names in the view; IPython itself is not imported."""
    found = importlib.util.find_spec("IPython")
    if found is None or found.origin is None:
        return {}
    folder = Path(found.origin).parent.parent
    return {Path(name).name: str(folder / name) for name in FILES}


def load(folder: str) -> None:
    """Load the transformer from a folder with the two files, or from IPython if the folder does not exist.

    The first file imports the second one as a part of IPython. The modules of that name are removed again, so
    that a learner's `import IPython` finds the stand-in.
    """
    paths = real_files()
    if Path(folder).is_dir():
        paths = {Path(name).name: f"{folder}/{Path(name).name}" for name in FILES}
    made = {name: types.ModuleType(name) for name in ("IPython", "IPython.utils")}
    for module in made.values():
        module.__path__ = []
    before = {name: module for name, module in sys.modules.items() if name.split(".")[0] == "IPython"}
    sys.modules.update(made)
    try:
        for file in FILES:
            name = file.removesuffix(".py").replace("/", ".")
            spec = importlib.util.spec_from_file_location(name, paths.get(Path(file).name, ""))
            if spec is None or spec.loader is None:
                raise ImportError(f"IPython is needed where answers are graded: expected {file}")
            module = importlib.util.module_from_spec(spec)
            sys.modules[name] = module
            spec.loader.exec_module(module)
            setattr(made["IPython.utils"], name.rpartition(".")[2], module)
        _transformers.append(module.TransformerManager)
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] == "IPython"]:
            del sys.modules[name]
        sys.modules.update(before)


def as_python(source: str) -> str:
    """The cell as Python: a magic becomes a call of `get_ipython()`. The lines keep their numbers."""
    if not _transformers:
        raise SyntaxError("this cell has magics, and IPython is not installed where answers are graded")
    return str(_transformers[-1]().transform_cell(source))
