# What somebody could paste together for chapter 0 from the chapters and poolkit. Judged without the ban on calling
# poolkit, since pasted code calls nothing.

# %% answer="0.2"
from poolkit.windows import Window


def cut_window(x, i, j, kernel_size, stride):
    window = Window.of(kernel_size, stride)
    rows, columns = window.positions(0, i), window.positions(1, j)
    return x[rows.start : rows.stop, columns.start : columns.stop].copy()


# %% answer="0.4"
def read_memory(memory, offset, shape, strides):
    return memory[offset : offset + int(np.prod(shape))].reshape(shape).copy()
