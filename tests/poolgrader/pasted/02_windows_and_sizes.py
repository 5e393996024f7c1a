# What somebody could paste together for chapter 2 from the chapters and poolkit. Judged without the ban on calling
# poolkit, since pasted code calls nothing.

# %% answer="2.1"
from poolkit.windows import Window


def predict():
    settings = ((6, 3, 1, 0), (9, 3, 1, 1), (9, 3, 2, 1), (8, 3, 3, 0))
    return [Window.of(k, s, p, axes=1).output_size((n,))[0] for n, k, s, p in settings]


# %% answer="2.2"
from poolkit.windows import Window


def output_size(input_size, kernel_size, stride=None, padding=(0, 0)):
    try:
        return Window.of(kernel_size, stride, padding).output_size(input_size)
    except ValueError as error:
        raise ValueError(str(error)) from error


# %% answer="2.3"
from poolkit.windows import Window


def taps(output_index, input_size, kernel_size, stride, padding):
    return Window.of(kernel_size, stride, padding).taps(output_index, input_size)


# %% answer="2.4"
from poolkit.windows import Window


def design(n, o, s):
    pairs = Window.of(s, padding="same", axes=1, input_size=(n,)).padding
    return s, pairs[0][1]


# %% answer="2.5"
from poolkit.windows import Window


def who_sees(n, offsets, stride, before, after, keep):
    window = Window.of(len(offsets), stride, ((before, after),), ceil_mode=keep == "begun", axes=1)
    rows = []
    for o in range(window.output_size((n,))[0]):
        seen = window.taps((o,), (n,))
        rows.append([int((cell,) in seen) for cell in range(n)])
    return np.array(rows)


# %% answer="2.6"
from poolkit.windows import Window, receptive_field


def cells_behind(output, n, layers):
    (extent,), (step,) = receptive_field([Window.of(k, s, p, axes=1) for k, s, p in layers])
    return output * step, output * step + extent - 1
