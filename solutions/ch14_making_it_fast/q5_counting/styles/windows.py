# Windows: all of them at once by unfold or sliding_window_view; plans as a queue of what is left.

def cost(method, planes, h, w, k, itemsize):
    oh, ow = h - k + 1, w - k + 1
    if method == "passes":
        comparisons = h * ow * (k - 1) + oh * ow * (k - 1)
        read, written, extra = h * w + h * ow, h * ow + oh * ow, 0
    else:
        comparisons = 0 if method == "floor" else oh * ow * (k * k - 1)
        read = oh * ow * k * k if method == "window" else h * w
        written, extra = oh * ow, 8 * oh * ow * (method == "indices")
    return planes * comparisons, planes * ((read + written) * itemsize + extra)
