"""Measure how fast the site is and how Lighthouse scores it. `make site-report` runs this; it is not a test.

Measured are Lighthouse's scores of three representative pages, served on loopback with gzip as GitHub Pages
does; how many kilobytes a first visit loads, without MathJax; and how long an explorer takes to answer. With
--builds, builds are timed as well, in a copy of the course. npm installs Lighthouse into build/, at the
version below; nothing of it is committed.

    python -m benchmarks.site_report [--builds] [--write]    # --write: into benchmarks/site.json
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.conftest import FLAGS, chromium

ROOT = Path(__file__).resolve().parents[1]
HTML = ROOT / "build" / "_build" / "html"
TOOLS = ROOT / "build" / "lighthouse"
RESULTS = ROOT / "benchmarks" / "site.json"
LIGHTHOUSE = "12.8.2"
PAGES = ("book/index", "book/03_max_pooling", "book/playground")
GOALS = {"performance": 95, "accessibility": 100, "best-practices": 100}
TEXT = {".html", ".css", ".js", ".svg", ".json"}
# Milliseconds from an input event until the browser has painted the result.
ANSWER = """async tag => {
  const root = document.querySelector(tag).shadowRoot;
  const times = [];
  for (const box of [...root.querySelectorAll('input[type=range]')].slice(0, 6)) {
    for (const value of [box.max, box.min]) {
      const start = performance.now();
      box.value = value;
      box.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
      times.push(performance.now() - start);
    }
  }
  return times;
}"""


class Zipped(SimpleHTTPRequestHandler):
    """Serves files, text files compressed with gzip, without logging requests."""

    def log_message(self, *_: Any) -> None:
        """Log nothing."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.suffix not in TEXT or not path.is_file():
            super().do_GET()
            return
        content = gzip.compress(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path.name))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=600")  # as GitHub Pages
        self.end_headers()
        self.wfile.write(content)


def lighthouse(address: str, browser: str, preset: str) -> dict[str, Any]:
    """Run Lighthouse on one page.

    Returns:
        Its scores out of 100, the kilobytes that a first visit loads without MathJax, and the failed audits.
    """
    command = TOOLS / "node_modules" / ".bin" / "lighthouse"
    if not command.exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", f"lighthouse@{LIGHTHOUSE}"],
            cwd=TOOLS, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    flags = " ".join(["--headless=new", *FLAGS])
    options = ["--output=json", "--quiet", f"--chrome-flags={flags}", f"--only-categories={','.join(GOALS)}"]
    done = subprocess.run(
        [str(command), address, *options, *(["--preset=desktop"] if preset == "desktop" else [])],
        env={**os.environ, "CHROME_PATH": browser}, capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    audited = json.loads(done.stdout)
    requests = audited["audits"]["network-requests"]["details"]["items"]
    loaded = sum(request.get("transferSize", 0) for request in requests if "mathjax" not in request["url"])
    marks = {name: round(100 * audited["categories"][name]["score"]) for name in GOALS}
    return {**marks, "first load, kB": round(loaded / 1000), "short of": _short_of(audited)}


def _short_of(audited: dict[str, Any]) -> list[str]:
    """The failed audits among those that count for a score."""
    counted = [
        ref["id"]
        for category in audited["categories"].values()
        for ref in category["auditRefs"]
        if ref["weight"]
    ]
    return sorted(
        name
        for name in set(counted)
        if (audited["audits"][name]["score"] or 0) < 0.9
        and audited["audits"][name]["scoreDisplayMode"] not in ("notApplicable", "manual")
    )


def answers(tab: Page, address: str) -> dict[str, dict[str, float]]:
    """Milliseconds until each explorer of the playground has answered: median and worst."""
    tab.goto(f"{address}/book/playground.html", wait_until="networkidle")
    tags: list[str] = tab.evaluate(
        "[...document.querySelectorAll('article *')].filter(e => e.shadowRoot).map(e => e.localName)"
    )
    found = {}
    for tag in tags:
        if times := tab.evaluate(ANSWER, tag):
            found[tag] = {"median": round(statistics.median(times), 1), "worst": round(max(times), 1)}
    return found


def builds() -> dict[str, float]:
    """Time builds in a copy of the course: from scratch, without changes, and after one changed cell."""
    copy = ROOT / "build" / "report"
    shutil.rmtree(copy, ignore_errors=True)
    ignored = shutil.ignore_patterns("build", ".git", ".venv", "grading", "work", ".*_cache", "__pycache__")
    shutil.copytree(ROOT, copy, ignore=ignored)
    command = [
        str(Path(sys.executable).parent / "jupyter-book"),
        "build",
        ".",
        "-W",
        "-n",
        "--keep-going",
        "--path-output",
        "build",
    ]

    def seconds() -> float:
        start = time.perf_counter()
        subprocess.run(command, cwd=copy, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       env={**os.environ, "PYTHONPATH": str(copy)})  # fmt: skip
        return round(time.perf_counter() - start, 1)

    found = {"cold": seconds(), "no change": seconds()}
    chapter = copy / "book" / "03_max_pooling.md"
    chapter.write_text(
        chapter.read_text(encoding="utf-8").replace("import numpy as np", "import numpy as np  # changed", 1),
        encoding="utf-8",
    )
    found["one changed cell"] = seconds()
    shutil.rmtree(copy)
    return found


def main() -> int:
    """Measure and print; with --write, save the figures, too."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--builds", action="store_true", help="also how long builds take (minutes)")
    parser.add_argument("--write", action="store_true", help="keep the figures in benchmarks/site.json")
    asked = parser.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Zipped, directory=str(HTML)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    with sync_playwright() as playwright:
        browser = chromium(playwright.chromium.executable_path)
        if browser is None:
            raise SystemExit("no Chromium that runs: install it (Debian: apt-get install chromium)")
        opened = playwright.chromium.launch(executable_path=browser, args=FLAGS)
        report: dict[str, Any] = {
            "date": datetime.now(UTC).date().isoformat(),
            "machine": (
                f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Chromium {opened.version}"
            ),
            "load before": round(os.getloadavg()[0], 1),
            "explorers answer, ms": answers(opened.new_page(), address),
        }
        opened.close()
    report[f"lighthouse {LIGHTHOUSE}"] = {
        f"{page}, {preset}": lighthouse(f"{address}/{page}.html", browser, preset)
        for page in PAGES
        for preset in ("desktop", "mobile")
    }
    if asked.builds:
        report["builds, s"] = builds()
    text = json.dumps(report, indent=1) + "\n"
    print(text)
    if asked.write:
        RESULTS.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
