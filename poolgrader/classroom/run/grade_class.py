"""Grades a class: plans the run, has the submissions graded, and keeps each result.

After a run that was stopped, the next run goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from poolgrader.classroom.handed_in.submission import Submission, read_release, read_submission
from poolgrader.classroom.run.grading import result_of
from poolgrader.classroom.run.jobs import job_of, read_reply
from poolgrader.classroom.run.plan import Class, Step, plan
from poolgrader.classroom.run.result import Result, read_result, write_result
from poolgrader.classroom.run.workers import Crew, Executor, Job, SetAside, sweep_scratch
from poolgrader.jail.confine import BARE
from poolgrader.jail.nursery import Nursery
from poolgrader.limits import SUBMISSION_SECONDS
from poolgrader.questions import questions_of


@dataclass(frozen=True)
class Options:
    """What an instructor may ask of a run.

    Args:
        learners: patterns of names.
        questions: ids; judge only these again.
        regrade: judge again what has a result already.
        workers: number of processes; one per core, if not given.
        seconds: for one submission, before it is set aside.
        scheduler: address of a Dask scheduler; "" for this machine.
    """

    learners: tuple[str, ...] = ("*",)
    questions: tuple[str, ...] = ()
    regrade: bool = False
    workers: int | None = None
    seconds: float = SUBMISSION_SECONDS
    scheduler: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one submission.

    Args:
        learner: whose.
        how: "graded", "kept" or "set aside" (then there is no result for what is handed in now).
        why: the reason in a few words; "" for a first grading, or for a result that is kept as usual.
        result: see result.schema.json.
        note: what else an instructor should know about the files that were handed in, or "".
    """

    learner: str
    how: str
    why: str = ""
    result: Result | None = field(default=None, repr=False)
    note: str = ""


def grade_class(
    course: Class,
    options: Options | None = None,
    planned: Callable[[int, int], None] = lambda keep, grade: None,
) -> Iterator[Outcome]:
    """Grade every submission that has no valid result; yield the outcomes as they come.

    A result is on the disk before its outcome is yielded, so that the next run does not grade it again.

    Args:
        course: the class.
        options: see Options.
        planned: is called with the number of submissions that are not graded now, and of those that are.

    Raises:
        NoSandbox: if no sandbox works here.
        OtherGrader: if a worker has another version of the grader.
        WorkersFail: if no worker starts.
        OSError: if a result cannot be written; the results before it are kept.
    """
    options = options or Options()
    steps = list(plan(course, course.learners(options.learners), options.questions, options.regrade))
    grading = [step for step in steps if step.do == "grade"]
    planned(len(steps) - len(grading), len(grading))
    for step in steps:
        if step.do == "keep":
            result = read_result(course.result_path(step.learner))
            yield Outcome(step.learner, "kept", step.why, result, step.note)
        elif step.do == "set aside":
            yield Outcome(step.learner, "set aside", step.why)
    if grading:
        yield from _grade(course, options, grading)
    else:
        sweep_scratch()  # of a run that was killed after all was graded; otherwise Crew does it


def _executor(course: Class, options: Options) -> Executor:
    if not options.scheduler:
        with Nursery(course.sandbox, course.memory) as nursery:
            nursery.template("numpy")  # raises NoSandbox before anything else is started
        return Crew(options.workers, options.seconds)
    from poolgrader.classroom.run.scheduler import Cluster

    return Cluster(options.scheduler, course.assignment, options.seconds)


def _grade(course: Class, options: Options, steps: Sequence[Step]) -> Iterator[Outcome]:
    executor = _executor(course, options)
    release = read_release(course.release)
    at_hand: dict[str, tuple[Step, Submission]] = {}
    unreadable: list[tuple[Step, Submission]] = []

    def jobs() -> Iterator[Job]:
        for step in steps:
            path = course.submitted(step.learner, step.notebook)
            submission = read_submission(path, step.learner, course.assignment, release)
            submission = replace(submission, notebook=step.notebook)
            if submission.problem:
                unreadable.append((step, submission))
                continue
            # The job contains the cells; this process keeps only the rest of the submission.
            at_hand[step.learner] = step, _without_cells(submission)
            task = job_of(
                submission, step.questions, course.secret, course.limits, course.sandbox, course.memory
            )  # fmt: skip
            yield Job(step.learner, task)

    with closing(executor.graded(jobs())) as replies:
        for name, reply in replies:
            step, submission = at_hand.pop(name)
            if isinstance(reply, SetAside):
                yield Outcome(name, "set aside", reply.reason)
                continue
            yield _keep(course, step, result_of(submission, read_reply(reply)))
            while unreadable:
                yield _unread(course, *unreadable.pop())
    for step, submission in unreadable:
        yield _unread(course, step, submission)


def _without_cells(submission: Submission) -> Submission:
    return replace(submission, cells=())


def _unread(course: Class, step: Step, submission: Submission) -> Outcome:
    """The file was read when the run was planned; since then somebody changed it, or took it away."""
    return Outcome(step.learner, "set aside", submission.problem)


def _keep(course: Class, step: Step, result: Result) -> Outcome:
    path = course.result_path(step.learner)
    if len(step.questions) < len(questions_of(course.assignment)):
        before = read_result(path)
        if before is None or before["content"] != result["content"]:
            return Outcome(step.learner, "set aside", "handed in anew while it was graded: run again")
        result = _merged(before, result)
    write_result(path, result)
    return Outcome(step.learner, "graded", step.why, result, step.note)


def _merged(before: Result, result: Result) -> Result:
    """The new result, with the earlier records of the questions that were not judged again.

    These records keep the version of the grader that made them.
    """
    fresh = {record["question"]: record for record in result["questions"]}
    questions = [fresh.get(record["question"], record) for record in before["questions"]]
    sandbox = BARE if BARE in (before["sandbox"], result["sandbox"]) else result["sandbox"]
    return {**result, "questions": questions, "sandbox": sandbox}
