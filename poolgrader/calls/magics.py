"""A notebook's cell as plain Python: magics, shell commands and questions taken out, what they time left in.

Text in, text out: nothing is run here, and IPython is not needed.

>>> plain("%matplotlib inline\\nx = 1")
'pass\\nx = 1'
>>> plain("%%time\\ny = 2")
'y = 2'
"""

from __future__ import annotations

import re

# The body is Python and runs, as in the notebook; every other cell magic hands its body to something else.
RUNS_BODY = {"time", "timeit", "capture", "prun", "memit", "mprun", "lprun", "debug"}
RUNS_LINE = {"time", "prun"}  # %timeit leaves no names behind
MAGIC = re.compile(r"^(?P<space>\s*)(?P<sign>%|!|\?)(?P<rest>.*)$")
ASSIGNED = re.compile(r"^(?P<space>\s*)(?P<names>[\w,\s]+?)=\s*(?P<sign>%|!)(?P<rest>[^=].*)$")
ASKED = re.compile(r"^(?P<space>\s*)[\w.]+\?{1,2}\s*$")


def plain(source: str) -> str:
    """The cell with its lines kept where they were, as far as there are lines."""
    lines = source.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    head = lines[first].strip()
    if head.startswith("%%"):
        name = head[2:].split(maxsplit=1)[0] if head[2:].strip() else ""
        return plain("\n".join(lines[first + 1 :])) if name in RUNS_BODY else ""
    return "\n".join(_line(line) for line in lines)


def _line(line: str) -> str:
    assigned = ASSIGNED.match(line)
    if assigned:
        return f"{assigned['space']}{assigned['names']}= None"
    if ASKED.match(line):
        return ASKED.sub(r"\g<space>pass", line)
    magic = MAGIC.match(line)
    if not magic:
        return line
    name, _, statement = magic["rest"].partition(" ")
    if magic["sign"] == "%" and name in RUNS_LINE and statement.strip():
        return magic["space"] + statement.strip()
    return magic["space"] + "pass"
