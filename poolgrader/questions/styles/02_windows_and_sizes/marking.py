# By marking: lay windows down one by one and look, instead of using a formula.

# %% answer="2.1"
def predict():
    return np.array([4, 9, 5, 2])


# %% answer="2.2"
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


# %% answer="2.3"
def taps(output_index, input_size, kernel_size, stride, padding):
    (h, w), (ph, pw) = input_size, padding
    names = np.full((h + 2 * ph, w + 2 * pw), -1)
    names[ph : ph + h, pw : pw + w] = np.arange(h * w).reshape(h, w)
    top, left = output_index[0] * stride[0], output_index[1] * stride[1]
    window = names[top : top + kernel_size[0], left : left + kernel_size[1]]
    return [divmod(int(name), w) for name in window.ravel() if name >= 0]


# %% answer="2.4"
def design(n, o, s):
    for k in range(1, 4 * n * s):
        for p in range(k // 2 + 1):
            seen = [0] * (n + 2 * p)
            count = 0
            for start in range(0, n + 2 * p - k + 1, s):
                count += 1
                seen[start : start + k] = [1] * k
            if count == o and all(seen[p : p + n]):
                return [k, p]


# %% answer="2.5"
def who_sees(n, offsets, stride, before, after, keep):
    padded = before + n + after + max(offsets) + 1
    rows = []
    for start in range(0, before + n + after, stride):
        if keep == "whole" and start + offsets[-1] >= before + n + after:
            break
        if keep == "begun" and start >= before + n:
            break
        row = np.zeros(padded, dtype=bool)
        row[[start + offset for offset in offsets]] = True
        rows.append(row[before : before + n])
    return np.stack(rows).astype(float)


# %% answer="2.6"
def cells_behind(output, n, layers):
    # For each cell of the layer reached so far, the set of input cells behind it.
    behind = [{cell} for cell in range(n)]
    for k, s, p in layers:
        padded = [set()] * p + behind + [set()] * p
        behind = [set().union(*padded[at : at + k]) for at in range(0, len(padded) - k + 1, s)]
    return [min(behind[output]), max(behind[output])]
