"""What a learner's code sees on disk: the standard library, numpy, torch if needed, parts of this package.

The view is made of the files that this interpreter itself uses, so the jail needs no installation of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from poolgrader.jail import notebook_syntax

SOURCE, LIBRARIES = "src", "site"  # folders of a view: this package; numpy and torch with what they need
SYNTAX = f"{SOURCE}/notebook_syntax"  # the folder in a view with IPython's transformer of cells
LOADER = ("/lib64", "/usr/lib64")  # where programs look for the dynamic loader
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")


@dataclass(frozen=True)
class View:
    """The paths that a jail shows.

    Args:
        program: the interpreter itself, outside any virtual environment.
        standard, platform: the folders of the standard library and of its compiled part (mostly the same).
        system: folders and files of the system's shared libraries.
        entries: maps a path in the view (under SOURCE or LIBRARIES) to the real path that is shown there.
    """

    program: str
    standard: str
    platform: str
    system: tuple[str, ...]
    entries: dict[str, str]

    def inside(self, root: str, path: str) -> str:
        """Where one of Python's own paths is in a view: at the same place below Python's prefix."""
        return f"{root}/python/{os.path.relpath(path, os.path.dirname(os.path.dirname(self.program)))}"

    def landlocked(self, root: str, hidden: bool) -> dict[str, tuple[str, ...]]:
        """What Landlock lets a learner read and write.

        Args:
            root: the folder of the view.
            hidden: files outside the view are hidden already; otherwise Landlock must shut them out.
        """
        if hidden:
            return {"readable": (root, *self.system), "listable": (), "writable": ("/tmp", "/dev/null")}
        libraries = {self.standard, self.platform}
        own = [f"{path}/{name}" for path in libraries for name in os.listdir(path) if name not in FOREIGN]
        readable = (root, *self.entries.values(), *own, *self.system)
        return {"readable": readable, "listable": tuple(libraries), "writable": ("/dev/null",)}


UNSEEN = (".dist-info", ".pth")
# torch._inductor, the compiler, has each operator a second time, and has to start processes
SPLIT, HIDDEN = "torch/", ("torch/_inductor",)
FOREIGN = ("site-packages", "dist-packages")  # in the standard library's folder: other installed packages


def _closure(name: str, found: dict[str, metadata.Distribution]) -> None:
    """Add a distribution and all that it requires, without extras, to `found`.

    What is not installed is skipped: an environment marker excludes it on this machine.
    """
    try:
        distribution = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return
    if name not in found:
        found[name] = distribution
        for line in distribution.requires or ():
            if "extra ==" not in line:
                _closure(re.split(r"[^\w.-]", line, maxsplit=1)[0], found)


def _packages(library: str) -> dict[str, str]:
    """The files and folders of a library and of all that it requires: path by name."""
    found: dict[str, metadata.Distribution] = {}
    for name in ("numpy",) if library == "numpy" else ("numpy", "torch"):
        _closure(name, found)
    entries = {}
    for distribution in found.values():
        for file in distribution.files or ():
            top = file.parts[0]
            if str(file).startswith(SPLIT) and len(file.parts) > 1:
                top = "/".join(file.parts[:2])
            if (
                file.parts[0] not in ("..", "__pycache__")
                and top not in HIDDEN
                and not file.parts[0].endswith(UNSEEN)
            ):
                entries[top] = str(Path(str(distribution.locate_file(top))))
    return {name: path for name, path in entries.items() if os.path.exists(path)}


def _system() -> tuple[str, ...]:
    """Paths of the system's shared libraries, links resolved: of those loaded now, and those loaded later."""
    maps = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    loaded = {line.split(maxsplit=5)[-1] for line in maps if ".so" in line}
    foreign = (sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), sysconfig.get_path("platlib"))
    files = {path for path in loaded if path.startswith("/") and not path.startswith(foreign)}
    folders = {os.path.dirname(path) for path in files if os.path.basename(path).startswith(("libc.", "ld-"))}
    folders |= {os.path.realpath(path) for path in LOADER if os.path.isdir(path)}
    files = {path for path in files if os.path.dirname(path) not in folders} | {"/etc/ld.so.cache"}
    return tuple(sorted(path for path in folders | files if os.path.exists(path)))


@cache
def view_of(library: str) -> View:
    """The view for questions that use a library, "numpy" or "torch"."""
    here = Path(__file__).parent
    entries = {f"{LIBRARIES}/{name}": path for name, path in _packages(library).items()}
    entries[f"{SOURCE}/poolgrader/__init__.py"] = str(here.parent / "__init__.py")
    entries[f"{SOURCE}/poolgrader/calls"] = str(here.parent / "calls")
    entries[f"{SOURCE}/poolgrader/jail"] = str(here)
    entries |= {f"{SYNTAX}/{name}": path for name, path in notebook_syntax.real_files().items()}
    program = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    return View(program, sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), _system(), entries)


def bubblewrapped(view: View, root: str) -> list[str]:
    """The command line of bubblewrap for a process that sees the view at `root`, and nothing else.

    The process keeps the capabilities that it needs to put up the inner layers; it runs no learner's code.
    """
    spaces = ("pid", "ipc", "net", "uts", *(() if os.geteuid() == 0 else ("user",)))
    kept = ("SYS_ADMIN", *(("SETUID", "SETGID", "KILL") if os.geteuid() == 0 else ()))
    program = shutil.which("bwrap")
    if program is None:
        raise FileNotFoundError("bwrap is not installed")
    line = [program, "--new-session", "--clearenv", "--cap-drop", "ALL"]
    line += [f"--unshare-{space}" for space in spaces]
    line += [word for name in kept for word in ("--cap-add", f"CAP_{name}")]
    for place in ("/lib", "/lib64"):
        line += ["--symlink", os.readlink(place), place] if os.path.islink(place) else []
    shown = {path: path for path in view.system}
    shown |= {view.inside(root, path): path for path in (view.standard, view.platform, view.program)}
    shown |= {f"{root}/{place}": path for place, path in view.entries.items()}
    parents = {str(parent) for place in (*shown, *DEVICES) for parent in Path(place).parents}
    for parent in sorted(parents - {"/", *view.system}):
        line += [] if os.path.islink(parent) else ["--perms", "0755", "--dir", parent]
    for place, path in shown.items():
        line += ["--ro-bind", path, place]
        for base in (Path(path), *Path(path).glob("python3*")):
            foreign = [base / name for name in FOREIGN if (base / name).is_dir()]
            line += [word for inner in foreign for word in ("--tmpfs", place + str(inner).removeprefix(path))]
    for device in DEVICES:
        line += ["--dev-bind", device, device]
    return [*line, "--proc", "/proc", "--tmpfs", "/tmp", "--chdir", "/", "--remount-ro", "/"]


def linked(view: View, root: Path) -> None:
    """Make the view as a folder of symbolic links, for systems where nothing can be mounted."""
    for place, path in view.entries.items():
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).symlink_to(path)
