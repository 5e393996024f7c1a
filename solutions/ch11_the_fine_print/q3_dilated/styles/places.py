# Plain Python: lists of places, one window at a time.

def dilated_max_pool2d(x, kernel_size, stride, padding, dilation):
    stride = kernel_size if stride is None else stride
    size = [
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(x.shape[2:], kernel_size, stride, padding, dilation)
    ]
    outputs = []
    for i in range(size[0]):
        for j in range(size[1]):
            rows = [i * stride[0] - padding[0] + u * dilation[0] for u in range(kernel_size[0])]
            columns = [j * stride[1] - padding[1] + v * dilation[1] for v in range(kernel_size[1])]
            rows = [row for row in rows if 0 <= row < x.shape[2]]
            columns = [column for column in columns if 0 <= column < x.shape[3]]
            outputs.append(x[:, :, rows][..., columns].flatten(2).max(dim=-1).values)
    return torch.stack(outputs, dim=-1).reshape(*x.shape[:2], *size)
