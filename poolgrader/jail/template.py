"""A process with the libraries loaded, which forks a confined child for each learner. Runs no learner's code.

Started by `nursery`; asked over a socket, one line of JSON and at most two descriptors a time, one answer
each.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Sequence
from typing import Any

from poolgrader.jail import child, linux, wire
from poolgrader.jail.confine import Plan, confine

LINE = 2**20
RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes; what the system counts a peak of memory in
FAILED = 71  # exit status of a child that could not be confined


def plan_of(request: dict[str, Any]) -> Plan:
    """The plan as it came over the socket."""
    paths = {name: tuple(request[name]) for name in ("layers", "readable", "listable", "writable")}
    program = bytes.fromhex(request["program"])
    return Plan(**paths, program=program, memory=request["memory"], seconds=request["seconds"])


def hear(control: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """One line and what descriptors came with it. Ends this process when nobody is there any more."""
    text, descriptors = b"", []
    while not text.endswith(b"\n"):
        part, new, _, _ = socket.recv_fds(control, LINE, 4)
        if not part:
            os._exit(0)
        text += part
        descriptors += new
    request: dict[str, Any] = json.loads(text)
    return request, descriptors


def _own_processes() -> None:
    """The next child is the first process of a namespace of its own."""
    here = os.pidfd_open(os.getpid())
    try:
        linux.rejoin(here, linux.NEWPID)  # a second unshare is refused until we are back in our own
        linux.unshare(linux.NEWPID)
    finally:
        os.close(here)


def _fork(plan: Plan, incoming: int, outgoing: int, trial: bool) -> int:
    alone = "namespaces" in plan.layers
    if alone:
        with contextlib.suppress(OSError) if trial else contextlib.nullcontext():
            _own_processes()
    pid = os.fork()
    if pid:
        return pid
    status = FAILED
    try:
        # The learner's descriptors are these two; the template's socket is not among them.
        os.dup2(incoming, 210)
        os.dup2(outgoing, 211)
        os.closerange(3, 210)
        os.dup2(210, 3)
        os.dup2(211, 4)
        os.closerange(5, 2**16)
        # Opened anew: flags and locks of a descriptor that processes inherit would tell the next learner
        # something.
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        os.close(nowhere)
        stood = confine(plan, trial)
        wire.send(4, {"stood": list(stood)})
        if not trial:
            child.serve(3, 4)
        status = 0
    except BaseException:  # noqa: BLE001 - nothing may go back up into the template's loop
        with contextlib.suppress(Exception):
            os.close(4)
    os._exit(status)


def _ended(pid: int, end: bool) -> dict[str, Any]:
    """Wait for a child: its exit status, and what the system says that it used. None is left behind."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL) if end else None
    _, status, usage = os.wait4(pid, 0)
    seconds, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss * RSS_UNIT
    return {"status": os.waitstatus_to_exitcode(status), "seconds": seconds, "peak": peak}


def serve(control: socket.socket) -> None:
    """Answer the nursery until it hangs up."""
    plan = Plan()
    while True:
        request, descriptors = hear(control)
        answer: dict[str, Any] = {}
        passed: list[int] = []
        if request["do"] == "plan":
            plan = plan_of(request)
        elif request["do"] in ("fork", "try"):
            try:
                incoming, outgoing = descriptors
                pid = _fork(plan, incoming, outgoing, request["do"] == "try")
                answer["pid"] = pid
                if hasattr(os, "pidfd_open"):
                    passed.append(os.pidfd_open(pid))
            except (OSError, ValueError) as error:
                answer["error"] = str(error)
        elif request["do"] == "status":
            answer = _ended(request["pid"], request["end"])
        socket.send_fds(control, [json.dumps(answer).encode() + b"\n"], passed)
        for descriptor in (*descriptors, *passed):
            os.close(descriptor)


def main(control: int, library: str, operators: Sequence[str]) -> None:
    """Load the libraries, take away what learners may not use, say that we are ready, serve."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    child.prepare(library, operators)
    gc.collect()
    gc.freeze()  # what the children share is not written to by their collectors
    connection = socket.socket(fileno=control)
    connection.sendall(b'{"ready": true}\n')
    serve(connection)
