"""What Python's and numpy's own errors mean, in words for somebody who meets them for the first time."""

from __future__ import annotations

import re
from dataclasses import dataclass

from poolgrader.jail.values import Failure
from poolgrader.judging.verdict import Cause


@dataclass(frozen=True)
class Known:
    """An error that is known by its type and message.

    Args:
        type_name: the exception's type, or several with `|` between them.
        message: a regular expression for the message; its groups can be used in `says`.
        key: the cause in a few words.
        says: what it means.
        asks: a question that leads to the line.
    """

    type_name: str
    message: str
    key: str
    says: str
    asks: str


KNOWN = (
    Known(
        "NameError",
        r"name '(\w+)' is not defined|(\w+) is not defined",
        "a name that is not there",
        "`{0}` is not defined at this point.",
        "Is it spelled as where it is made? Which cell defines or imports it, and was that cell run?",
    ),
    Known(
        "UnboundLocalError",
        r".*variable '(\w+)'",
        "a name without a value",
        "`{0}` is used before this function has given it a value. A name that is assigned anywhere in a function is the "
        "function's own.",
        "On which path through the function does it get its first value?",
    ),
    Known(
        "ModuleNotFoundError|ImportError",
        r"(?i)no module named '?([\w.]+)'?",
        "an import that is not there",
        "The package `{0}` is not there. Where answers are graded there are Python, numpy and, where the question says so, "
        "torch.",
        "Can you do it with what the question names?",
    ),
    Known(
        "RecursionError",
        r"",
        "a function that calls itself",
        "The function calls itself, and that call calls it again, without an end.",
        "Which call should be to another function, or not be there at all?",
    ),
    Known(
        "TypeError",
        r"'(\w+(?:\.\w+)?)' object is not callable",
        "something called that is no function",
        "Something with brackets behind it is no function: it is of type {0}. That happens where a name such as `max` or "
        "`sum` was given a value, or where `x(0)` stands for `x[0]`.",
        "Which name before a bracket did you use for something else?",
    ),
    Known(
        "TypeError|IndexError",
        r".*('(?:float|numpy\.float64)' object cannot be interpreted as an integer|slice indices must be integers"
        r"|only integers, slices|only int indices permitted|list indices must be integers or slices, not float)",
        "a size or an index that is no whole number",
        "A size or an index is a number with a point. `/` always gives such a number, also where nothing is left over.",
        "Which division should be `//`?",
    ),
    Known(
        "TypeError",
        r"(list|tuple) indices must be integers or slices, not tuple",
        "a list taken for an array",
        "A {0} takes one index at a time; `x[i, j]` is for arrays.",
        "Is that an array, or a list that you made yourself?",
    ),
    Known(
        "ValueError|RuntimeError",
        r"(?i).*truth value of an array|boolean value of tensor",
        "a whole array in a condition",
        "An `if`, `while`, `and` or `max(...)` looked at a whole array: comparing arrays gives an array of yes and no.",
        "Which single number should be looked at there? Or should it be any(), all(), np.maximum?",
    ),
    Known(
        "TypeError|AttributeError",
        r".*'?NoneType'?.*",
        "None where a value was expected",
        "Something is None in that line. A function without `return` hands back None, and so do `list.append` and `list.sort`.",
        "Which name in that line is None, and which line gave it its value?",
    ),
    Known(
        "AttributeError",
        r"'(list|tuple|int|float)' object has no attribute '(\w+)'",
        "a list or a number taken for an array",
        "`.{1}` belongs to arrays, and this is a {0}.",
        "Where did the array become something else, or should np.array(...) be around it?",
    ),
    Known(
        "AttributeError",
        r"(?:module '[\w.]+'|type object '\w+'|'[\w.]+' object) has no attribute '(\w+)'",
        "an attribute that is not there",
        "There is no `.{0}` here.",
        "How is it spelled? Is it a function of the module, or a method of the array?",
    ),
    Known(
        "ZeroDivisionError",
        r"",
        "a division by zero",
        "Something was divided by 0 in that line.",
        "On which input is the divisor 0, and what does the question want then?",
    ),
    Known(
        "TypeError",
        r"(empty|zeros|ones)\(\) takes .*",
        "sizes that are not in one pair of brackets",
        "np.{0} takes the whole shape as one argument: np.{0}((2, 3)).",
        "Which brackets are missing in that line?",
    ),
    Known(
        "TypeError",
        r"([\w.]+)\(\) (?:takes|missing|got an unexpected).*",
        "number of arguments",
        "`{0}` was called with arguments that it does not take.",
        "Which arguments does it have where it is defined?",
    ),
    Known(
        "TypeError",
        r".*(Cannot interpret '\d+' as a data type|received an invalid combination of arguments|data type '?\w*'? not understood)",
        "sizes that are not in one pair of brackets",
        "np.zeros, np.empty, np.ones and reshape-like functions take the whole shape as one argument: np.zeros((h, w)).",
        "Which brackets are missing in that line?",
    ),
    Known(
        "TypeError",
        r"return arrays must be of ArrayType",
        "axes that are not in one pair of brackets",
        "A second axis was given as an argument of its own: numpy takes that for something else.",
        "How are two axes given to numpy? As axis=(0, 1).",
    ),
    Known(
        "IndexError",
        r"index (-?\d+) is out of bounds for (?:axis|dimension) (\d+) with size (\d+)",
        "an index beyond the end",
        "Index {0} was used on axis {1}, which has {2} entries, counted from 0.",
        "Which value do the loop's numbers have there, and where should the loop stop?",
    ),
    Known(
        "ValueError|RuntimeError",
        r".*could not broadcast input array from shape (\([\d,]*\)) into shape (\([\d,]*\)).*",
        "two shapes that do not fit",
        "Something of shape {0} was put where there is room for the shape {1}.",
        "Which of the two shapes is not the one you had in mind? Print both before that line.",
    ),
    Known(
        "ValueError",
        r"operands could not be broadcast together with shapes (\([\d,]*\)) (\([\d,]*\)).*",
        "two shapes that do not fit",
        "Arrays of the shapes {0} and {1} meet in one operation, and do not fit.",
        "Which of the two shapes is not the one you had in mind? Print both before that line.",
    ),
    Known(
        "ValueError",
        r"zero-size array to reduction operation.*",
        "a window without a cell",
        "The largest (or smallest) of no numbers at all was asked for.",
        "On which window does that line meet no cell: does a slice start behind its end?",
    ),
    Known(
        "ValueError",
        r"setting an array element with a sequence|can only convert an array of size 1|only length-1 arrays.*",
        "several numbers for one cell",
        "Several numbers are put where there is room for one.",
        "What should be made of these numbers, before they go into one cell?",
    ),
    Known(
        "ValueError",
        r"(?:not enough|too many) values to unpack.*",
        "another number of values",
        "The left side of `=` has another number of names than the right side has values.",
        "How many axes has that array, or how many entries that pair? Print its shape.",
    ),
    Known(
        "TypeError",
        r"cannot unpack non-iterable (\w+) object|'(int|float)' object is not (?:subscriptable|iterable)",
        "one number where a pair was expected",
        "A single number is taken apart as if it were a pair.",
        "May that argument also be one number? What should happen then?",
    ),
    Known(
        "SystemExit|KeyboardInterrupt",
        r"",
        "code that ends the program",
        "The code asked Python itself to end.",
        "Which line says exit() or quit()?",
    ),
)


def known_error(failure: Failure) -> Cause | None:
    """What an error means, if it is one that beginners meet; or None."""
    for one in KNOWN:
        match = re.match(one.message, failure.message)
        if failure.type_name in one.type_name.split("|") and match:
            found = [group for group in match.groups() if group]
            return Cause(one.key, one.says.format(*found), one.asks)
    return None
