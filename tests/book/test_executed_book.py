"""Tests of book/_ext/executed_book.py: if code or tables that cells use have changed, the cells run again."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType, SimpleNamespace

import nbformat
import pytest
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn

from tests.book.contents import ROOT


@pytest.fixture(scope="module")
def extension() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "executed_book", ROOT / "book" / "_ext" / "executed_book.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_digest_changes_with_code_and_tables_alone(extension: ModuleType, tmp_path: Path) -> None:
    module = tmp_path / "pooling.py"
    module.write_text("k = 2\n")
    (tmp_path / "notes.txt").write_text("not code")
    first = extension.digest_of(tmp_path)
    (tmp_path / "notes.txt").write_text("still not code")
    assert extension.digest_of(tmp_path) == first
    module.write_text("k = 3\n")
    second = extension.digest_of(tmp_path)
    assert second != first
    (tmp_path / "table.csv").write_text("seed,accuracy\n")
    assert extension.digest_of(tmp_path) not in (first, second)


@pytest.mark.parametrize(("warnings", "kept"), [(0, True), (1, False)])
def test_after_a_build_with_warnings_sphinx_forgets_the_pages(
    extension: ModuleType, tmp_path: Path, warnings: int, kept: bool
) -> None:
    remembered = tmp_path / "environment.pickle"
    remembered.touch()
    config = SimpleNamespace(nb_execution_cache_path=str(tmp_path / "none"))
    extension.forget_after_warnings(
        SimpleNamespace(doctreedir=tmp_path, _warncount=warnings, config=config), None
    )
    assert remembered.exists() == kept


def test_pages_whose_cells_wrote_to_stderr_are_executed_again(extension: ModuleType, tmp_path: Path) -> None:
    cache = get_cache(tmp_path)
    for stream in ("stdout", "stderr"):
        cell = nbformat.v4.new_code_cell(
            f"# {stream}", outputs=[nbformat.v4.new_output("stream", name=stream, text="x")]
        )
        bundle = CacheBundleIn(nbformat.v4.new_notebook(cells=[cell]), f"{stream}.md")
        cache.cache_notebook_bundle(bundle, check_validity=False)
    extension.forget_complaints(tmp_path)
    kept = [cache.get_cache_bundle(record.pk).nb.cells[0].source for record in cache.list_cache_records()]
    assert kept == ["# stdout"]
