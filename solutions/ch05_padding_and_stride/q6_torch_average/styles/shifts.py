# One pass for each tap of the window: slices of a padded array, stepped and shifted.

def avg_pool2d_torch(x, kernel_size, stride, padding, count_include_pad):
    n, c, h, w = x.shape
    planes = x.reshape(n * c, 1, h, w)
    size = [(length + 2 * padding - kernel_size) // stride + 1 for length in (h, w)]
    columns = torch.nn.functional.unfold(planes, kernel_size, padding=padding, stride=stride)
    if count_include_pad:
        return columns.mean(1).reshape(n, c, *size)
    real = torch.nn.functional.unfold(torch.ones_like(planes), kernel_size, padding=padding, stride=stride)
    return (columns.sum(1) / real.sum(1)).reshape(n, c, *size)
