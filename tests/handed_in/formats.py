"""Kinds that differ in what programs write around the cells: metadata, ids, outputs, format numbers.

The forms of Colab, VS Code, Kaggle and the others are those of their documentation and of public notebooks.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.handed_in.kinds import Change, Kind, Notebook, code_cells

IMAGE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"
PYTHON = {"name": "python", "version": "3.12.3", "file_extension": ".py", "nbconvert_exporter": "python"}


def metadata(**entries: Any) -> Change:
    """Give the notebook other metadata."""

    def change(notebook: Notebook) -> None:
        notebook["metadata"] = entries

    return change


def cell_metadata(make: Callable[[int], dict[str, Any]], keep: bool = True) -> Change:
    """Give each cell more metadata, or other metadata.

    Args:
        make: the entries, for the number of the cell.
        keep: whether the cells keep what they have, and with it nbgrader's entries.
    """

    def change(notebook: Notebook) -> None:
        for number, cell in enumerate(notebook["cells"]):
            cell["metadata"] = {**(cell["metadata"] if keep else {}), **make(number)}

    return change


def outputs(*made: dict[str, Any]) -> Change:
    """Give each code cell these outputs."""

    def change(notebook: Notebook) -> None:
        for number, cell in enumerate(code_cells(notebook)):
            cell["outputs"], cell["execution_count"] = list(made), number + 1

    return change


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    """Printed text."""
    return {"output_type": "stream", "name": name, "text": text}


def shown(kind: str, content: Any) -> dict[str, Any]:
    """A plot or a table."""
    return {"output_type": "display_data", "metadata": {}, "data": {kind: content}}


def format_number(number: Any, minor: Any) -> Change:
    """Give the notebook another format number."""

    def change(notebook: Notebook) -> None:
        notebook["nbformat"], notebook["nbformat_minor"] = number, minor

    return change


def version_3(notebook: Notebook) -> Notebook:
    """The notebook as IPython 2 wrote it: worksheets, `input` instead of `source`, headings."""
    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cells.append(
                {
                    "cell_type": "code",
                    "collapsed": False,
                    "input": cell["source"],
                    "language": "python",
                    "metadata": cell["metadata"],
                    "outputs": [],
                    "prompt_number": 1,
                }
            )
        else:
            cells.append(cell)
    cells.append({"cell_type": "heading", "level": 2, "metadata": {}, "source": "The end"})
    metadata = {"name": "", "signature": "sha256:0"}
    return {
        "metadata": metadata,
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [{"cells": cells, "metadata": {}}],
    }


def sources(make: Callable[[str], Any]) -> Change:
    """Write the source of each cell in another form."""

    def change(notebook: Notebook) -> None:
        for cell in notebook["cells"]:
            cell["source"] = make("".join(cell["source"]))

    return change


def always(entries: dict[str, Any], number: int) -> dict[str, Any]:
    """The same entries for each cell."""
    return entries


def without_key(key: str) -> Change:
    """Leave out an entry of each cell."""

    def change(notebook: Notebook) -> None:
        for cell in notebook["cells"]:
            cell.pop(key, None)

    return change


def ids(make: Callable[[int], Any]) -> Change:
    """Give the cells other ids."""

    def change(notebook: Notebook) -> None:
        for number, cell in enumerate(notebook["cells"]):
            cell["id"] = make(number)

    return change


def in_turn(*changes: Change) -> Change:
    """Make several changes."""

    def change(notebook: Notebook) -> Notebook:
        for one in changes:
            notebook = one(notebook) or notebook
        return notebook

    return change


def colab(keep: bool) -> Change:
    """The form of Colab: sources as lists, its own ids, and whether nbgrader's metadata is left."""
    entries = {
        "colab": {"base_uri": "https://localhost:8080/", "height": 265},
        "executionInfo": {"status": "ok", "timestamp": 1700000000000, "user": {"displayName": "J"}},
        "outputId": "2c6c0e9f-9f3e-4a4f-d7a8-6b1f0f1f4f4e",
    }
    return in_turn(
        cell_metadata(lambda number: {"id": f"AbCdEf{number:06}", **entries}, keep),
        without_key("id"),
        sources(lambda text: text.splitlines(keepends=True)),
        metadata(
            colab={"provenance": [], "toc_visible": True, "authorship_tag": "ABX9TyN"},
            kernelspec={"name": "python3", "display_name": "Python 3"},
            language_info={"name": "python"},
            accelerator="GPU",
        ),
        format_number(4, 0),
    )


def conflict_metadata(notebook: Notebook) -> None:
    """What nbdime leaves in a notebook after a merge."""
    for cell in notebook["cells"][:3]:
        cell["metadata"]["nbdime-conflicts"] = {"local_diff": [], "remote_diff": []}


def grade_metadata(make: Callable[[dict[str, Any]], Any]) -> Change:
    """Change nbgrader's own metadata."""

    def change(notebook: Notebook) -> None:
        for cell in notebook["cells"]:
            if "nbgrader" in cell["metadata"]:
                cell["metadata"]["nbgrader"] = make(cell["metadata"]["nbgrader"])

    return change


def without_metadata(notebook: Notebook) -> None:
    """Leave out all metadata of cells."""
    for cell in notebook["cells"]:
        cell.pop("metadata")


def many_cells(notebook: Notebook) -> None:
    """Add a thousand empty cells."""
    empty: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": "",
    }
    notebook["cells"] += [dict(empty) for _ in range(1000)]


VSCODE: dict[str, Any] = {
    "kernelspec": {"display_name": ".venv", "language": "python", "name": "python3"},
    "orig_nbformat": 4,
}
CELLS: dict[str, dict[str, Any]] = {
    "JupyterLab": {"editable": True, "slideshow": {"slide_type": ""}, "tags": []},
    "JupyterLab, folded": {"jupyter": {"source_hidden": True, "outputs_hidden": True}, "collapsed": True},
    "VS Code": {"vscode": {"languageId": "python"}},
    "Kaggle": {"_uuid": "8f2839f25d086af736a60e9eeb907d3b93b6e0e5", "_cell_guid": "b1", "trusted": True},
    "Databricks": {
        "application/vnd.databricks.v1+cell": {"title": "", "showTitle": False, "inputWidgets": {}}
    },
    "Deepnote": {"cell_id": "00001-ab", "deepnote_cell_type": "code", "source_hash": "b623e53d"},
    "PyCharm": {"pycharm": {"name": "#%%\n", "is_executing": False}},
    "Hydrogen": {
        "jupyter": {"source_hidden": False},
        "ExecuteTime": {"end_time": "2026-11-30T10:00:00+00:00"},
    },
    "nteract": {"nteract": {"transient": {"deleting": False}}, "inputHidden": False, "outputHidden": True},
    "papermill": {"papermill": {"duration": 0.02, "exception": False, "status": "completed"}},
    "nbclient": {"execution": {"iopub.execute_input": "2026-11-30T10:00:00Z", "shell.execute_reply": "x"}},
    "SageMaker": {"tags": [], "scrolled": True, "isHidden": False},
    "classic Notebook": {"collapsed": False, "scrolled": True, "hide_input": False},
    "nbextensions": {"heading_collapsed": True, "hidden": True, "code_folding": [3]},
    "Azure Synapse": {"jupyter": {"outputs_hidden": False}, "nteract": {}, "collapsed": False},
}
NOTEBOOKS: dict[str, dict[str, Any]] = {
    "VS Code": {**VSCODE, "vscode": {"interpreter": {"hash": "31f2aee4e71d21fbe5cf8b01ff0e069b"}}},
    "Kaggle": {"kaggle": {"accelerator": "none", "dataSources": [], "isGpuEnabled": False}},
    "Databricks": {"application/vnd.databricks.v1+notebook": {"language": "python", "notebookName": "m"}},
    "Deepnote": {"deepnote_notebook_id": "a", "deepnote": {}, "deepnote_execution_queue": []},
    "JupyterLite": {"kernelspec": {"name": "python", "display_name": "Python (Pyodide)"}},
    "papermill": {"papermill": {"default_parameters": {}, "duration": 1.5, "version": "2.4.0"}},
    "jupytext": {"jupytext": {"formats": "ipynb,py:percent", "text_representation": {"extension": ".py"}}},
    "widgets": {"widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}, "version_major": 2}}},
    "a kernel of another name": {"kernelspec": {"name": "conda-env-dl-py", "display_name": "Python [dl]"}},
    "a kernel of another language": {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}},
    "a table of contents": {"toc": {"base_numbering": 1, "toc_cell": True}, "varInspector": {"cols": {}}},
    "Python 2": {"language_info": {"name": "python", "version": "2.7.18"}},
    "nothing": {},
}

KINDS = (
    *(Kind(f"cells of {name}", change=cell_metadata(partial(always, one))) for name, one in CELLS.items()),
    *(Kind(f"metadata of {name}", change=metadata(**one)) for name, one in NOTEBOOKS.items()),
    Kind("Colab, with nbgrader's metadata", change=colab(keep=True)),
    Kind("VS Code, without ids", change=in_turn(without_key("id"), metadata(**VSCODE), format_number(4, 2))),
    Kind("nbformat 3", change=version_3),
    *(Kind(f"nbformat 4.{minor}", change=format_number(4, minor)) for minor in range(6)),
    Kind("a format number as text", change=format_number("4", "5")),
    Kind("a format number of the future", change=format_number(5, 0)),
    Kind("no format number", change=lambda notebook: {"cells": notebook["cells"]}),
    Kind("no metadata at all", change=in_turn(without_metadata, metadata())),
    Kind("no ids", change=without_key("id")),
    Kind("all ids equal", change=ids(lambda number: "same")),
    Kind("ids that are numbers", change=ids(lambda number: number)),
    Kind("ids with forbidden characters", change=ids(lambda number: f"a b/{number}é")),
    Kind("very long ids", change=ids(lambda number: f"{number}" * 100)),
    Kind("no outputs", change=without_key("outputs")),
    Kind("no execution counts", change=without_key("execution_count")),
    Kind("sources as lines", change=sources(lambda text: text.splitlines(keepends=True))),
    Kind("sources as lines of Windows", change=sources(lambda text: text.replace("\n", "\r\n"))),
    Kind("sources with tabs at the end", change=sources(lambda text: text + "\t \n")),
    Kind(
        "one source as an empty list",
        change=lambda notebook: notebook["cells"].append(
            {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": []}
        ),
    ),
    Kind("a thousand empty cells", change=many_cells),
    Kind("conflicts that nbdime noted", change=conflict_metadata),
    Kind("printed text", change=outputs(stream("y (3, 3)\n"), stream("Warning: slow\n", "stderr"))),
    Kind("plots", change=outputs(shown("image/png", IMAGE))),
    Kind("30 MB of plots", change=outputs(shown("image/png", IMAGE * 30_000))),
    Kind(
        "interactive plots", change=outputs(shown("application/vnd.plotly.v1+json", {"data": [{"x": [1]}]}))
    ),
    Kind("HTML and scripts", change=outputs(shown("text/html", ["<script>", "alert(1)</script>"]))),
    Kind(
        "errors", change=outputs({"output_type": "error", "ename": "E", "evalue": "e", "traceback": ["\x1b"]})
    ),
    Kind("widgets in outputs", change=outputs(shown("application/vnd.jupyter.widget-view+json", {"m": 1}))),
    Kind(
        "outputs that are no list",
        change=lambda notebook: [cell.update(outputs=None) for cell in code_cells(notebook)] and None,
    ),
    Kind(
        "forged marks",
        change=outputs(
            {
                "output_type": "execute_result",
                "data": {"text/plain": "4.0"},
                "metadata": {},
                "execution_count": 1,
            }
        ),
    ),
    Kind("points that the learner raised", change=grade_metadata(lambda one: {**one, "points": 1000})),
    Kind("nbgrader's older schema", change=grade_metadata(lambda one: {**one, "schema_version": 1})),
    Kind("a checksum that is not right", change=grade_metadata(lambda one: {**one, "checksum": "0"})),
    Kind("nbgrader's metadata unlocked", change=grade_metadata(lambda one: {**one, "locked": False})),
)
