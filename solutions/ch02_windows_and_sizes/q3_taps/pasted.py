from poolkit.windows import Window


def taps(output_index, input_size, kernel_size, stride, padding):
    return Window.of(kernel_size, stride, padding).taps(output_index, input_size)
