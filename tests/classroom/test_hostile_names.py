"""Odd names of learners' folders: each link leads to the right page, and each page has its own file."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from poolgrader.classroom.pages.class_page import class_page
from poolgrader.classroom.pages.page_names import page_names
from poolgrader.classroom.pages.page_parts import MARK
from poolgrader.classroom.pages.write_pages import write_pages
from tests.classroom.classes import ASSIGNMENT
from tests.classroom.made_results import record, result
from tests.classroom.test_pages import Reader

# Each of these is a valid name of a folder.
FOLDERS = (
    "javascript:alert(document.domain)",
    "data:text/html,<script>alert(1)</script>".replace("/", "\\"),
    "http:evil.example",
    "who?me#top",
    "100%41",
    "\"'><img src=x onerror=alert(1)>",
    "jane doe@uni.example",
    "Müller 王",
    "\\\\evil.example\\x",
    "~",
    "&amp;&lt;",
    "{{ 7 * 7 }}{% raw %}",
)
# A result may contain these names, but no folder can have them.
PATHS = ("//evil.example/x", "/etc/passwd", "../../outside", "https://evil.example/")


def links(page: str) -> dict[str, str]:
    """The address of each link on a page, by the link's text."""
    found: dict[str, str] = {}

    class Links(Reader):
        def handle_data(self, data: str) -> None:
            if self.open and self.open[-1] == "a":
                href = self.attributes[-1][1]["href"]
                assert href is not None
                assert found.setdefault(data, href) == href, (
                    "links with the same text must lead to the same page"
                )

    Links(page)
    return found


@pytest.mark.parametrize("name", FOLDERS)
def test_a_link_leads_to_the_page_of_its_own_learner(tmp_path: Path, name: str) -> None:
    index = write_pages(tmp_path, ASSIGNMENT, [result(name), result("jane")], marks={})
    address = urljoin(index.as_uri(), links(index.read_text(encoding="utf-8"))[name])
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("file", "", "", "")
    opened = Path(unquote(parts.path))
    assert opened.parent == index.parent
    heading = f"{ASSIGNMENT}: why {name} has this mark"
    assert heading in Reader(opened.read_text(encoding="utf-8")).words


@pytest.mark.parametrize("name", [*FOLDERS, *PATHS])
def test_no_name_links_outside_the_reports(name: str) -> None:
    page = class_page(
        ASSIGNMENT, [result(name, record(1, 0.0, status="lost", reason="x"), cells=["q3-2: x"])]
    )
    read = Reader(page)
    base = "https://course.example/reports/index.html"
    for tag, attributes in read.attributes:
        assert tag not in ("script", "img", "iframe"), "a learner's name must be shown as text"
        assert not [key for key in attributes if key.startswith("on")]
        if "href" in attributes:
            address = urljoin(base, attributes["href"])
            assert address.startswith("https://course.example/reports/"), address
            assert "/" not in address.removeprefix("https://course.example/reports/")


SIMILAR = (
    ["index"],
    ["Index", "INDEX", "index", "iNDEX"],
    ["jane", "Jane", "JANE"],
    ["Müller", unicodedata.normalize("NFD", "Müller"), "MÜLLER"],
    ["straße", "STRASSE"],
)


def same_on_some_disk(name: str) -> str:
    """A name as it is compared by file systems that ignore case and Unicode normalization."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


@pytest.mark.parametrize("learners", SIMILAR, ids=lambda learners: learners[-1])
def test_no_two_pages_share_a_file(tmp_path: Path, learners: list[str]) -> None:
    index = write_pages(tmp_path, ASSIGNMENT, [result(name) for name in learners], marks={})
    files = sorted(path.name for path in index.parent.iterdir())
    assert len({same_on_some_disk(name) for name in files}) == len(files) == len(learners) + 1
    page = index.read_text(encoding="utf-8")
    assert f"{ASSIGNMENT}: the class" in Reader(page).words
    found = links(page)
    for name in learners:
        own = index.with_name(unquote(found[name]).removeprefix("./"))
        assert f"{ASSIGNMENT}: why {name} has this mark" in Reader(own.read_text(encoding="utf-8")).words


def test_a_learner_named_as_another_ones_file_gets_another_file() -> None:
    taken = page_names(["index", "jane", "Jane"])
    copied = [name.removesuffix(".html") for name in taken.values()]
    every = page_names(["index", "jane", "Jane", *copied])
    assert len({same_on_some_disk(name) for name in every.values()}) == 6
    assert {name: every[name] for name in taken} == taken


def test_a_page_is_named_after_its_folder_if_possible() -> None:
    assert page_names(["u01", "Doe", "o~27brien"]) == {
        "u01": "u01.html",
        "Doe": "Doe.html",
        "o~27brien": "o~27brien.html",
    }


def test_an_outdated_page_with_another_name_is_deleted(tmp_path: Path) -> None:
    index = write_pages(tmp_path, ASSIGNMENT, [result("jane")], marks={})
    index.with_name("Jane.html").write_text("an instructor's own file")
    assert MARK in index.with_name("jane.html").read_bytes()
    write_pages(tmp_path, ASSIGNMENT, [result("Jane"), result("jane")], marks={})
    assert not index.with_name("jane.html").exists(), "the outdated page must be deleted"
    assert index.with_name("Jane.html").exists()


@pytest.mark.browser
def test_clicks_open_the_right_page_and_run_nothing(browser: Any, tmp_path: Path) -> None:
    names = [*FOLDERS, "index", "Index"]
    index = write_pages(tmp_path, ASSIGNMENT, [result(name) for name in names], marks={})
    dialogs: list[str] = []

    def dismissed(dialog: Any) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    with browser.new_context() as context:
        tab = context.new_page()
        tab.on("dialog", dismissed)
        for name in names:
            tab.goto(index.as_uri())
            tab.get_by_role("link", name=name, exact=True).first.click()
            assert tab.locator("h1").inner_text() == f"{ASSIGNMENT}: why {name} has this mark"
            assert tab.url.startswith(index.parent.as_uri())
    assert dialogs == []


@pytest.mark.browser
def test_one_long_name_leaves_the_other_columns_in_the_window(browser: Any, tmp_path: Path) -> None:
    (tmp_path / "submitted" / ("y" * 190) / ASSIGNMENT).mkdir(parents=True)
    index = write_pages(
        tmp_path, ASSIGNMENT, [result("x" * 190, problem="not JSON"), result("jane")], marks={}
    )
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        tab = context.new_page()
        tab.goto(index.as_uri())
        for table, last in (("Marks of each learner", "total"), ("One line for each thing", "reason")):
            head = tab.get_by_role("region", name=table).get_by_role("columnheader", name=last, exact=True)
            box = head.bounding_box()
            assert box["x"] + box["width"] < 1280
        assert tab.get_by_role("link", name="jane", exact=True).first.bounding_box()["height"] < 40, (
            "the name must fit on one line"
        )
