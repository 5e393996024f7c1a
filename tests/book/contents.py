"""Functions that list the pages and chapters of the table of contents and find their files."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import yaml

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = re.compile(r"^(\d\d)_(\w+)$")


def pages() -> list[str]:
    """The paths of all pages of the book, without suffix, relative to the repository's root.

    The landing page comes first.
    """
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *(entry["file"] for part in toc["parts"] for entry in part["chapters"])]


def source(page: str) -> Path:
    """The Markdown file of a page."""
    return ROOT / f"{page}.md"


def chapters(names: list[str]) -> dict[int, str]:
    """Map chapter numbers to slugs, from the names of the form NN_slug; skip other names."""
    found = [CHAPTER.match(name) for name in names]
    return {int(match[1]): match[2] for match in found if match}


def extension(name: str) -> ModuleType:
    """Load a module of book/_ext from its file, because that folder is not a package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "book" / "_ext" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
