"""What Python's, numpy's and torch's own errors mean,
in words for somebody who meets them for the first time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from poolgrader.calls.values import Failure
from poolgrader.judging.verdict import Cause


@dataclass(frozen=True)
class KnownError:
    """An error that is known by its type and message.

    Args:
        types: the exception's type, or several with `|` between them.
        message: a regular expression for the beginning of the message; its groups stand in `says` as {0},
            {1}.
        key: the cause in a few words.
        says: what it means.
        asks: a question that leads to the line.
        line: a regular expression that must be found in the learner's line, where the message does not say
            enough.
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
    """What an error means, if it is one of those that are known; or None. The first that fits is taken."""
    return next(filter(None, (one.cause(failure) for one in known)), None)
