# By marking: lay windows down one by one and look, instead of using a formula.

def output_size(input_size, kernel_size, stride=None, padding=(0, 0)):
    def along(axis):
        k = kernel_size[axis]
        s = k if stride is None else stride[axis]
        count, start = 0, -padding[axis]
        while start + k <= input_size[axis] + padding[axis]:
            count += 1
            start += s
        if count == 0:
            raise ValueError("too small")
        return count

    return [along(0), along(1)]
