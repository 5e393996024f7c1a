"""Known errors of Python itself: about names, calls, lists and numbers."""

from __future__ import annotations

from poolgrader.judging.errors import KnownError

PYTHON = (
    KnownError(
        "NameError",
        r"name '(numpy)' is not defined",
        "a name that is not there",
        "`{0}` is not defined. After `import numpy as np` the name of numpy is np.",
        "Under which name is it imported?",
    ),
    KnownError(
        "NameError",
        r"name '(\w+)' is not defined",
        "a name that is not there",
        "`{0}` is not defined at this point.",
        "Is it spelled just as in the line that gives it its value? Did you run the cell that defines or "
        "imports it?",
    ),
    KnownError(
        "UnboundLocalError|NameError",
        r"cannot access (?:local|free) variable '(\w+)'",
        "a name without a value",
        "`{0}` is used before this function has given it a value. `+=` needs a value that is already there, "
        "too. A value given outside of the function does not count.",
        "Is there a line in the function that gives it its first value, and does it run before this one?",
    ),
    KnownError(
        "ImportError",
        r"cannot import name '(\w+)' from '([\w.]+)'",
        "an import that is not there",
        "{1} has nothing that is called {0}.",
        "How is it spelled, and which module has it?",
    ),
    KnownError(
        "ModuleNotFoundError|ImportError",
        r"(?i)no module named '?([\w.]+)'?",
        "an import that is not there",
        "The package `{0}` is not there. Where answers are graded there are Python, numpy and, where the "
        "question says so, torch.",
        "Can you do it with what the question names?",
    ),
    KnownError(
        "RecursionError",
        r"",
        "a function that calls itself",
        "The function calls itself, and that call calls it again, without an end.",
        "Which call should be to another function, or not be there at all?",
    ),
    KnownError(
        "TypeError",
        r"'(int|tuple)' object is not callable",
        "something called that is not a function",
        "Round brackets stand after something that is not a function: it is of type {0}. x.shape, x.size and "
        "x.ndim take no brackets, and an index takes square ones.",
        "Which name in that line has ( ) after it, and which line gave it its value?",
    ),
    KnownError(
        "TypeError",
        r"'([\w.]+)' object is not callable",
        "something called that is not a function",
        "Round brackets stand after something that is not a function: it is of type {0}. That happens where "
        "a name such as `max` or `sum` was given a value, or where `x(0)` stands for `x[0]`.",
        "Which name in that line has ( ) after it, and which line gave it its value?",
    ),
    KnownError(
        "TypeError",
        r"_?\w+\(\) got an unexpected keyword argument '(dim|keepdim|axis|keepdims)'",
        "numpy's word for torch's, or the reverse",
        "There is no `{0}=` here: numpy says axis= and keepdims=, torch says dim= and keepdim=.",
        "Is the array of that line numpy's or torch's?",
    ),
    KnownError(
        "TypeError",
        r"(empty|zeros|ones)\(\) takes from",
        "sizes that are not in one pair of brackets",
        "np.{0} takes the whole shape as one argument: np.{0}((2, 3)).",
        "Which brackets are missing in that line?",
    ),
    KnownError(
        "TypeError",
        r"([\w.]+)\(\) (?:takes|missing|got an unexpected)",
        "number of arguments",
        "`{0}` was called with arguments that it does not take.",
        "Which arguments does it have where it is defined?",
    ),
    KnownError(
        "TypeError",
        r"'(int|float|numpy\.\w+)' object is not iterable|iteration over a 0-d array",
        "one number where several were expected",
        "A loop, or max or sum, needs several things, and got one number.",
        "Is range(...) missing? Or which name should hold several numbers?",
    ),
    KnownError(
        "TypeError",
        r"cannot unpack non-iterable ([\w.]+) object",
        "one number where a pair was expected",
        "A single number is taken apart as if it were a pair.",
        "May that argument also be one number? What should happen then?",
    ),
    KnownError(
        "TypeError",
        r"'(int|float)' object is not subscriptable",
        "one number where a pair was expected",
        "A single number has no entries: nothing can stand in square brackets behind it.",
        "Which name in that line is a number, and should be a pair or an array?",
    ),
    KnownError(
        "ValueError",
        r"(?:not enough|too many) values to unpack",
        "another number of values",
        "The left side of `=` has another number of names than the right side has values.",
        "How many axes has that array, or how many entries that pair? Print its shape.",
    ),
    KnownError(
        "TypeError",
        r"unsupported operand type\(s\) for [^:]+: '(?:int|float)?(?:' and ')?(tuple|list)'"
        r"|unsupported operand type\(s\) for [^:]+: '(tuple|list)' and"
        r"|can only concatenate (tuple|list) |can't multiply sequence by non-int"
        r"|'[<>]=?' not supported between instances of '(?:int|float)?(?:' and ')?(?:tuple|list)'"
        r"|'[<>]=?' not supported between instances of '(?:tuple|list)' and",
        "a pair used like a number",
        "A whole pair or list is used like a number in that line.",
        "Which entry of it did you mean: [0] or [1]?",
    ),
    KnownError(
        "TypeError|AttributeError",
        r"(?!.*argument 'dim').*'?NoneType'?",
        "None where a value was expected",
        "Something is None in that line. A function without `return` hands back None, and so do "
        "`list.append` and `list.sort`.",
        "Which name in that line is None, and which line gave it its value?",
    ),
    KnownError(
        "AttributeError",
        r"'(list|tuple|int|float)' object has no attribute "
        r"'(shape|dtype|ndim|size|max|min|sum|mean|T|reshape|astype|copy|flatten|ravel)'",
        "a list or a number taken for an array",
        "`.{1}` belongs to arrays, and this is of type {0}.",
        "Where did the array become something else, or should np.array(...) be around it?",
    ),
    KnownError(
        "AttributeError",
        r"`np\.(\w+)` was removed",
        "a name that numpy no longer has",
        "numpy has no `{0}` any more. Its name is written in small letters now: np.nan, np.inf.",
        "How is it written today?",
    ),
    KnownError(
        "AttributeError",
        r"(?:module '[\w.]+'|type object '\w+'|'[\w.]+' object) has no attribute '(\w+)'",
        "an attribute that is not there",
        "There is no `.{0}` here.",
        "How is it spelled? Is it a function of the module, or a method of the array?",
    ),
    KnownError(
        "ZeroDivisionError",
        r"",
        "a division by zero",
        "Something was divided by 0 in that line.",
        "On which input is the divisor 0, and what does the question want then?",
    ),
    KnownError(
        "TypeError",
        r"(?:list|tuple) indices must be integers or slices, not tuple",
        "a list taken for an array",
        "A list takes one index at a time; `x[i, j]` is for arrays.",
        "Is that an array, or a list that you made yourself?",
    ),
    KnownError(
        "IndexError",
        r"list assignment index out of range",
        "a place that a list does not have",
        "The list has no such place yet: an empty list has none.",
        "Should it be append(...), or an array that was made with np.zeros?",
    ),
    KnownError(
        "IndexError",
        r"(list|tuple) index out of range",
        "an index beyond the end",
        "There are fewer entries in that {0} than the index needs.",
        "How many are there? Print its len(...).",
    ),
    KnownError(
        "TypeError",
        r"'([\w.]+)' object does not support item assignment",
        "something that cannot be changed in place",
        "A value of type {0} cannot be changed in place.",
        "Which array did you want to write into?",
    ),
    KnownError(
        "TypeError",
        r"object of type '([\w.]+)' has no len\(\)|len\(\) of unsized object",
        "a length of one number",
        "A single number has no length.",
        "Which name should hold several numbers?",
    ),
    KnownError(
        "OverflowError|ValueError",
        r"cannot convert float (infinity|NaN) to integer",
        "infinity or NaN as a whole number",
        "Whole numbers have no {0}.",
        "What dtype does the array have that you write into, or which int(...) is in that line?",
    ),
    KnownError(
        "ValueError|TypeError",
        r"(?:could not convert string to float|can only concatenate str|invalid literal for int)",
        "text where a number is needed",
        "Text stands where a number is needed.",
        "Which name in that line holds text?",
    ),
    KnownError(
        "KeyError",
        r"(.+)",
        "a key that is not there",
        "There is no entry {0} in that dictionary.",
        "Which keys does it have? Print them.",
    ),
    KnownError(
        "ValueError",
        r"(?:max|min)\(\) (?:arg is an empty sequence|iterable argument is empty)",
        "a window without a cell",
        "The largest (or smallest) of no numbers at all was asked for.",
        "On which window does that line meet no cell: does a slice start behind its end?",
    ),
    KnownError(
        "SystemExit|KeyboardInterrupt",
        r"",
        "code that ends the program",
        "The code asked Python itself to end.",
        "Which line says exit() or quit()?",
    ),
)
