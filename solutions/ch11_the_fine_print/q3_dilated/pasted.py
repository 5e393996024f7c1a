from poolkit.functional import max_pool2d


def dilated_max_pool2d(x, kernel_size, stride, padding, dilation):
    return max_pool2d(x, kernel_size, stride, padding, dilation)
