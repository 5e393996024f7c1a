# By marking: lay windows down one by one and look, instead of using a formula.

def taps(output_index, input_size, kernel_size, stride, padding):
    (h, w), (ph, pw) = input_size, padding
    names = np.full((h + 2 * ph, w + 2 * pw), -1)
    names[ph : ph + h, pw : pw + w] = np.arange(h * w).reshape(h, w)
    top, left = output_index[0] * stride[0], output_index[1] * stride[1]
    window = names[top : top + kernel_size[0], left : left + kernel_size[1]]
    return [divmod(int(name), w) for name in window.ravel() if name >= 0]
