# Plain Python: lists of places, one window at a time.

def avg_pool_row(x, kernel_size, stride, padding, outputs, count_include_pad, divisor_override):
    row = list(x)
    result = []
    for o in range(outputs):
        places = [o * stride - padding + tap for tap in range(kernel_size)]
        real = [place for place in places if 0 <= place < len(row)]
        exists = [place for place in places if place < len(row) + padding]
        count = divisor_override or (len(exists) if count_include_pad else len(real))
        result.append(sum(row[place] for place in real) / count)
    return np.array(result)
