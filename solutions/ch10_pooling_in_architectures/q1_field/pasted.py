from poolkit.windows import Window, receptive_field


def field(nodes):
    (extent,), (step,) = receptive_field([Window.of(k, s, ((p, p),), d, axes=1) for _, k, s, p, d in nodes])
    return 0, extent - 1, step
