"""Check for the programs that the tests need and requirements.lock cannot contain.

`make test` runs this before the tests. It runs each program to see whether it works. A missing one is
installed if we are root on Debian or Ubuntu; otherwise it prints how to install it. With CI=true, a missing
program is an error.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Tool:
    """A program that pip does not install.

    Args:
        name: its name in messages.
        commands: commands that show whether it works; one that succeeds is enough.
        package: its Debian package.
        tests: which tests are skipped without it.
        platform: the start of sys.platform where it is needed; "" means everywhere.
    """

    name: str
    commands: tuple[tuple[str, ...], ...]
    package: str
    tests: str
    platform: str = ""

    def works(self) -> bool:
        """Whether one of its commands runs."""
        return any(_runs(command) for command in self.commands)


TOOLS = (
    Tool(
        "Chromium",
        tuple(
            (name, "--version")
            for name in (
                "chromium",
                "chromium-browser",
                "google-chrome",
                "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            )
        ),
        "chromium",
        "the tests that read the book in a browser",
    ),
    Tool(
        "bubblewrap",
        (("bwrap", "--ro-bind", "/", "/", "--unshare-pid", "--", "true"),),
        "bubblewrap",
        "nothing is skipped: the attacks against the full sandbox fail without it",
        "linux",
    ),
    Tool(
        "libseccomp",
        ((sys.executable, "-c", "import pyseccomp"),),
        "libseccomp2",
        "nothing is skipped: the attacks fail without it",
        "linux",
    ),
)


def _runs(command: tuple[str, ...]) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def may_install() -> bool:
    """Whether apt-get is there, as on Debian and Ubuntu, and we are root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(package: str) -> None:
    """Install one Debian package; if that fails, the next `works()` is False."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        subprocess.run(["apt-get", *step], env=quiet, check=False, stdout=subprocess.DEVNULL)


def main() -> int:
    """Check each tool; returns 1 if one is missing and this is CI."""
    missing = 0
    for tool in (tool for tool in TOOLS if sys.platform.startswith(tool.platform)):
        if not tool.works() and may_install():
            print(f"installing {tool.name} (Debian's {tool.package})", flush=True)
            install(tool.package)
        if tool.works():
            print(f"{tool.name}: works")
            continue
        missing += 1
        print(f"{tool.name}: not found. Install it (Debian and Ubuntu: apt-get install {tool.package}).")
        print(f"Skipped without it: {tool.tests}.")
    return 1 if missing and os.environ.get("CI") else 0


if __name__ == "__main__":
    raise SystemExit(main())
