"""Kinds that differ in the cells: copied, moved, split, merged, gone, or of another type."""

from __future__ import annotations

from tests.handed_in.kinds import ANSWERS, PLANE, Change, Kind, Notebook, cell_of, own

STUB = "def max_pool_plane(x, kernel_size):\n    raise NotImplementedError"
WRONG = "def max_pool_plane(x, kernel_size):\n    return x"


def with_type(grade_id: str, cell_type: str) -> Change:
    """Make an answer's cell one of another type."""

    def change(notebook: Notebook) -> None:
        cell = cell_of(notebook, grade_id)
        cell["cell_type"] = cell_type
        for key in ("outputs", "execution_count"):
            cell.pop(key, None)

    return change


def copied(grade_id: str, source: str | None = None, at_end: bool = False) -> Change:
    """Copy an answer's cell, as JupyterLab does: with its grade id.

    Args:
        grade_id: of the cell.
        source: the text of the copy; by default the same.
        at_end: put the copy at the end of the notebook, not below the cell.
    """

    def change(notebook: Notebook) -> None:
        cell = cell_of(notebook, grade_id)
        copy = {**cell, "id": "copy", "source": source if source is not None else cell["source"]}
        place = len(notebook["cells"]) if at_end else notebook["cells"].index(cell) + 1
        notebook["cells"].insert(place, copy)

    return change


def without(*grade_ids: str) -> Change:
    """Leave out cells."""

    def change(notebook: Notebook) -> None:
        for grade_id in grade_ids:
            notebook["cells"].remove(cell_of(notebook, grade_id))

    return change


def moved(grade_id: str, place: int) -> Change:
    """Put a cell at another place."""

    def change(notebook: Notebook) -> None:
        cell = cell_of(notebook, grade_id)
        notebook["cells"].remove(cell)
        notebook["cells"].insert(place if place >= 0 else len(notebook["cells"]), cell)

    return change


def into_own_cell(grade_id: str) -> Change:
    """Write the answer into a new cell below, and leave the answer's cell as it was handed out."""

    def change(notebook: Notebook) -> None:
        cell = cell_of(notebook, grade_id)
        notebook["cells"].insert(notebook["cells"].index(cell) + 1, own(cell["source"]))
        cell["source"] = STUB

    return change


def merged(notebook: Notebook) -> None:
    """Merge an answer's cell with the check below, and lose the check's id."""
    cell = cell_of(notebook, "q3-2")
    check = cell_of(notebook, "q3-2-check")
    cell["source"] = f"{''.join(cell['source'])}\n\n{''.join(check['source'])}"
    notebook["cells"].remove(check)


def split(notebook: Notebook) -> None:
    """Split an answer's cell: a helper above without an id, the function below."""
    cell = cell_of(notebook, "q3-2")
    helper = "def largest(window):\n    return window.max()"
    notebook["cells"].insert(notebook["cells"].index(cell), own(helper))


def backwards(notebook: Notebook) -> None:
    """Turn the order of all cells round."""
    notebook["cells"].reverse()


KINDS = (
    Kind("an answer copied below", change=copied("q3-2")),
    Kind("an answer copied to the end", change=copied("q3-2", at_end=True)),
    Kind("all answers copied", change=lambda notebook: [copied(name)(notebook) for name in ANSWERS] and None),
    Kind("an answer below a wrong copy", answers={"q3-2": WRONG}, change=copied("q3-2", PLANE.answer)),
    Kind(
        "the stub copied below the answer",
        change=copied("q3-2", STUB),
        lost=PLANE.points,
        reason="the answer's cell is in the notebook 2 times",
    ),
    Kind("a wrong copy below the answer", change=copied("q3-2", WRONG), lost=PLANE.points),
    Kind(
        "an answer's cell is gone",
        change=without("q3-2"),
        lost=PLANE.points,
        reason="the answer's cell is not in the notebook",
    ),
    Kind(
        "an answer's cell is raw",
        change=with_type("q3-2", "raw"),
        lost=PLANE.points,
        reason="is a text cell: change its type to code",
    ),
    Kind(
        "an answer's cell is Markdown",
        change=with_type("q3-2", "markdown"),
        lost=PLANE.points,
        reason="is a text cell: change its type to code",
    ),
    Kind("a check's cell is gone", change=without("q3-2-check")),
    Kind("a check's cell is Markdown", change=with_type("q3-2-check", "markdown")),
    Kind("an answer in a cell of its own", change=into_own_cell("q3-2")),
    Kind("an answer at the end", change=moved("q3-2", -1)),
    Kind("an answer at the start", change=moved("q3-2", 0)),
    Kind("an answer merged with its check", change=merged),
    Kind(
        "an answer split into two cells",
        answers={"q3-2": PLANE.answer.replace(".max()", ".max()")},
        change=split,
    ),
    Kind("all cells in reverse order", change=backwards),
    Kind("an empty cell with the answer's id", change=copied("q3-2", "")),
    Kind(
        "an answer commented out",
        answers={"q3-2": "\n".join(f"# {line}" for line in PLANE.answer.splitlines())},
        lost=PLANE.points,
        reason="not defined",
    ),
    Kind(
        "a cell that is not Python",
        answers={"q3-2": PLANE.answer + "\n)"},
        lost=PLANE.points,
        reason="SyntaxError",
    ),
    Kind(
        "a conflict of git in an answer",
        answers={"q3-2": f"<<<<<<< HEAD\n{PLANE.answer}\n=======\n{WRONG}\n>>>>>>> b"},
        lost=PLANE.points,
        reason="SyntaxError",
    ),
    Kind(
        "attachments and comments",
        change=lambda notebook: notebook["cells"].append(
            {
                "cell_type": "markdown",
                "metadata": {},
                "source": "![](attachment:a.png)",
                "attachments": {"a.png": {"image/png": "AAAA"}},
            }
        ),
    ),
    Kind(
        "a cell of an unknown type",
        change=lambda notebook: notebook["cells"].append(
            {"cell_type": "sql", "metadata": {}, "source": "select 1"}
        ),
    ),
    Kind("an entry that is no cell", change=lambda notebook: notebook["cells"].append(None)),
)
