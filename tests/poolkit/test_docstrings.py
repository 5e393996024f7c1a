"""Tests of poolkit's docstrings, from which the API reference is generated.

Each docstring has an example. The docstring of each pooling names its source and chapter, or links to the
docstring of another pooling that names them.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import poolkit
from poolkit import modules, reference

PAGE = (Path(__file__).parents[2] / "book" / "reference" / "poolkit.md").read_text(encoding="utf-8")
POOLINGS = [name for name in poolkit.__all__ if name.islower() and name != "receptive_field"]


def public(module: Any) -> Iterator[tuple[str, Any]]:
    for name, value in vars(module).items():
        if callable(value) and getattr(value, "__module__", "") == module.__name__ and name[0] != "_":
            yield name, value


@pytest.mark.parametrize("name", poolkit.__all__)
def test_each_public_name_has_an_example_and_is_on_the_page(name: str) -> None:
    value = getattr(poolkit, name)
    assert ">>>" in value.__doc__
    assert f".. automodule:: {value.__module__}\n" in PAGE


@pytest.mark.parametrize("name", POOLINGS)
def test_each_pooling_names_its_source_and_chapter(name: str) -> None:
    text = " ".join(inspect.getdoc(getattr(poolkit, name)).split())  # type: ignore[union-attr]
    stated = re.search(r"Source: .*(Built|To read) in chapter \d+, [A-Z][^.]+\.", text)
    sibling = re.search(r":func:`(\w+_pool2d|max_unpool2d)`", text)
    assert stated or (sibling and name[:-2] == sibling[1][:-2])


def test_the_reference_has_examples_and_the_modules_have_links() -> None:
    for _, function in public(reference):
        assert ">>>" in function.__doc__
    for name, module in public(modules):
        assert re.search(r":func:`~poolkit\.\w+\.\w+`", module.__doc__) or name == "Pooling"
