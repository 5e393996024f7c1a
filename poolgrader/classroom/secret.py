"""The course's secret, from which the random inputs for official marks are drawn."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

# For tests and the sample class, whose marks must be the same everywhere. It is refused for a real class.
TEST_SECRET = b"known to everybody: for tests and the sample class alone"
SHORTEST = 16


class SecretError(ValueError):
    """A secret that would let learners foresee their inputs."""


def course_secret(folder: Path) -> bytes:
    """The secret of a course, made at first use in `.poolgrader/secret`, readable by its owner alone.

    If it is lost, inputs change, but no mark is lost.

    Raises:
        SecretError: if the file holds a short or known secret.
    """
    path = folder / ".poolgrader" / "secret"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        secret = path.read_bytes().strip()
    else:
        secret = secrets.token_hex(32).encode()
        with os.fdopen(descriptor, "wb") as file:
            file.write(secret)
    if len(secret) < SHORTEST or secret == TEST_SECRET:
        raise SecretError(
            f"{path}: expected a secret of {SHORTEST} bytes or more that is not published; "
            "remove the file, and a new one is made"
        )
    return secret


def seed_of(secret: bytes, learner: str, question_id: str, cells: Iterable[str] = ()) -> int:
    """The seed of one learner's inputs to one question: HMAC-SHA256, 128 bits of it.

    Args:
        secret: of the course.
        learner: whose inputs.
        question_id: such as "3.2".
        cells: the sources of the cells that are run. So what a learner reads about the inputs of one answer
            helps nobody with the next answer. All ways of grading run the same cells, whatever else the
            notebook's file holds, and so they draw the same inputs.
    """
    text = hashlib.sha256()
    for source in cells:
        text.update(hashlib.sha256(source.encode("utf-8", "surrogatepass")).digest())
    message = b"\0".join([learner.encode(), question_id.encode(), text.digest()])
    return int.from_bytes(hmac.new(secret, message, hashlib.sha256).digest()[:16], "big")
