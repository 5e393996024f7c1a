"""Run a command as an ordinary user, even if the tests run as root and Python is in root's home folder."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

NOBODY = 65534
ROOT = Path(__file__).resolve().parents[2]


def can() -> bool:
    """Whether commands can be run as an ordinary user here."""
    return os.geteuid() != 0 or all(map(shutil.which, ("unshare", "setpriv", "mount")))


def _shut(path: Path) -> Path | None:
    """Among a path's parent folders, the topmost that other users may not enter; None if there is none."""
    for parent in reversed(path.parents):
        if not parent.stat().st_mode & 0o001:
            return parent
    return None


def command(arguments: Sequence[str]) -> list[str]:
    """The command that runs `arguments` as user nobody, or `arguments` itself if we are not root.

    It runs in a mount namespace of its own. There, bind mounts make the course and Python accessible, even if
    they are in folders that only root may enter. Nothing changes outside this namespace.
    """
    if os.geteuid() != 0:
        return list(arguments)
    needed = {ROOT, Path(sys.prefix), Path(sys.base_prefix), Path(sys.base_prefix).resolve()}
    shut = {path: folder for path in sorted(needed) if (folder := _shut(path)) is not None}
    lines = ["set -e", "held=$(mktemp -d)", "chmod 755 $held"]
    for number, path in enumerate(shut):
        lines += [f"mkdir $held/{number}", f"mount --bind {shlex.quote(str(path))} $held/{number}"]
    lines += [f"mount -t tmpfs -o mode=755 tmpfs {shlex.quote(str(folder))}" for folder in set(shut.values())]
    for number, path in enumerate(shut):
        place = shlex.quote(str(path))
        lines += [f"mkdir -p {place}", f"mount --bind $held/{number} {place}"]
        lines += [f"umount $held/{number}", f"rmdir $held/{number}"]
    lines.append("rmdir $held")
    user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    settings = ["env", "HOME=/tmp", "PYTHONDONTWRITEBYTECODE=1"]
    lines.append(f"cd {shlex.quote(str(ROOT))}")
    lines.append("exec " + shlex.join([*user, *settings, *arguments]))
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c", "\n".join(lines)]
