"""Where a learner's code runs: the grader's side, the learner's process, and the messages between them.

It imports numpy and the standard library only (torch where a question uses it). It never imports a course,
the questions or the judging, so that nothing that decides a mark is in the learner's process.
"""
