"""The addresses of the site and of the repository are set in `_config.yml` alone.

While one of them is not set, no link to it is shown.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from tests.course import COURSE

addresses = COURSE.module("addresses")
SET = (
    "html:\n  baseurl: https://someone.github.io/course\nrepository:\n  url: "
    "https://github.com/someone/course/\n"
)


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(addresses.VARIABLE, raising=False)


def test_the_sites_address_ends_in_a_slash_and_the_repositorys_does_not(tmp_path: Path) -> None:
    config = tmp_path / "_config.yml"
    config.write_text(SET, encoding="utf-8")
    assert addresses.site(config) == "https://someone.github.io/course/"
    assert addresses.repository(config) == "https://github.com/someone/course"


@pytest.mark.parametrize(
    "text", ["html: {}\n", 'html:\n  baseurl: ""\n', "title: x\n", "html:\nrepository:\n"]
)
def test_an_address_that_is_not_set_is_empty(tmp_path: Path, text: str) -> None:
    config = tmp_path / "_config.yml"
    config.write_text(text, encoding="utf-8")
    assert addresses.site(config) == ""
    assert addresses.repository(config) == ""
    assert addresses.site(tmp_path / "no.yml") == ""


def test_the_environment_variable_overrides_the_sites_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "_config.yml"
    config.write_text(SET, encoding="utf-8")
    monkeypatch.setenv(addresses.VARIABLE, "http://127.0.0.1:8000")
    assert addresses.site(config) == "http://127.0.0.1:8000/"


@pytest.mark.parametrize("wrong", ["8000", "someone.github.io", "javascript:alert(1)"])
def test_a_text_that_is_no_address_raises_an_error(tmp_path: Path, wrong: str) -> None:
    config = tmp_path / "_config.yml"
    config.write_text(f"html:\n  baseurl: {wrong}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"expected an address as text at html: baseurl, got"):
        addresses.site(config)


def test_the_courses_config_has_both_settings() -> None:
    config = yaml.safe_load(addresses.CONFIG.read_text(encoding="utf-8"))
    assert isinstance(config["html"]["baseurl"], str)
    assert isinstance(config["repository"]["url"], str)


@pytest.mark.parametrize(
    ("repository", "site", "shown", "base"),
    [
        ("", "", False, ""),
        ("https://github.com/a/b", "https://a.github.io/b", True, "https://a.github.io/b/"),
    ],
)
def test_pages_link_to_the_repository_only_if_its_address_is_set(
    repository: str, site: str, shown: bool, base: str
) -> None:
    path = addresses.CONFIG.parent / "book" / "_ext" / "published.py"
    spec = importlib.util.spec_from_file_location("published", path)
    assert spec is not None
    assert spec.loader is not None
    extension = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(extension)
    config = SimpleNamespace(html_theme_options={"repository_url": repository}, html_baseurl=site)
    extension.show_what_is_set(None, config)
    assert config.html_theme_options["use_repository_button"] is shown
    assert config.html_baseurl == base
