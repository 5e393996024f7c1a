from poolkit.windows import Window


def who_sees(n, offsets, stride, before, after, keep):
    window = Window.of(len(offsets), stride, ((before, after),), ceil_mode=keep == "begun", axes=1)
    rows = []
    for o in range(window.output_size((n,))[0]):
        seen = window.taps((o,), (n,))
        rows.append([int((cell,) in seen) for cell in range(n)])
    return np.array(rows)
