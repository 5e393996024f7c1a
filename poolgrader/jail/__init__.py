"""Where a learner's code runs: the parent's side, the child's side, and what passes between them.

Imports numpy and the standard library only (torch where a question asks for it); never a course, the
questions or the judging, so that nothing that decides a mark is in the learner's process.
"""
