"""What became of the cells for the answers in a submitted notebook: gone, no longer code, or there twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Cell = Mapping[str, Any]
MOST_LISTED = 5  # copies of a cell whose numbers are listed


def remarks(cells: Sequence[Cell], answers: Iterable[str]) -> dict[str, str]:
    """A remark on each answer's cell that is not there as it was handed out, by its grade id.

    If no cell has one of the ids, all ids were lost on the way, and nothing can be said.

    Args:
        cells: all cells of a submitted notebook.
        answers: the grade ids of the cells for the answers, in the notebook that was handed out.
    """
    places: dict[str, list[tuple[int, str]]] = {grade_id: [] for grade_id in answers}
    for number, cell in enumerate(cells, start=1):
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if isinstance(grade_id, str) and grade_id in places:
            places[grade_id].append((number, cell["cell_type"]))
    if not any(places.values()):
        return {}
    found = {grade_id: _remark(where) for grade_id, where in places.items()}
    return {grade_id: remark for grade_id, remark in found.items() if remark}


def _remark(places: Sequence[tuple[int, str]]) -> str:
    code = [number for number, kind in places if kind == "code"]
    if len(code) == 1:
        return ""
    if len(code) > 1:
        listed = ", ".join(map(str, code[:MOST_LISTED]))
        more = " and more" if len(code) > MOST_LISTED else ""
        return (
            f"the answer's cell is in the notebook {len(code)} times (cells {listed}{more}); "
            f"cell {code[-1]} counts"
        )
    if places:
        return f"the answer's cell (cell {places[0][0]}) is a text cell: change its type to code"
    return "the answer's cell is not in the notebook"
