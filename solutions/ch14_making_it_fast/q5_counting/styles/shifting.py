# Shifts: the row against itself, moved by a few cells; plans are made from the top.

def cost(method, planes, h, w, k, itemsize):
    cells, between, outputs = h * w, h * (w - k + 1), (h - k + 1) * (w - k + 1)
    compared = {"floor": 0, "passes": between * (k - 1) + outputs * (k - 1)}.get(method, outputs * (k**2 - 1))
    numbers = {
        "window": outputs * k**2 + outputs,
        "passes": cells + between + between + outputs,
        "indices": cells + outputs,
        "floor": cells + outputs,
    }[method]
    indices = outputs * 8 if method == "indices" else 0
    return compared * planes, (numbers * itemsize + indices) * planes
