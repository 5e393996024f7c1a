from poolkit.windows import Window


def cut_window(x, i, j, kernel_size, stride):
    window = Window.of(kernel_size, stride)
    rows, columns = window.positions(0, i), window.positions(1, j)
    return x[rows.start : rows.stop, columns.start : columns.stop].copy()
