"""With --anonymous, no name is in pages, tables or results; the pseudonyms are kept beside the secret."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

from poolgrader.classroom.handed_in.read_file import digest_of
from poolgrader.classroom.pages.pseudonyms import Pseudonyms
from poolgrader.classroom.pages.write_pages import table, write_pages
from poolgrader.classroom.run.result import Result
from tests.classroom.classes import ASSIGNMENT, NOTEBOOK, RELEASED, Pupil, pupils
from tests.classroom.made_results import record, result

SECRET = b"of this test alone, and long enough"


def class_of_names(folder: Path, made: list[Pupil]) -> list[Result]:
    """Make submissions, results and a gradebook with names in comments, reasons and failed cells."""
    from nbgrader.api import Gradebook

    from poolgrader.classroom.handed_in.intake import register
    from poolgrader.classroom.lms.learners import folder_of
    from poolgrader.classroom.lms.roster import Learner

    released = json.loads(RELEASED.read_text(encoding="utf-8"))
    results = []
    with Gradebook(f"sqlite:///{folder}/gradebook.db", "poolkit") as gradebook:
        register(
            gradebook,
            [
                Learner(
                    folder_of(one.login), str(one.number), one.name, f"{one.first}.{one.number}@uni.example"
                )
                for one in made
            ],
        )
    for one in made:
        learner = folder_of(one.login)
        place = folder / "submitted" / learner / ASSIGNMENT / NOTEBOOK
        place.parent.mkdir(parents=True)
        for cell in released["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("solution"):
                cell["source"] = (
                    f"# {one.full}, {one.name}, {learner}, {one.number}\nraise KeyError({one.last!r})"
                )
        place.write_text(json.dumps(released), encoding="utf-8")
        told = f"KeyError: {one.last} of {one.full}"
        html = f"<p>got {one.last.replace(chr(39), '&#x27;')} and {one.first}</p>"
        lost = record(1, 0.0, status="lost", reason=told, text=told, html=html)
        content = digest_of(place.read_bytes(), "")
        results.append(result(learner, lost, cells=[f"q3-2: {told}"], content=content))
    return results


def test_no_name_is_in_any_anonymous_page_or_table(tmp_path: Path) -> None:
    from rich.console import Console

    made = [one for one in pupils(60, seed=3) if min(len(one.last), len(one.first)) >= 3]
    results = class_of_names(tmp_path, made)
    named = write_pages(tmp_path, ASSIGNMENT, results, marks={})
    texts = "".join(path.read_text(encoding="utf-8") for path in named.parent.glob("*.html"))
    assert "Müller" in texts
    assert texts.count("What you handed in for 3.2") == len(made), (
        "pages that are not anonymous show the submitted code, including names"
    )
    from poolgrader.classroom.lms.learners import folder_of

    names = {
        folder_of(one.login): (one.last, one.first, f"{one.first}.{one.number}@uni.example", str(one.number))
        for one in made
    }
    hidden = Pseudonyms(SECRET, names)
    index = write_pages(tmp_path, ASSIGNMENT, results, hidden, marks={})
    pages = sorted(index.parent.rglob("*"))
    assert len(pages) == len(made) + 1
    console = Console(width=200, record=True, file=(tmp_path / "table.txt").open("w", encoding="utf-8"))
    console.print(table(ASSIGNMENT, results, hidden))
    everything = {str(path): path.read_text(encoding="utf-8") + path.name for path in pages} | {
        "table": console.export_text()
    }
    for one in made:
        for known in (folder_of(one.login), one.login, one.last, one.first, str(one.number)):
            pattern = re.compile(rf"(?<!\w){re.escape(known)}(?!\w)", re.IGNORECASE)
            found = [where for where, text in everything.items() if pattern.search(unescape(text))]
            # "max" is also a word of the chapter. The loop below checks the learners named Max.
            allowed = known.casefold() == "max"
            assert not found or allowed, (known, found)
    for one in made:
        if one.first == "Max":
            page = (index.parent / f"{hidden.of(folder_of(one.login))}.html").read_text(encoding="utf-8")
            assert not re.search(r"(?<!\w)Max(?!\w)", page), (
                "the first name Max must not be on this learner's page"
            )


def test_pseudonyms_depend_on_name_and_secret_alone(tmp_path: Path) -> None:
    one, again, other = Pseudonyms(SECRET), Pseudonyms(SECRET), Pseudonyms(SECRET + b"2")
    assert one.of("jane") == again.of("jane") != other.of("jane")
    assert one.of("jane") != one.of("john")
    one.of("john")
    path = one.keep(tmp_path)
    assert path == tmp_path / ".poolgrader" / "pseudonyms.csv"
    assert path.stat().st_mode & 0o777 == 0o600
    again.of("kim")
    assert again.keep(tmp_path).read_text().splitlines()[0] == "pseudonym,learner"
    assert {line.split(",")[1] for line in path.read_text().splitlines()[1:]} == {"jane", "john", "kim"}


def test_hiding_names_keeps_the_rest_of_a_result() -> None:
    told = record(
        1, 0.0, reason="KeyError: jane", html="<p title='jane'>jane</p>", parts=[["jane's part", 1.0, True]]
    )
    one = result("jdoe", told, cells=["q3-2: jane doe"])
    hidden = Pseudonyms(SECRET, {"jdoe": ("Doe", "Jane")}).of_result(one)
    assert hidden.keys() == one.keys()
    assert hidden["questions"][1]["parts"] == [["···'s part", 1.0, True]]
    assert hidden["questions"][1]["html"] == "<p title='jane'>···</p>", "only text is changed, not tags"
    assert (hidden["cells"], hidden["seconds"]) == (["q3-2: ··· ···"], one["seconds"])
    assert hidden["learner"].startswith("learner-")
