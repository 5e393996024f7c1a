"""The known mistakes of chapter 3: edits of the reference answers in solutions/03_max_pooling.py."""

from __future__ import annotations

from poolgrader.questions.question import Mistake

_PREDICTED = "[3, 0, 0, -2], [3, 0, -4], [3, 0]"

PREDICT = (
    Mistake(
        "stride_ignored",
        "The second and third rows are as long as with stride 1.",
        "How far does the window move before the next maximum is taken?",
        ((_PREDICTED, "[3, 0, 0, -2], [3, 0, 0, -2, -4], [3, 0, 0, -2]"),),
    ),
    Mistake(
        "absolute",
        "The largest value without its sign was taken: -5 counts as less than -2.",
        "Which is larger, -5 or -2?",
        ((_PREDICTED, "[3, 2, 5, 5], [3, 2, 5], [3, 5]"),),
    ),
    Mistake(
        "absolute_place",
        "The value farthest from zero was taken, sign and all.",
        "Which is larger, -5 or -2?",
        ((_PREDICTED, "[3, -2, -5, -5], [3, -2, -5], [3, -5]"),),
    ),
    Mistake(
        "never_negative",
        "No output is below 0, though some windows hold negative values only.",
        "What is the largest value of [-5, -4]?",
        ((_PREDICTED, "[3, 0, 0, 0], [3, 0, 0], [3, 0]"),),
    ),
    Mistake(
        "tail_kept",
        "The third row has an output for a window that hangs over the end.",
        "Where does the third window of kernel 3, stride 2 begin, and which cells does it need?",
        ((_PREDICTED, "[3, 0, 0, -2], [3, 0, -4], [3, 0, -4]"),),
    ),
    Mistake(
        "minimum",
        "These are the smallest values of the windows.",
        "What does the 'max' in max pooling stand for?",
        ((_PREDICTED, "[-1, -2, -5, -5], [-1, -2, -5], [-1, -5]"),),
    ),
    Mistake(
        "window_missing",
        "The last window of each row is missing.",
        "Does a window that ends exactly at the last cell still fit?",
        ((_PREDICTED, "[3, 0, 0], [3, 0], [3]"),),
    ),
)

PLANE = (
    Mistake(
        "starts_at_zero",
        "Outputs are 0 where every value of the window is negative. That is what a maximum gives that starts from 0.",
        "Which value can a running maximum start from, so that it is always one of the window's own?",
        (("best = x[i, j]", "best = 0"),),
    ),
    Mistake(
        "absolute",
        "A negative value won by its size. That is what a maximum of absolute values gives.",
        "Which is larger, -5 or 1?",
        (("value = x[i + u, j + v]", "value = abs(x[i + u, j + v])"),),
    ),
    Mistake(
        "nan_lost",
        "A NaN shows only where it stands first in its window. That is what `>` alone gives: every comparison with NaN is false.",
        "What does `value > best` say when value is NaN?",
        ((" or np.isnan(value)", ""),),
    ),
    Mistake(
        "nan_skipped",
        "The NaN is gone from every window. That is what nanmax and fmax give.",
        "Should a broken value disappear without a trace, or be seen?",
        (
            ("if value > best or np.isnan(value):", "if True:"),
            ("best = value", "best = np.fmax(best, value)"),
        ),
    ),
    Mistake(
        "no_plus_one",
        "The output is one row and one column too small. That is what h - kh gives.",
        "How many windows of 3 fit into a row of 3?",
        (("- kh + 1", "- kh"), ("- kw + 1", "- kw")),
    ),
    Mistake(
        "kernel_axes_swapped",
        "The window is as tall as it should be wide. That is what (kw, kh) in place of (kh, kw) gives.",
        "Which entry of kernel_size belongs to the rows?",
        (("kh, kw = kernel_size", "kw, kh = kernel_size"),),
    ),
    Mistake(
        "output_axes_swapped",
        "The output lies on its side: rows became columns.",
        "Which loop runs over the rows of the output?",
        (("return y", "return y.T"),),
    ),
    Mistake(
        "minimum",
        "These are the smallest values of the windows.",
        "Which way round must the comparison be?",
        (("value > best", "value < best"),),
    ),
    Mistake(
        "average",
        "These are the averages of the windows.",
        "Which single value of the window should be kept?",
        (("y[i, j] = best", "y[i, j] = x[i : i + kh, j : j + kw].mean()"),),
    ),
    Mistake(
        "dtype_lost",
        "The values are right, the dtype is float64 whatever came in. That is what np.empty or np.zeros gives without a dtype.",
        "Where is the output made, and which dtype does it get there?",
        (("dtype=x.dtype", "dtype=float"),),
    ),
    Mistake(
        "window_too_small",
        "The last row and column of each window are not looked at.",
        "At which number does range(k - 1) stop?",
        (("range(kh)", "range(max(kh - 1, 1))"), ("range(kw)", "range(max(kw - 1, 1))")),
    ),
    Mistake(
        "input_overwritten",
        "The values may be right, but the input has changed: the output was written into it.",
        "Is y an array of its own, or a view of x?",
        (("np.empty((height, width), dtype=x.dtype)", "x[:height, :width]"),),
    ),
)

_STRIDES = "sh, sw = (kh, kw) if stride is None else pair(stride)"
_WINDOW = "i * sh : i * sh + kh, j * sw : j * sw + kw"

BATCH = (
    Mistake(
        "zero_padding",
        "Border outputs are 0 where every input is negative. That is what padding with 0 gives.",
        "Which value can never win a maximum?",
        (("-np.inf", "0.0"),),
    ),
    Mistake(
        "padding_ignored",
        "The output is that of padding 0.",
        "How many rows does the plane have after padding, and where is that used?",
        (("ph, pw = pair(padding)", "ph, pw = 0, 0"),),
    ),
    Mistake(
        "padded_at_the_end_only",
        "All padding lies below and to the right. It belongs on either side.",
        "In which row of the padded plane does the first row of x stand?",
        (("padded[:, :, ph : ph + h, pw : pw + w] = x", "padded[:, :, :h, :w] = x"),),
    ),
    Mistake(
        "paddings_swapped",
        "Rows got the padding of the columns, and columns that of the rows.",
        "Which entry of padding belongs to the rows?",
        (("ph, pw = pair(padding)", "pw, ph = pair(padding)"),),
    ),
    Mistake(
        "stride_ignored",
        "There are as many outputs as with stride 1.",
        "How many steps lie between two neighbouring windows?",
        ((_STRIDES, "sh, sw = 1, 1"),),
    ),
    Mistake(
        "default_stride_one",
        "Without a stride, the windows overlap as with stride 1. The default stride is the kernel's size.",
        "What does stride=None stand for?",
        ((_STRIDES, "sh, sw = (1, 1) if stride is None else pair(stride)"),),
    ),
    Mistake(
        "stride_is_kernel",
        "The windows always stand side by side: the stride that was given is not used.",
        "What is the stride for, if not for windows that overlap?",
        ((_STRIDES, "sh, sw = kh, kw"),),
    ),
    Mistake(
        "start_not_times_stride",
        "There are as many outputs as there should be, but neighbouring windows start one cell apart.",
        "At which row of the input does the window of output row 1 start?",
        ((_WINDOW, "i : i + kh, j : j + kw"),),
    ),
    Mistake(
        "strides_swapped",
        "Rows moved by the stride of the columns, and columns by that of the rows.",
        "Which entry of stride belongs to the rows?",
        ((_STRIDES, "sw, sh = (kw, kh) if stride is None else pair(stride)"),),
    ),
    Mistake(
        "kernel_axes_swapped",
        "The window is as tall as it should be wide.",
        "Which entry of kernel_size belongs to the rows?",
        (("kh, kw = pair(kernel_size)", "kw, kh = pair(kernel_size)"),),
    ),
    Mistake(
        "across_channels",
        "Every channel holds the maximum over all channels. Pooling works on each channel alone.",
        "Over which axes is the window reduced?",
        (("window.max(axis=(2, 3))", "window.max(axis=(1, 2, 3))[:, None]"),),
    ),
    Mistake(
        "first_channel_only",
        "Every channel shows the output of the first one.",
        "Where does the channel enter your loops or slices?",
        (("window.max(axis=(2, 3))", "window.max(axis=(2, 3))[:, :1]"),),
    ),
    Mistake(
        "first_image_only",
        "Every image shows the output of the first one.",
        "Where does the image's number enter your loops or slices?",
        (("window.max(axis=(2, 3))", "window.max(axis=(2, 3))[:1]"),),
    ),
    Mistake(
        "nan_skipped",
        "The NaN is gone from every window. That is what nanmax gives.",
        "Should a broken value disappear without a trace, or be seen?",
        (("window.max(axis=(2, 3))", "np.nanmax(window, axis=(2, 3))"),),
    ),
    Mistake(
        "never_negative",
        "No output is below 0, with or without padding. That is what a maximum gives that starts from 0.",
        "What is the largest value of a window that holds -3 and -1?",
        (("window.max(axis=(2, 3))", "window.max(axis=(2, 3), initial=0.0)"),),
    ),
    Mistake(
        "rounded_up",
        "There is an output for a window that does not fit whole.",
        "Does `//` round up or down, and which does the question ask for?",
        (
            ("height = (h + 2 * ph - kh) // sh + 1", "height = -(-(h + 2 * ph - kh) // sh) + 1"),
            ("width = (w + 2 * pw - kw) // sw + 1", "width = -(-(w + 2 * pw - kw) // sw) + 1"),
        ),
    ),
    Mistake(
        "no_plus_one",
        "The last window along each axis is missing.",
        "How many windows fit into an axis that is exactly as long as the kernel?",
        ((") // sh + 1", ") // sh"), (") // sw + 1", ") // sw")),
    ),
    Mistake(
        "output_axes_swapped",
        "The output lies on its side: rows became columns.",
        "In which order do the axes of the output stand?",
        (("return y", "return y.transpose(0, 1, 3, 2)"),),
    ),
    Mistake(
        "average",
        "These are the averages of the windows.",
        "Which single value of the window should be kept?",
        (("window.max(", "window.mean("),),
    ),
)

_COUNTING = "return np.arange(n * c * h * w, dtype=float).reshape(n, c, h, w)"

EXPOSE = (
    Mistake(
        "one_channel",
        "Your input has one channel, so there is nothing to mix.",
        "How many channels does it take to tell them apart?",
        (("n, c, h, w = 2, 4, 4, 4", "n, c, h, w = 2, 1, 4, 4"),),
    ),
    Mistake(
        "one_image",
        "Your input has one image, so no pooling can mix images.",
        "How many images does it take to tell them apart?",
        (("n, c, h, w = 2, 4, 4, 4", "n, c, h, w = 1, 4, 4, 4"),),
    ),
    Mistake(
        "all_planes_alike",
        "All planes of your input are the same, so any of them can stand in for another.",
        "What must differ between two channels?",
        ((_COUNTING, "return np.broadcast_to(np.arange(float(h * w)).reshape(h, w), (n, c, h, w)).copy()"),),
    ),
    Mistake(
        "channels_alike",
        "The images differ, but within an image all channels are the same.",
        "What must differ between two channels?",
        (
            (
                _COUNTING,
                "return np.broadcast_to(np.arange(float(n * h * w)).reshape(n, 1, h, w), (n, c, h, w)).copy()",
            ),
        ),
    ),
    Mistake(
        "images_alike",
        "The channels differ, but all images are the same.",
        "What must differ between two images?",
        (
            (
                _COUNTING,
                "return np.broadcast_to(np.arange(float(c * h * w)).reshape(1, c, h, w), (n, c, h, w)).copy()",
            ),
        ),
    ),
)

_READ = "weights[u, v] * x[row, column]"

RULE = (
    Mistake(
        "weights_ignored",
        "The values came together without their weights.",
        "Where is weights[u, v] used?",
        ((_READ, "x[row, column]"),),
    ),
    Mistake(
        "weights_flipped",
        "The weights were used from the last to the first, as in a true convolution.",
        "Which weight belongs to the tap in the window's upper left corner?",
        ((_READ, "weights[kh - 1 - u, kw - 1 - v] * x[row, column]"),),
    ),
    Mistake(
        "weights_added",
        "The weights were added to the values. They multiply.",
        "What does a weight of 0 do to a value?",
        ((_READ, "weights[u, v] + x[row, column]"),),
    ),
    Mistake(
        "identity_ignored",
        "The result starts from 0 and not from the identity that was given.",
        "What does a product give that starts from 0?",
        (("result = identity", "result = 0.0"),),
    ),
    Mistake(
        "always_max",
        "The values came together by their maximum, whatever the operation.",
        "Where does `operation` decide?",
        (
            (
                '{"max": max, "min": min, "sum": lambda a, b: a + b, "product": lambda a, b: a * b}[operation]',
                "max",
            ),
        ),
    ),
    Mistake(
        "skipped_as_zero",
        'With "skip", a tap outside took part as 0.',
        "What does a 0 do to a product, or to a maximum of negative values?",
        (
            (
                "                        continue\n",
                "                        result = combine(result, 0.0)\n                        continue\n",
            ),
        ),
    ),
    Mistake(
        "edge_as_wrap",
        'With "edge", taps outside saw the other side of the plane.',
        "Which cell is nearest to row -1?",
        (('border == "edge"', 'border == "never"'), ('border == "wrap"', 'border in ("edge", "wrap")')),
    ),
    Mistake(
        "wrap_as_edge",
        'With "wrap", taps outside saw the nearest cell of the plane.',
        "If the plane went on from its other side, which column would lie left of column 0?",
        (('border == "edge"', 'border in ("edge", "wrap")'),),
    ),
    Mistake(
        "fill_ignored",
        "Taps outside were always skipped, whatever the border's rule.",
        "Where does `border` decide?",
        (('border == "edge"', 'border == "never"'), ('border == "wrap"', 'border == "not this either"')),
    ),
    Mistake(
        "start_not_times_stride",
        "Neighbouring windows start one cell apart, whatever the stride.",
        "At which row does the window of output row 1 start?",
        (("i * stride + u", "i + u"), ("j * stride + v", "j + v")),
    ),
    Mistake(
        "padding_not_taken_off",
        "Every window sits too far down and to the right, by the padding.",
        "Where does the first window start, counted in rows of x?",
        (("+ u - padding", "+ u"), ("+ v - padding", "+ v")),
    ),
)

TORCH = (
    Mistake(
        "gradient_cut",
        "The values are right, but no gradient reaches the input.",
        "Which call takes a tensor out of the graph?",
        (("windows = x.unfold", "windows = x.detach().unfold"),),
    ),
    Mistake(
        "stride_is_kernel",
        "The windows always stand side by side: the stride that was given is not used.",
        "Which argument of unfold is the step?",
        (
            (
                "x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)",
                "x.unfold(2, kernel_size, kernel_size).unfold(3, kernel_size, kernel_size)",
            ),
        ),
    ),
    Mistake(
        "stride_ignored",
        "There are as many outputs as with stride 1.",
        "Which argument of unfold is the step?",
        (
            (
                "x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)",
                "x.unfold(2, kernel_size, 1).unfold(3, kernel_size, 1)",
            ),
        ),
    ),
    Mistake(
        "across_channels",
        "Every channel holds the maximum over all channels.",
        "Which axes hold the windows after two unfolds?",
        (
            (
                "windows.amax(dim=(-2, -1))",
                "windows.amax(dim=(1, -2, -1), keepdim=True)[..., 0, 0].expand(-1, x.shape[1], -1, -1)",
            ),
        ),
    ),
    Mistake(
        "average",
        "These are the averages of the windows, and the gradient is spread over all of their cells.",
        "Which cells of a window does its maximum depend on?",
        (("windows.amax(", "windows.mean("),),
    ),
    Mistake(
        "dtype_lost",
        "The values are right, the dtype is float64 whatever came in.",
        "Which call changes the dtype?",
        (("windows = x.unfold", "windows = x.double().unfold"),),
    ),
)
