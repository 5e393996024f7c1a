"""Find what is wrong with a question's own files, before any answer is judged.

Each message names the file or the setting to change.
"""

from __future__ import annotations

from poolgrader.questions.question import Question

FEWEST_MISTAKES, FEWEST_STYLES = 3, 2
# The error by which a reference refuses an input; if it raises any other error, the question has a fault.
REFUSAL = "ValueError"


def flaws(question: Question) -> list[str]:
    """What must be corrected before a question can be handed out; an empty list if nothing.

    Args:
        question: a question whose files lie in a folder of their own.
    """
    found = []
    if not (question.folder / "__init__.py").is_file():
        found.append("expected an empty __init__.py beside question.py, found none")
    if len(question.mistakes) < FEWEST_MISTAKES:
        found.append(f"expected at least {FEWEST_MISTAKES} known mistakes, got {len(question.mistakes)}")
    keys = [mistake.key for mistake in question.mistakes]
    found += [
        f"mistakes: expected each key once, got {key!r} twice"
        for key in sorted({k for k in keys if keys.count(k) > 1})
    ]
    if len(question.styles) < FEWEST_STYLES:
        found.append(
            f"expected at least {FEWEST_STYLES} other right answers in styles/, got {len(question.styles)}"
        )
    if question.name not in question.define(question.answer):
        found.append(f"expected the answer in notebook.py to define {question.name!r}, as `name` says")
    text = question.chapter.notebook.read_text(encoding="utf-8")
    for needed in (f"{{{question.id}}}", f'# %% check="{question.id}"'):
        if text.count(needed) != 1:
            found.append(f"expected {needed} once in notebook.py, got it {text.count(needed)} times")
    found += _failures_of_the_reference(question)
    misfits = {mistake.key: mistake.misfit(question.answer) for mistake in question.mistakes}
    return [*found, *(f"{key}: {misfit}" for key, misfit in misfits.items() if misfit)]


def _failures_of_the_reference(question: Question) -> list[str]:
    """Cases on which the reference raises an error other than the one that refuses an input.

    On such a case only an answer that fails in the same way would be judged right.
    """
    if question.accepts:
        return []
    found = []
    for case in question.cases(question.public_seed):
        failure = question.expected(case).failure
        if failure and failure.type_name != REFUSAL:
            found.append(
                f"{case.group}, {case.note or 'a case'}: expected the reference to give an output, or to "
                f"refuse the input by {REFUSAL}; got {failure.type_name}: {failure.message}"
            )
    return found
