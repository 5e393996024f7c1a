"""Turn a notebook's cell into plain Python: remove magics, shell commands and `?`; keep code that magics run.

Text in, text out: nothing is run here, and IPython is not needed.

>>> plain("%matplotlib inline\\nx = 1")
'pass\\nx = 1'
>>> plain("%%time\\ny = 2")
'y = 2'
"""

from __future__ import annotations

import re

# The body of these cell magics is Python that runs in the notebook. Other cell magics use it otherwise.
RUNS_BODY = {"time", "timeit", "capture", "prun", "memit", "mprun", "lprun", "debug"}
RUNS_LINE = {"time", "prun"}  # not %timeit: its code defines no names in the notebook
MAGIC = re.compile(r"^(?P<space>\s*)(?P<sign>%|!|\?)(?P<rest>.*)$")
ASSIGNED = re.compile(r"^(?P<space>\s*)(?P<names>[\w,\s]+?)=\s*(?P<sign>%|!)(?P<rest>[^=].*)$")
ASKED = re.compile(r"^(?P<space>\s*)[\w.]+\?{1,2}\s*$")


def plain(source: str) -> str:
    """The cell as plain Python. Lines keep their numbers, except that the line of a cell magic is removed."""
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
