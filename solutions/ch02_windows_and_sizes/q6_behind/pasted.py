from poolkit.windows import Window, receptive_field


def cells_behind(output, n, layers):
    (extent,), (step,) = receptive_field([Window.of(k, s, p, axes=1) for k, s, p in layers])
    return output * step, output * step + extent - 1
