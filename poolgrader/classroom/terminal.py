"""Prints for a class's commands. Whoever wrote a text, it is shown, and cannot control the terminal.

Much text comes from learners: names of folders and files, reasons, errors. An escape sequence in it could
clear the screen or rewrite a line, a direction mark could reverse a line, a line break could begin a line
about somebody else. All printing goes through this module; a test checks that.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from unicodedata import category

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from poolgrader.jail.wire import SEEN, UNSEEN, readable

BREAKS = "\n\t"  # honest text has these, but no name and no reason does
WIDTH = 100  # columns, where the output is no terminal
SHOWN = 20  # most lines of one kind that are printed


def plain(text: str) -> str:
    """Text on one line; what a terminal would obey or not show is written as one of Python's escapes.

    >>> print(plain("jane" + chr(27) + "[2J, " + chr(0x202E) + "doe" + chr(10)))
    jane\\x1b[2J, \\u202edoe\\n
    """
    return text if text.isprintable() else readable("".join(map(_seen, text)))


def _seen(letter: str) -> str:
    unseen = category(letter) in UNSEEN and (letter not in SEEN or letter in BREAKS)
    return letter.encode("unicode_escape").decode("ascii") if unseen else letter


class Terminal(Console):
    """A console whose text cannot control the terminal."""

    def say(self, line: str) -> None:
        """Print a text on one line, without interpreting markup, without colours, without wrapping."""
        self.print(Text(plain(line)), highlight=False, soft_wrap=True)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Escape all text that is about to be printed, in tables and bars too.

        Control codes that the console itself uses, to move the cursor, are kept.
        """
        for segment in super().render(renderable, options):
            text = segment.text
            if segment.control is None and not text.isprintable():
                text = "\n".join(map(plain, text.split("\n")))
            yield Segment(text, segment.style, segment.control)


def terminal(stderr: bool = False) -> Terminal:
    """The console that a command prints to, as wide as the window, or WIDTH columns if there is none.

    Args:
        stderr: print to standard error, because standard output is for a program.
    """
    return Terminal(stderr=stderr, width=None if sys.stdout.isatty() else WIDTH)


def say(line: str, stderr: bool = False) -> None:
    """Print a text on one line, see `Terminal.say`."""
    terminal(stderr).say(line)


def say_first(lines: list[str], before: str = "") -> None:
    """Print the first lines of many, each after the same words, and how many more there are."""
    for line in lines[:SHOWN]:
        say(before + line)
    if len(lines) > SHOWN:
        say(f"{before}... and {len(lines) - SHOWN} more")
