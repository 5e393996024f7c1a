from poolkit.windows import Window


def count_windows(n, kernel_size, stride, padding, dilation, ceil_mode):
    return Window.of(kernel_size, stride, ((padding, padding),), dilation, ceil_mode, axes=1).output_size((n,))[0]
