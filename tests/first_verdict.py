"""What a learner's first minutes are made of: JupyterLab opens, notebook 3 is there, a cell is run,
a verdict comes.

Run by the Windows job after the README's lines, and by a test elsewhere:

    python -m tests.first_verdict

It starts the README's own last command without a browser, asks the server for the notebook as JupyterLab
does, runs it in a kernel as it was handed out, and once more with one answer right and one wrong. Returns 0
if the verdicts are due.
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
    """Notebook 3 as the server of `poolgrader learn` hands it out."""
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
        said = _answer(f"http://127.0.0.1:{port}/api/contents/{NOTEBOOK}", server)
        # also on Windows, where no signal would
        _answer(f"http://127.0.0.1:{port}/api/shutdown", server, method="POST")
        server.wait(60)
    finally:
        server.kill()
    return nbformat.from_dict(json.loads(said)["content"])


def _answer(address: str, server: subprocess.Popen[bytes], method: str = "GET") -> str:
    for _ in range(240):
        if server.poll() is not None:
            raise RuntimeError(f"poolgrader learn ended by itself with {server.returncode}")
        try:
            request = urllib.request.Request(address, method=method, data=b"" if method == "POST" else None)
            with urllib.request.urlopen(request, timeout=60) as page:
                return str(page.read().decode())
        except urllib.error.HTTPError:
            raise  # it answers, and refuses
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(f"no answer at {address} within two minutes")


def verdicts(notebook: Any, folder: Path, answers: dict[str, str]) -> dict[str, str]:
    """The text that stands below each check, question by question, once the cells up to 3.2 have run.

    Args:
        notebook: as it was handed out.
        folder: where the learner works.
        answers: grade id, as q3-2, to the code that the learner types.
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
    """Open, answer, read; returns the exit status."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        work = Path(folder) / "work"
        notebook = opened(work)
        place = work / Path(NOTEBOOK).parent
        question = find("3.2")
        mistake = next(one for one in question.mistakes if one.key == WRONG)
        mistaken = question.mistaken(mistake)
        assert mistaken is not None
        right = {"q3-1": find("3.1").answer, "q3-2": question.answer}
        blank, good = verdicts(notebook, place, {}), verdicts(notebook, place, right)
        bad = verdicts(notebook, place, {**right, "q3-2": mistaken})
    for name, said in (("as handed out", blank["q3-2"]), ("right", good["q3-2"]), ("wrong", bad["q3-2"])):
        print(f"--- 3.2, {name}\n{said}\n")
    nothing, all_of_them, some = (float(said["q3-2"].splitlines()[-1]) for said in (blank, good, bad))
    return 0 if 0 == nothing <= some < all_of_them == question.points else 1


if __name__ == "__main__":
    raise SystemExit(main())
