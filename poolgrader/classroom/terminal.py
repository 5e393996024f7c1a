"""What a class's commands print. Text is shown as it is and commands no terminal, whoever wrote it.

Names of folders and files, reasons, errors: much of it comes from learners. An escape sequence in it could
clear the screen or rewrite a line, a mark of direction could turn one around, a line break could begin a line
about somebody else. All printing goes through here; a test holds the other files to that.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from unicodedata import category

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from poolgrader.jail.wire import SEEN, UNSEEN, readable

BREAKS = "\n\t"  # of what honest text is made of: they stand in no name and in no reason
WIDTH = 100  # columns, where nobody looks on


def plain(text: str) -> str:
    """Text on one line: what a terminal would act on, or would not show,
    stands there as an escape of Python's.

    >>> print(plain("jane" + chr(27) + "[2J, " + chr(0x202E) + "doe" + chr(10)))
    jane\\x1b[2J, \\u202edoe\\n
    """
    return text if text.isprintable() else readable("".join(map(_seen, text)))


def _seen(letter: str) -> str:
    unseen = category(letter) in UNSEEN and (letter not in SEEN or letter in BREAKS)
    return letter.encode("unicode_escape").decode("ascii") if unseen else letter


class Terminal(Console):
    """A console whose text commands nothing."""

    def say(self, line: str) -> None:
        """Print a line: no markup in it, no colours, no breaks."""
        self.print(Text(plain(line)), highlight=False, soft_wrap=True)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """What is about to be printed, tables and bars too;
        what the console itself adds to move about stays.
        """
        for segment in super().render(renderable, options):
            text = segment.text
            if segment.control is None and not text.isprintable():
                text = "\n".join(map(plain, text.split("\n")))
            yield Segment(text, segment.style, segment.control)


def terminal(stderr: bool = False) -> Terminal:
    """Where a command prints: as wide as the window; in a file, as wide as the tables of the pages need.

    Args:
        stderr: to the standard error, where the standard output is for a program.
    """
    return Terminal(stderr=stderr, width=None if sys.stdout.isatty() else WIDTH)


def say(line: str, stderr: bool = False) -> None:
    """Print a line, see `Terminal.say`."""
    terminal(stderr).say(line)
