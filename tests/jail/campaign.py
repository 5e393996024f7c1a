"""Run attacks against the grader, grade an honest submission right after each, and print the outcomes.

    python -m tests.jail.campaign --sandbox bubblewrap [NAME ...]

prints a line of JSON for each attack. The targets are a class in a folder of its own (a secret, another
learner's notebook and a gradebook, all readable and writable by everybody), a listener on the loopback
device, and this process.
"""

from __future__ import annotations

import argparse
import contextlib
import glob
import hashlib
import json
import os
import socket
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from poolgrader.classroom import sample
from poolgrader.classroom.handed_in.submission import read_release, read_submission
from poolgrader.classroom.run.grading import grade_submission
from poolgrader.jail.nursery import Nursery
from poolgrader.limits import Limits
from poolgrader.questions import questions_of
from tests.course import SAMPLE
from tests.jail import shown
from tests.jail.attacks import ATTACKS, LOOSENED
from tests.jail.attacks.attack import Attack

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT = SAMPLE.assignment
RELEASED = ROOT / "exercises" / ASSIGNMENT / "max_pooling.ipynb"
QUESTIONS = questions_of(ASSIGNMENT)
LIMITS = Limits(cell=2.0, cells=10.0, call=2.0, answer=30.0)
# the seconds that grading one notebook may take with these limits
LONGEST = 90.0
# the prefix of files that attacks leave; our process id keeps parallel campaigns apart
TRACES = f"poolgrader-attack-{os.getpid()}"
SECRET = b"the secret of the class that is attacked"


@dataclass(frozen=True)
class Outcome:
    """The outcome of one attack.

    Args:
        name: the attack's name.
        gained: points that the attacker got for questions that must give none.
        lost: points that the attacker did not get for questions that must give all.
        neighbour_lost: points that the honest submission right after the attack lost.
        traces: what the attack changed or left outside the jail, and faults in the instructor's pages.
        reason: why the attacker lost marks, in the words of the report.
        seconds: how long grading the attack took, and grading the honest submission after it.
    """

    name: str
    gained: float
    lost: float
    neighbour_lost: float
    traces: tuple[str, ...]
    reason: str
    seconds: tuple[float, float]

    @property
    def held(self) -> bool:
        """Whether the attack gained nothing, cost nobody marks and left no traces."""
        return not (self.gained or self.lost or self.neighbour_lost or self.traces)


class Battlefield:
    """The class that is attacked, in a folder of its own, and the sandbox in which attackers' code runs."""

    def __init__(self, folder: Path, sandbox: str) -> None:
        self.folder, self.outside = folder, folder / "outside"
        self.nursery = Nursery(sandbox)
        # Without a sandbox, attacks may import large packages, which takes long. So the limits are longer.
        self.limits = LIMITS if sandbox != "none" else Limits(cell=10.0, call=30.0)
        self.release = read_release(RELEASED)
        self.notebook = json.loads(RELEASED.read_text(encoding="utf-8"))
        self.answers = {question.grade_id: question.answer for question in QUESTIONS}
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.log.setblocking(False)
        self.places = {
            "OUTSIDE": str(self.outside),
            "PORT": self.listener.getsockname()[1],
            "PARENT": os.getpid(),
            "REPOSITORY": str(ROOT),
            "poolgrader-attack": TRACES,
            "SITE": next(path for path in sys.path if path.endswith("site-packages")),
        }
        self.build()

    def build(self) -> None:
        """Create everything that an attack may try to reach, readable and writable for all users."""
        (self.outside / ".poolgrader").mkdir(parents=True, exist_ok=True)
        (self.outside / ".poolgrader" / "secret").write_bytes(SECRET)
        self.hand_in("submitted/neighbour", sample.fill(self.notebook, self.answers))
        (self.outside / "gradebook.db").unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(self.outside / "gradebook.db")) as database, database:
            database.execute("create table grade (points)")
            database.execute("insert into grade values (20)")
        if not (self.outside / "log").exists():
            self.log.bind(str(self.outside / "log"))
        for path in [self.outside, *self.outside.rglob("*")]:
            path.chmod(0o777 if path.is_dir() else 0o666)

    def hand_in(self, where: str, notebook: Any) -> Path:
        """Write a notebook as a submission, or a link if a path is given; returns the submission's path."""
        path = (
            (self.outside if where.startswith("submitted") else self.folder)
            / where
            / ASSIGNMENT
            / RELEASED.name
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        if isinstance(notebook, Path):
            path.symlink_to(notebook)
        else:
            path.write_text(json.dumps(notebook), encoding="utf-8")
        return path

    def attacked(self, attack: Attack) -> Any:
        """The notebook with the attack, or the path to which the attacker's submission is a link."""
        answers = dict(self.answers)
        if attack.body and not attack.extra:
            answers["q" + attack.question.replace(".", "-")] = attack.source(**self.places)
        notebook = sample.fill(self.notebook, answers)
        if attack.extra:
            cell = {"cell_type": "code", "metadata": {}, "source": attack.source(**self.places)}
            notebook["cells"].append(cell)
        return attack.shape(notebook, self.outside) if attack.shape else notebook

    def grade(self, learner: str, path: Path) -> tuple[dict[str, float], str, float, set[str]]:
        """Grade one submission.

        Returns:
            The points by question, the reasons for lost marks, the seconds that grading took, and problems:
            faults in the instructor's pages, and a time longer than LONGEST.
        """
        started = time.monotonic()
        submission = read_submission(path, learner, ASSIGNMENT, self.release)
        result = grade_submission(submission, QUESTIONS, SECRET, self.limits, self.nursery)
        points = {record["question"]: record["points"] for record in result["questions"]}
        reasons = [record["reason"] for record in result["questions"] if record["reason"]]
        reason = "; ".join([*reasons, *result["cells"]])
        seconds = round(time.monotonic() - started, 2)
        problems = shown.wrong_with(result, path, self.notebook)
        return points, reason, seconds, problems | ({f"{seconds:g} s"} if seconds > LONGEST else set())

    def state(self) -> set[str]:
        """Describe everything outside the jail that an attack may change.

        This covers each file with its content, permissions and time, files that attacks left behind,
        connections to the listener, and datagrams to the log.
        """
        seen = set()
        for path in sorted(self.outside.rglob("*")):
            content = hashlib.sha256(path.read_bytes()).hexdigest()[:8] if path.is_file() else ""
            changed = int(path.stat().st_mtime) if path.is_file() else 0
            seen.add(f"{path.relative_to(self.outside)} {path.stat().st_mode:o} {content} {changed}")
        for place in ("/tmp", "/dev/shm", os.path.expanduser("~")):
            seen |= {f"left {path}" for path in glob.glob(f"{place}/{TRACES}*")}
        with contextlib.suppress(BlockingIOError):
            self.listener.accept()[0].close()
            seen.add("a connection")
        with contextlib.suppress(BlockingIOError):
            while True:
                seen.add(f"a line in the log: {self.log.recv(100)!r}")
        return seen

    def clean(self) -> None:
        """Delete the files that an attack left in /tmp and /dev/shm."""
        for path in [p for place in ("/tmp", "/dev/shm") for p in glob.glob(f"{place}/{TRACES}*")]:
            os.unlink(path)

    def fight(self, attack: Attack) -> Outcome:
        """Grade a submission with this attack, then an honest one; returns the attack's outcome."""
        path = self.hand_in("attacker", self.attacked(attack))
        before = self.state()
        points, reason, attacked, reported = self.grade("attacker", path)
        changed = before ^ self.state()
        if changed:
            self.clean()
            self.build()
        traces = tuple(sorted(changed | reported))
        honest, _, after, _ = self.grade(
            "neighbour", self.hand_in("honest", sample.fill(self.notebook, self.answers))
        )
        full = {question.id: question.points for question in QUESTIONS if question.id not in attack.open}
        gained = sum(points[key] for key in full if key in attack.may_lose)
        lost = sum(full[key] - points[key] for key in full if key not in attack.may_lose)
        return Outcome(
            attack.name,
            gained,
            lost,
            sum(question.points for question in QUESTIONS) - sum(honest.values()),
            traces,
            reason,
            (attacked, after),
        )


def campaign(sandbox: str, attacks: Sequence[Attack]) -> Iterator[Outcome]:
    """Run these attacks one after the other against one class and one sandbox; yields the outcomes."""
    with tempfile.TemporaryDirectory(prefix="poolgrader-campaign-") as name:
        os.chmod(name, 0o755)
        field = Battlefield(Path(name), sandbox)
        with field.nursery:
            for attack in attacks:
                yield field.fight(attack)


def main() -> None:
    """Print a line with the active layers of the sandbox, then a line for each outcome."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sandbox", default="auto")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    every = (*ATTACKS, *LOOSENED)
    chosen = [one for one in every if one.name in arguments.names] if arguments.names else ATTACKS
    with Nursery(arguments.sandbox) as nursery:
        print(json.dumps({"layers": nursery.layers, "user": os.geteuid()}), flush=True)
    for outcome in campaign(arguments.sandbox, chosen):
        print(json.dumps(asdict(outcome)), flush=True)


if __name__ == "__main__":
    main()
