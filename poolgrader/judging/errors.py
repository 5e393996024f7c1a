"""Explanations of errors that Python, numpy and torch raise, for learners who see them for the first time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from poolgrader.calls.values import Failure
from poolgrader.judging.verdict import Cause


@dataclass(frozen=True)
class KnownError:
    """An error that is recognised by its type and message.

    Args:
        types: the name of the exception's type, or several names separated by `|`.
        message: a regular expression for the beginning of the message; {0} and {1} in `says` are replaced by
            its groups.
        key: the cause in a few words.
        says: what the error means.
        asks: a question that leads the learner to the wrong line.
        line: a regular expression that must be found in the learner's line as well, for messages that do not
            tell enough.
    """

    types: str
    message: str
    key: str
    says: str
    asks: str
    line: str = ""

    def cause(self, failure: Failure) -> Cause | None:
        """The cause of a failure, if it is this error."""
        match = re.match(self.message, failure.message)
        if (
            failure.type_name not in self.types.split("|")
            or not match
            or not re.search(self.line, failure.line)
        ):
            return None
        found = [group for group in match.groups() if group is not None]
        return Cause(self.key, self.says.format(*found), self.asks)


def known_error(failure: Failure, known: Iterable[KnownError]) -> Cause | None:
    """The cause that the first matching known error gives, or None if no known error matches."""
    return next(filter(None, (one.cause(failure) for one in known)), None)
