"""The grader's side of the template processes.

It starts each template inside the sandbox that works on this machine, and has it fork a child for each jail.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from poolgrader.jail import syscalls, wire
from poolgrader.jail.confine import BARE, LAYERS, enough
from poolgrader.jail.used import Usage
from poolgrader.jail.view import LIBRARIES, SOURCE, bubblewrapped, linked, view_of

SANDBOXES = ("auto", "bubblewrap", "unprivileged", "none")
STARTS_WITHIN = 120.0
INSIDE = "/jail"  # where the view is mounted inside bubblewrap
BOOT = (
    "import sys; sys.path[:0] = sys.argv[4:6]; from poolgrader.jail.template import main; "
    "main(int(sys.argv[1]), sys.argv[2], sys.argv[3].split(), sys.argv[4] + '/notebook_syntax')"
)
ENVIRONMENT = {"PATH": os.defpath, "HOME": "/tmp", "LANG": "C.UTF-8"} | {
    f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")
}
REMEDY = (
    "Install bubblewrap and libseccomp (Debian, Ubuntu: apt install bubblewrap libseccomp2) on Linux 5.13 or "
    "later, or grade in the container that the Containerfile makes. `--sandbox none` grades without a "
    "sandbox: learners' code can then read and change all that you can."
)


class NoSandbox(RuntimeError):
    """No sandbox on this machine confines learners' code well enough.

    The message says why, and what to install.
    """


@dataclass
class Child:
    """A learner's process.

    Args:
        template: the process that forked it.
        pid: its process id, as the template sees it.
        handle: a pidfd of it; -1 where the system has no pidfds.
        to_child, from_child: the grader's ends of its two pipes.
    """

    template: Template
    pid: int
    handle: int
    to_child: int
    from_child: int

    def end(self) -> tuple[int, Usage]:
        """Kill the process if it still runs; return its exit status (negative: the signal) and its usage."""
        for descriptor in (self.to_child, self.from_child):
            os.close(descriptor)
        if self.handle >= 0:
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)
            os.close(self.handle)
        return self.template.status(self.pid)

    def said_something(self) -> bool:
        """Whether the child has sent something before it was asked; a closed pipe does not count."""
        poll = select.poll()
        poll.register(self.from_child, select.POLLIN)
        return any(event & select.POLLIN for _, event in poll.poll(0))

    def gone(self, seconds: float) -> bool:
        """Whether the process ends by itself within so many seconds; False where it has no pidfd."""
        if self.handle < 0:
            return False
        poll = select.poll()
        poll.register(self.handle, select.POLLIN)
        return bool(poll.poll(seconds * 1000))


class Template:
    """A process in the sandbox that has a library loaded, and forks a child for each jail.

    Args:
        library: "numpy" or "torch".
        operators: words; each torch operator with one of them in its name raises in this process.
        sandbox: "bubblewrap", "unprivileged" or "none".
        memory: bytes that each child may use on top of what the template uses.

    Raises:
        NoSandbox: if the template does not start, or too few layers of the sandbox can be put up.
    """

    def __init__(self, library: str, operators: Sequence[str], sandbox: str, memory: int = 2 * 2**30) -> None:
        self.layers: tuple[str, ...] = ()
        self._bare_peak = 0
        self._sandbox, self._lock = sandbox, threading.Lock()
        self._view = view_of(library) if sandbox != "none" else None
        self._folder = tempfile.TemporaryDirectory(prefix="poolgrader-", ignore_cleanup_errors=True)
        self._root = INSIDE if sandbox == "bubblewrap" else self._folder.name
        self._control, template_end = socket.socketpair()
        self._process: subprocess.Popen[bytes] | None = None
        with template_end, tempfile.TemporaryFile() as stderr:
            try:
                command = self._command([str(template_end.fileno()), library, " ".join(operators)])
                self._process = self._spawn(command, template_end.fileno(), stderr)
                template_end.close()
                self._control.settimeout(STARTS_WITHIN)
                self._receive()
                self._plan(memory)
            except (OSError, ValueError, wire.WireError) as error:
                self.close()
                stderr.seek(0)
                lines = stderr.read().decode(errors="replace").strip().splitlines()
                raise NoSandbox(f"{sandbox}: {(lines or [str(error)])[-1][:300]}") from None

    def _command(self, arguments: Sequence[str]) -> list[str]:
        if self._view is None:
            source = str(Path(__file__).parents[2])
            return [sys.executable, "-I", "-c", BOOT, *arguments, source, source]
        # -S leaves out site-packages: the packages that may be imported are in the view.
        paths = [f"{self._root}/{SOURCE}", f"{self._root}/{LIBRARIES}"]
        boot = ["-I", "-S", "-c", BOOT, *arguments, *paths]
        if self._sandbox != "bubblewrap":
            linked(self._view, Path(self._root))
            return [self._view.program, *boot]
        settings = [word for name, value in ENVIRONMENT.items() for word in ("--setenv", name, value)]
        program = self._view.inside(INSIDE, self._view.program)
        return [*bubblewrapped(self._view, INSIDE), *settings, "--", program, *boot]

    def _spawn(self, command: list[str], control: int, stderr: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            cwd=self._folder.name,
            env=ENVIRONMENT,
            pass_fds=(control,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            start_new_session=True,
        )

    def _plan(self, memory: int) -> None:
        """Try every layer on a child that runs no learner's code.

        The layers that can be put up there are then required of every child.
        """
        inner = [layer.name for layer in LAYERS if self._sandbox == "bubblewrap" or not layer.privileged]
        plan: dict[str, Any] = {"readable": (), "listable": (), "writable": ()}
        if self._view is not None:
            plan |= self._view.landlocked(self._root, hidden=self._sandbox == "bubblewrap")
        plan |= {"do": "plan", "layers": inner if self._view else [], "program": syscalls.program().hex()}
        plan |= {"memory": memory, "seconds": 600}
        self._ask(plan)
        child = self.fork("try")
        try:
            reply = wire.receive(child.from_child, STARTS_WITHIN)
        finally:
            _, used = child.end()
        self._bare_peak = used.peak
        self.layers = tuple(reply["stood"])
        missing = enough(self.layers) if self._view else ""
        if missing:
            raise OSError(missing)
        self._ask(plan | {"layers": self.layers})

    def fork(self, how: str = "fork") -> Child:
        """Fork a new child. It confines itself; the first frame that it sends lists the layers it has put up.

        Raises:
            OSError: if the template cannot fork, or has ended.
        """
        child_in, to_child = os.pipe()
        from_child, child_out = os.pipe()
        try:
            answer, handles = self._ask({"do": how}, (child_in, child_out))
            if "pid" not in answer:
                raise OSError(f"no process: {answer.get('error', 'no answer')}")
        except OSError:
            os.close(to_child)
            os.close(from_child)
            raise
        finally:
            os.close(child_in)
            os.close(child_out)
        os.set_blocking(to_child, False)
        return Child(self, answer["pid"], handles[0] if handles else -1, to_child, from_child)

    def status(self, pid: int) -> tuple[int, Usage]:
        """Kill a child if it still runs; return its exit status and its usage."""
        try:
            answer, _ = self._ask({"do": "status", "pid": pid, "end": True})
        except OSError:
            return -signal.SIGKILL, Usage()  # the template has ended, and all its children with it
        return answer["status"], Usage(answer["seconds"], max(0, answer["peak"] - self._bare_peak))

    def _ask(
        self, request: dict[str, Any], descriptors: Sequence[int] = ()
    ) -> tuple[dict[str, Any], list[int]]:
        with self._lock:
            text = json.dumps(request).encode() + b"\n"
            sent = socket.send_fds(self._control, [text], list(descriptors))
            self._control.sendall(text[sent:])
            return self._receive()

    def _receive(self) -> tuple[dict[str, Any], list[int]]:
        text, handles = b"", []
        while not text.endswith(b"\n"):
            part, new, _, _ = socket.recv_fds(self._control, 2**16, 4)
            handles += new
            if not part:
                raise ConnectionError("the template ended")
            text += part
        answer: dict[str, Any] = json.loads(text)
        return answer, handles

    def close(self) -> None:
        """End the template; its children end with it."""
        self._control.close()
        if self._process is not None:
            try:
                self._process.wait(5.0)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._folder.cleanup()


class Nursery:
    """The templates of one run. Each is started when it is first needed, and again after it was lost.

    Args:
        sandbox: "auto" takes bubblewrap where it works, or else the layers that need no privilege.
        memory: bytes for each learner's process.
    """

    def __init__(self, sandbox: str = "auto", memory: int = 2 * 2**30) -> None:
        if sandbox not in SANDBOXES:
            raise ValueError(f"sandbox: expected one of {', '.join(SANDBOXES)}, got {sandbox!r}")
        self.sandbox, self.memory = sandbox, memory
        self._templates: dict[tuple[str, tuple[str, ...]], Template] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Nursery:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def template(self, library: str, operators: tuple[str, ...] = ()) -> Template:
        """The template for a library.

        Raises:
            NoSandbox: if no sandbox on this machine is enough.
        """
        with self._lock:
            if (library, operators) not in self._templates:
                self._templates[library, operators] = self._start(library, operators)
            return self._templates[library, operators]

    def _start(self, library: str, operators: tuple[str, ...]) -> Template:
        reasons = []
        for sandbox in SANDBOXES[1:3] if self.sandbox == "auto" else [self.sandbox]:
            try:
                template = Template(library, operators, sandbox, self.memory)
            except NoSandbox as error:
                reasons.append(str(error))
                continue
            self.sandbox = sandbox  # all templates of a run use the same sandbox
            return template
        raise NoSandbox(f"nothing confines learners' code here ({'; '.join(reasons)}). {REMEDY}")

    def lost(self, template: Template) -> None:
        """End and forget a template that does not answer; the next learner gets a new one."""
        with self._lock:
            self._templates = {key: kept for key, kept in self._templates.items() if kept is not template}
        template.close()

    @property
    def layers(self) -> str:
        """The layers of the sandbox around learners' code, in words, for reports."""
        layers = self.template("numpy").layers
        return ", ".join(layers) or BARE

    def close(self) -> None:
        """End all templates."""
        with self._lock:
            for template in self._templates.values():
                template.close()
            self._templates.clear()
