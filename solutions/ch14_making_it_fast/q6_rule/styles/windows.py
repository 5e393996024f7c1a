# Windows: all of them at once by unfold or sliding_window_view; plans as a queue of what is left.

def running(x, k, dilation, operation, border):
    from functools import reduce
    from math import gcd

    combine = {
        "max": max,
        "min": min,
        "sum": lambda a, b: a + b,
        "gcd": lambda a, b: gcd(int(a), int(b)),
    }[operation]
    y = []
    for t in range(len(x)):
        places = [t + tap * dilation for tap in range(k)]
        if border == "skip":
            places = [place for place in places if place < len(x)]
        elif border == "wrap":
            places = [place % len(x) for place in places]
        else:
            places = [min(place, len(x) - 1) for place in places]
        y.append(float(reduce(combine, [x[place] for place in places])))
    return np.array(y)
