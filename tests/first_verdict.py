"""Check a learner's first steps: JupyterLab starts, notebook 3 opens, its cells run, and a verdict is shown.

The Windows job runs this after the README's commands; elsewhere a test runs it:

    python -m tests.first_verdict

It starts the README's last command without a browser and fetches the notebook from the server as JupyterLab
does. It runs the notebook in a kernel three times: as released, with right answers, and with a known mistake
in 3.2. The exit status is 0 if the marks are as expected.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from poolgrader.questions import find

NOTEBOOK = "03_max_pooling/max_pooling.ipynb"
WRONG = "starts_at_zero"  # a known mistake of 3.2
OPTIONS = [
    "--no-browser",
    "--allow-root",
    "--ServerApp.token=",
    "--ServerApp.password=",
    "--ServerApp.disable_check_xsrf=True",
]


def opened(work: Path) -> Any:
    """Fetch notebook 3 from the server that `poolgrader learn` starts."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    command = [
        sys.executable,
        "-m",
        "poolgrader",
        "learn",
        "--folder",
        str(work),
        "--",
        *OPTIONS,
        f"--port={port}",
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        text = _answer(f"http://127.0.0.1:{port}/api/contents/{NOTEBOOK}", server)
        # stops the server on Windows as well, where a signal would not
        _answer(f"http://127.0.0.1:{port}/api/shutdown", server, method="POST")
        server.wait(60)
    finally:
        server.kill()
    return nbformat.from_dict(json.loads(text)["content"])


def _answer(address: str, server: subprocess.Popen[bytes], method: str = "GET") -> str:
    for _ in range(240):
        if server.poll() is not None:
            raise RuntimeError(f"poolgrader learn ended by itself with {server.returncode}")
        try:
            request = urllib.request.Request(address, method=method, data=b"" if method == "POST" else None)
            with urllib.request.urlopen(request, timeout=60) as page:
                return str(page.read().decode())
        except urllib.error.HTTPError:
            raise  # the server is up, but refuses the request
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(f"no answer at {address} within two minutes")


def verdicts(notebook: Any, folder: Path, answers: dict[str, str]) -> dict[str, str]:
    """Run the cells up to the check of 3.2; returns the text below each check, by question.

    Args:
        notebook: the notebook as released.
        folder: the folder in which the learner works.
        answers: maps the id of an answer cell, such as q3-2, to the code that the learner types there.
    """
    ours = nbformat.from_dict(json.loads(json.dumps(notebook)))
    last = next(at for at, cell in enumerate(ours.cells) if cell.id == "q3-2-check")
    del ours.cells[last + 1 :]
    for cell in ours.cells:
        cell.source = answers.get(cell.id, cell.source)
    NotebookClient(
        ours, timeout=300, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    ).execute()
    checks = (cell for cell in ours.cells if cell.id.endswith("-check"))
    return {
        cell.id.removesuffix("-check"): "\n".join(
            str(out.get("data", {}).get("text/plain", out)) for out in cell.outputs
        )
        for cell in checks
    }


def main() -> int:
    """Open the notebook, answer it and read the verdicts; returns the exit status."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        work = Path(folder) / "work"
        notebook = opened(work)
        place = work / Path(NOTEBOOK).parent
        question = find("3.2")
        mistake = next(known for known in question.mistakes if known.key == WRONG)
        mistaken = question.mistaken(mistake)
        assert mistaken is not None
        right = {"q3-1": find("3.1").answer, "q3-2": question.answer}
        blank, good = verdicts(notebook, place, {}), verdicts(notebook, place, right)
        bad = verdicts(notebook, place, {**right, "q3-2": mistaken})
    for name, verdict in (("as released", blank["q3-2"]), ("right", good["q3-2"]), ("wrong", bad["q3-2"])):
        print(f"--- 3.2, {name}\n{verdict}\n")
    no_points, full_points, some_points = (
        float(verdict["q3-2"].splitlines()[-1]) for verdict in (blank, good, bad)
    )
    return 0 if 0 == no_points <= some_points < full_points == question.points else 1


if __name__ == "__main__":
    raise SystemExit(main())
