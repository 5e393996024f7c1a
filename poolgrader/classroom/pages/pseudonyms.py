"""Pseudonyms for learners whose names are left out; the course's secret makes them the same every time.

The list of who is who is kept beside the secret, readable by its owner alone. No report contains it.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import hmac
import io
import re
from collections.abc import Iterable, Mapping
from html import escape, unescape
from pathlib import Path
from typing import Any, cast

from poolgrader.classroom.run.result import Result
from poolgrader.whole_files import write_whole

TAG = re.compile(r"(<[^>]*>)")
SHORTEST_NAME = 3  # letters; hiding a shorter part of a name would hide code, too


class Pseudonyms:
    """Replaces learners' names by pseudonyms.

    Args:
        secret: of the course.
        names: for each learner's folder, the other texts that identify the learner (names, e-mail address,
            number in the LMS). They are hidden as well as the folder's name.
    """

    def __init__(self, secret: bytes, names: Mapping[str, Iterable[str]] | None = None) -> None:
        self._secret = secret
        self._names = {learner: tuple(filter(None, known)) for learner, known in (names or {}).items()}
        self._given: dict[str, str] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}

    def of(self, learner: str) -> str:
        """A learner's pseudonym."""
        given = self._given.get(learner)
        if given is None:
            digest = hmac.new(self._secret, b"pseudonym\0of\0" + learner.encode(), hashlib.sha256).digest()
            letters = base64.b32encode(digest).decode().lower()
            taken = set(self._given.values())
            given = next(name for end in range(6, 40) if (name := f"learner-{letters[:end]}") not in taken)
            self._given[learner] = given
        return given

    def hide(self, learner: str, text: str) -> str:
        """A learner's text with that learner's names hidden, as whole words in upper or lower case.

        >>> Pseudonyms(b"secret", {"jdoe": ["Doe, Jane"]}).hide("jdoe", "# by Jane Doe (jdoe): janet")
        '# by ··· ··· (···): janet'
        """
        pattern = self._patterns.get(learner)
        if pattern is None:
            whole = {learner, *self._names.get(learner, ())}
            parts = {part for name in self._names.get(learner, ()) for part in re.findall(r"[^\W_]+", name)}
            hidden = whole | {part for part in parts if len(part) >= SHORTEST_NAME}
            longest = sorted(hidden, key=lambda name: (-len(name), name))
            pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE)
            self._patterns[learner] = pattern
        return pattern.sub("···", text)

    def hide_in_page(self, learner: str, html: str) -> str:
        """HTML with the learner's names hidden: in its text, never in its tags.

        >>> Pseudonyms(b"secret", {"p": ["O'Brien"]}).hide_in_page("p", "<p>by O&#x27;Brien</p>")
        '<p>by ···</p>'
        """
        pieces = TAG.split(html)
        return "".join(
            piece if piece.startswith("<") else escape(self.hide(learner, unescape(piece)))
            for piece in pieces
        )

    def of_result(self, result: Result) -> Result:
        """A result of the grader, with the learner's names hidden in all of its texts."""
        learner = result["learner"]

        def hidden(value: Any, key: str = "") -> Any:
            if isinstance(value, str):
                return self.hide_in_page(learner, value) if key == "html" else self.hide(learner, value)
            if isinstance(value, Mapping):
                return {name: hidden(inner, name) for name, inner in value.items()}
            return [hidden(inner) for inner in value] if isinstance(value, list | tuple) else value

        texts_hidden = {name: hidden(value, name) for name, value in result.items()}
        return cast(Result, texts_hidden | {"learner": self.of(learner)})

    def keep(self, root: Path) -> Path:
        """Write who is who to `.poolgrader/pseudonyms.csv`, beside the secret, with mode 0600.

        Entries that the file has already stay in it.

        Args:
            root: the folder that holds `.poolgrader`.
        """
        path = root / ".poolgrader" / "pseudonyms.csv"
        known = dict(self._given)
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                known |= {row["learner"]: row["pseudonym"] for row in csv.DictReader(file)}
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows(
            [("pseudonym", "learner"), *sorted((given, learner) for learner, given in known.items())]
        )
        write_whole(path, text.getvalue().encode(), mode=0o600)
        return path
