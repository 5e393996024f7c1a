from poolkit.windows import Window


def output_size(input_size, kernel_size, stride=None, padding=(0, 0)):
    try:
        return Window.of(kernel_size, stride, padding).output_size(input_size)
    except ValueError as error:
        raise ValueError(str(error)) from error
