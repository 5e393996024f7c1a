"""A process with the libraries loaded, which forks a confined child for each learner. Runs no learner's code.

`nursery` starts it and sends it requests over a socket. A request is one line of JSON with at most two
descriptors; each request gets one answer.
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
RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes: the unit of ru_maxrss
FAILED = 71  # exit status of a child that could not be confined


def plan_of(request: dict[str, Any]) -> Plan:
    """The plan in a request."""
    paths = {name: tuple(request[name]) for name in ("layers", "readable", "listable", "writable")}
    program = bytes.fromhex(request["program"])
    return Plan(**paths, program=program, memory=request["memory"], seconds=request["seconds"])


def hear(control: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Read one request: a line of JSON and the descriptors that came with it.

    When the nursery has closed the socket, this process ends.
    """
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
    """Make the next child the first process of a new process namespace."""
    here = os.pidfd_open(os.getpid())
    try:
        linux.rejoin(here, linux.NEWPID)  # a second unshare is refused outside this process's own namespace
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
        # Of the open descriptors the child keeps only these two; it has no access to the template's socket.
        os.dup2(incoming, 210)
        os.dup2(outgoing, 211)
        os.closerange(3, 210)
        os.dup2(210, 3)
        os.dup2(211, 4)
        os.closerange(5, 2**16)
        # Opened anew in each child: with the flags and locks of an inherited descriptor one learner's code
        # could leave a message for the next one.
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        os.close(nowhere)
        stood = confine(plan, trial)
        wire.send(4, {"stood": list(stood)})
        if not trial:
            child.serve(3, 4)
        status = 0
    except BaseException:  # noqa: BLE001 - the child must not go on in the template's loop
        with contextlib.suppress(Exception):
            os.close(4)
    os._exit(status)


def _ended(pid: int, end: bool) -> dict[str, Any]:
    """Wait for a child, so that no zombie is left; return its exit status and what it used."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL) if end else None
    _, status, usage = os.wait4(pid, 0)
    seconds, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss * RSS_UNIT
    return {"status": os.waitstatus_to_exitcode(status), "seconds": seconds, "peak": peak}


def serve(control: socket.socket) -> None:
    """Answer the nursery's requests until it closes the socket."""
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


def main(control: int, library: str, operators: Sequence[str], syntax: str) -> None:
    """Load the libraries, ban what learners may not use, report that the template is ready, and serve."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    child.prepare(library, operators, syntax)
    gc.collect()
    gc.freeze()  # or else the children's garbage collectors would write to memory that they share
    connection = socket.socket(fileno=control)
    connection.sendall(b'{"ready": true}\n')
    serve(connection)
