"""Known errors of numpy and torch: about shapes, axes, dtypes and indices."""

from __future__ import annotations

from poolgrader.judging.errors import KnownError

SHAPE = r"([\(\[][\d, ]*[\)\]])"

ARRAYS = (
    # axes and arguments
    KnownError(
        "AxisError",
        r"axis \S+ is out of bounds for array of dimension 0",
        "np.max of two numbers",
        "np.max and np.min take an array, and then an axis.",
        "Do you want the larger of two numbers? That is max(a, b), or np.maximum(a, b).",
    ),
    KnownError(
        "TypeError",
        r"'numpy\.float\w*' object cannot be interpreted as an integer|'float' object cannot be interpreted "
        r"as an integer",
        "np.max of two numbers",
        "np.max and np.min take an array, and then an axis.",
        "Do you want the larger of two numbers? That is max(a, b), or np.maximum(a, b).",
        line=r"np\.(max|min|amax|amin)\(",
    ),
    KnownError(
        "AxisError",
        r"axis (\S+) is out of bounds for array of dimension (\d+)",
        "an axis that is not there",
        "There is no axis {0}: this array has {1}, counted from 0.",
        "Which axes has the array at that line? Print its shape.",
    ),
    KnownError(
        "IndexError",
        r"Dimension out of range \(expected to be in range of \[-(\d+), \d+\], but got (\S+)\)",
        "an axis that is not there",
        "There is no axis {1}: this tensor has {0}, counted from 0.",
        "Which axes has the tensor at that line? Print its shape.",
    ),
    KnownError(
        "TypeError",
        r"return arrays must be of ArrayType",
        "axes that are not in one pair of brackets",
        "numpy took the second axis for an array to write into. Several axes go into one pair of brackets: "
        "x.max(axis=(0, 1)).",
        "Which brackets are missing in that line?",
    ),
    KnownError(
        "TypeError",
        r"(\w+)\(\): argument 'keepdim' .*must be bool",
        "axes that are not in one pair of brackets",
        "torch took the second axis for keepdim. Several axes go into one pair of brackets: {0}(dim=(2, 3)).",
        "Which brackets are missing in that line? (torch's max and min take one axis; amax and amin take "
        "several.)",
    ),
    KnownError(
        "TypeError",
        r"(max|min)\(\) received an invalid combination of arguments|(max|min)\(\): argument 'dim' must be "
        r"int, not tuple",
        "several axes for torch's max",
        "torch's {0} takes one axis, and gives values and places; a{0}(dim=(-2, -1)) takes several, and "
        "gives the values.",
        "Which of the two do you want?",
    ),
    KnownError(
        "TypeError",
        r"\w+\(\): argument '\w+' .*must be Tensor, not (numpy\.ndarray|list|int|float)",
        "numpy and torch in one line",
        "torch got a value of type {0} where it takes a tensor.",
        "Does the question ask for numpy or for torch? Which line leaves it?",
    ),
    KnownError(
        "TypeError",
        r"(\w+)\(\): argument '(\w+)' .*must be ([\w ]+), not ([\w.]+)",
        "arguments of another kind",
        "torch's {0} takes {2} as its argument {1}, and got a value of type {3}.",
        "What stands in that call's brackets? Are brackets around several sizes or axes missing?",
    ),
    KnownError(
        "TypeError",
        r"(\w+)\(\) received an invalid combination of arguments",
        "arguments of another kind",
        "torch's {0} got arguments of kinds that it does not take: a size with a point, a list, or one too "
        "many.",
        "What stands in that call's brackets? Print each of them.",
    ),
    KnownError(
        "TypeError",
        r"Cannot interpret '[\d.]+' as a data type|Field elements must be 2- or 3-tuples",
        "sizes or axes that are not in one pair of brackets",
        "A number stands where numpy expects a dtype. Several sizes or axes go into one pair of brackets: "
        "np.zeros((2, 3)), x.sum(axis=(0, 1)).",
        "Which brackets are missing in that line?",
    ),
    KnownError(
        "TypeError",
        r"data type '(\w*)' not understood",
        "a dtype that is not there",
        "There is no dtype of the name {0}.",
        "How is it spelled?",
    ),
    # whole numbers
    KnownError(
        "TypeError|IndexError",
        r".*(?:'(?:float|numpy\.float\d*)' object cannot be interpreted as an integer|expected a "
        r"sequence of "
        r"integers|slice indices must be integers"
        r"|only integers, slices|only int indices permitted|list indices must be integers or slices, not "
        r"float)",
        "a size or an index that is no whole number",
        "A size or an index is a number with a point. `/` always gives such a number, also where nothing is "
        "left over.",
        "Which division should be `//`?",
    ),
    KnownError(
        "TypeError",
        r"only integer scalar arrays can be converted|'(?:tuple|list)' object cannot be interpreted as an "
        r"integer",
        "several numbers where one is needed",
        "An array or a pair stands where one whole number is needed.",
        "x.shape[0] or x.shape? And np.concatenate takes its arrays in one pair of brackets.",
    ),
    KnownError(
        "TypeError|ValueError|RuntimeError",
        r"only 0-dimensional arrays can be converted|can only convert an array of size 1|only length-1 "
        r"arrays"
        r"|only one element tensors can be converted|a Tensor with \d+ elements cannot be converted",
        "several numbers where one is needed",
        "int(), float() and the functions of math take one number, and got an array.",
        "Which cell did you mean, or should it be np.sqrt, np.floor, ... ?",
    ),
    # indices
    KnownError(
        "IndexError",
        r"index (-\d+) is out of bounds for (?:axis|dimension) (\d+) with size (\d+)",
        "an index below 0",
        "Index {0} was used on axis {1}, which has {2} entries.",
        "Which subtraction goes below 0?",
    ),
    KnownError(
        "IndexError",
        r"index (\d+) is out of bounds for (?:axis|dimension) (\d+) with size (\d+)",
        "an index beyond the end",
        "Index {0} was used on axis {1}, which has {2} entries. Counting starts at 0, so {2} is already too "
        "far.",
        "Which index in that line reached that value? If it is a sum such as a + b, print both: which of "
        "them runs too far?",
    ),
    KnownError(
        "IndexError",
        r"too many indices for (?:array|tensor)|invalid index to scalar variable|invalid index of a 0-dim "
        r"tensor",
        "more indices than axes",
        "More indices stand in the square brackets than the array has axes.",
        "How many axes does it have there? Did an earlier index drop one?",
    ),
    KnownError(
        "IndexError",
        r"arrays used as indices must be of integer|tensors used as indices must be long",
        "values used as an index",
        "A row of values is used as an index. `for i in x` goes over the values of x.",
        "Should it be range(len(x))?",
    ),
    # shapes that do not fit together
    KnownError(
        "ValueError|RuntimeError",
        rf".*could not broadcast input array from shape {SHAPE} into shape {SHAPE}",
        "two shapes that do not fit",
        "An array of shape {0} was put into a place of shape {1}.",
        "Compare the two, axis by axis: is one missing, one too many, or is the order different? Which of "
        "the two shapes is wrong, and which line made it?",
    ),
    KnownError(
        "ValueError",
        rf"operands could not be broadcast together with (?:remapped )?shapes .*?{SHAPE} {SHAPE}",
        "two shapes that do not fit",
        "Arrays of the shapes {0} and {1} meet in one operation, and do not fit.",
        "Compare the two, axis by axis: which of them is wrong, and which line made it?",
    ),
    KnownError(
        "RuntimeError",
        r"The (?:expanded )?size of (?:the )?tensor(?: a)? \((\d+)\) must match .*?\((\d+)\)",
        "two shapes that do not fit",
        "Tensors of the lengths {0} and {1} meet along one axis, and do not fit.",
        "Which line made the wrong one?",
    ),
    KnownError(
        "ValueError",
        r"cannot reshape array of size (\d+) into shape",
        "a shape for another number of cells",
        "{0} numbers cannot fill that shape.",
        "What must the sizes of a shape multiply to?",
    ),
    KnownError(
        "RuntimeError",
        r"shape '.*' is invalid for input of size (\d+)",
        "a shape for another number of cells",
        "{0} numbers cannot fill that shape.",
        "What must the sizes of a shape multiply to?",
    ),
    KnownError(
        "RuntimeError",
        r"maximum size for tensor at dimension \d+ is (\d+) but size is (\d+)",
        "a window longer than its axis",
        "A window of {1} cells was asked for on an axis of {0}.",
        "Which axis has that length, and is it the one you meant?",
    ),
    KnownError(
        "ValueError",
        r"negative dimensions are not allowed",
        "a size below 0",
        "A size came out below 0.",
        "Which size is it on this input, and what should happen then?",
    ),
    KnownError(
        "ValueError|IndexError|RuntimeError",
        r"zero-size array to reduction operation|.*Expected reduction dim .*numel\(\) == 0|attempt to get "
        r"arg\w+ of an empty",
        "a window without a cell",
        "The largest (or smallest) of no numbers at all was asked for.",
        "On which window does that line meet no cell: does a slice start behind its end?",
    ),
    # values
    KnownError(
        "ValueError",
        r"setting an array element with a sequence.*inhomogeneous",
        "rows of several lengths",
        "The rows do not all have the same length, so they make no array.",
        "Which row is shorter, and why?",
    ),
    KnownError(
        "ValueError",
        r"setting an array element with a sequence",
        "several numbers for one cell",
        "Several numbers are put where there is room for one.",
        "What should be made of these numbers, before they go into one cell?",
    ),
    KnownError(
        "ValueError|RuntimeError",
        r"(?i).*truth value of an array|boolean value of tensor",
        "a whole array in a condition",
        "An `if`, `while`, `and` or `max(...)` looked at a whole array: comparing arrays gives an array of "
        "True and False.",
        "Which single number should be looked at there, and does the line say its row and its column? any() "
        "and all() are for questions about the whole array.",
    ),
    KnownError(
        "TypeError",
        r"ufunc 'bitwise_\w+' not supported for the input types",
        "& without brackets",
        "& and | bind before > and <.",
        "Where are the brackets in (x > 1) & (x < 3)?",
    ),
    KnownError(
        "UFuncTypeError|_UFuncOutputCastingError|UFuncOutputCastingError|RuntimeError",
        r"Cannot cast ufunc '\w+' output from dtype\('(\w+)'\) to dtype\('(\w+)'\)"
        r"|result type (\w+) can't be cast to the desired output type (\w+)",
        "a result that does not fit into its array",
        "`*=`, `+=` and `/=` write into the array that is already there, and numbers of type {0} do not fit "
        "into an array of type {1}.",
        "Is that array the input? What does y = x * 2.5 do instead?",
    ),
    KnownError(
        "OverflowError",
        r"Python integer (-?\d+) out of bounds for (\w+)",
        "a number that a dtype cannot hold",
        "The dtype {1} cannot hold {0}.",
        "Which numbers does that dtype hold, and is it the one you need?",
    ),
    KnownError(
        "RuntimeError",
        r"Can't call numpy\(\) on Tensor that requires grad",
        "numpy in a question about gradients",
        "Turning a tensor into a numpy array loses the gradient. So would the advice in the message.",
        "Which operation of torch does the same?",
    ),
    KnownError(
        "ValueError",
        r"assignment destination is read-only",
        "an array that must not change",
        "That array is a view that cannot be written into, as np.broadcast_to and sliding windows give them.",
        "What does .copy() do?",
    ),
)
