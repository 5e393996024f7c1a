# One pass for each tap of the window: whole shifted slices are added at once.

def avg_pool2d_backward(grad_output, input_size, kernel_size, stride, padding):
    n, c, height, width = grad_output.shape
    (h, w), (kh, kw) = input_size, kernel_size
    room = np.zeros((n, c, h + 2 * padding + kh, w + 2 * padding + kw))
    for u in range(kh):
        for v in range(kw):
            room[:, :, u : u + height * stride : stride, v : v + width * stride : stride][:, :, :height, :width] += (
                grad_output / kh / kw
            )
    return room[:, :, padding : padding + h, padding : padding + w].copy()
