def averaging_weights(x, kernel_size, groups):
    kh, kw = kernel_size
    return x.new_full((x.shape[1], 1, kh, kw), 1 / (kh * kw))
