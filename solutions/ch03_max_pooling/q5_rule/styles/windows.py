# Strided views: all windows in axes of their own, then one reduction.

def pool_by_rule(x, weights, stride, padding, border, operation, identity):
    function = {"max": np.maximum, "min": np.minimum, "sum": np.add, "product": np.multiply}[operation]
    mode = {"edge": "edge", "wrap": "wrap", "skip": "constant"}[border]
    outside = np.pad(np.zeros(x.shape, bool), padding, constant_values=border == "skip")
    view = np.lib.stride_tricks.sliding_window_view
    values = view(np.pad(x, padding, mode=mode), weights.shape)[::stride, ::stride] * weights
    skipped = view(outside, weights.shape)[::stride, ::stride]
    neutral = {"max": -np.inf, "min": np.inf, "sum": 0.0, "product": 1.0}[operation]
    values = np.where(skipped, neutral, values)
    return function(identity, function.reduce(values.reshape(*values.shape[:2], -1), axis=-1))
