from poolkit.functional import avg_pool2d


def avg_pool2d_torch(x, kernel_size, stride, padding, count_include_pad):
    return avg_pool2d(x, kernel_size, stride, padding, count_include_pad=count_include_pad)
