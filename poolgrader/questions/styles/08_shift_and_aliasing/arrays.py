# Whole arrays: windows, tables of weights, phases as axes.

# %% answer="8.1"
def consistency(answers, distance):
    d = distance
    wrapped = np.pad(answers, ((0, 0), (d, d), (d, d)), mode="wrap")
    around = np.lib.stride_tricks.sliding_window_view(wrapped, (2 * d + 1, 2 * d + 1), axis=(1, 2))
    ring = np.ones((2 * d + 1, 2 * d + 1), bool)
    ring[1:-1, 1:-1] = False
    return (around[..., ring] == answers[..., None]).mean()


# %% answer="8.2"
def blur_pool_plane(x, taps, stride):
    taps = np.asarray(taps, dtype=np.float64)
    half = taps.size // 2
    wrapped = np.pad(x, half, mode="wrap").astype(np.float64)
    windows = np.lib.stride_tricks.sliding_window_view(wrapped, (taps.size, taps.size))[::stride, ::stride]
    return np.einsum("ijab,a,b->ij", windows, taps, taps) / taps.sum() ** 2


# %% answer="8.3"
def polyphase_pool(x, stride):
    n, c, h, w = x.shape
    cut = x.reshape(n, c, h // stride, stride, w // stride, stride).permute(0, 3, 5, 1, 2, 4)
    phases = cut.reshape(n, stride * stride, c, h // stride, w // stride)
    sizes = phases.pow(2).flatten(2).sum(2)
    first = (sizes == sizes.amax(1, keepdim=True)).int().cumsum(1).eq(0).sum(1)
    return phases[torch.arange(n), first]


# %% answer="8.4"
def three_planes():
    aliased = np.tile(np.array([-9, -3, -9, 4]), (4, 3))
    lost = 7 + np.indices((6, 6)).sum(0) % 2
    tied = np.zeros((4, 4))
    tied[1, 0], tied[3, 0], tied[1, 1], tied[3, 3] = 7, 1, 5, 5
    return aliased, lost, tied


# %% answer="8.5"
def pareto(points, wants):
    good = points.copy()
    good[:, [want == "less" for want in wants]] *= -1
    at_least = (good[:, None, :] >= good[None, :, :]).all(-1)
    return ~(at_least & ~at_least.T).any(0)


# %% answer="8.6"
def pool_by_phase(x, stride, score, choose, ties, together):
    c, h, w = x.shape
    a, b = stride
    phases = x.reshape(c, h // a, a, w // b, b).transpose(2, 4, 0, 1, 3).reshape(a * b, c, h // a, w // b)
    if score == "sum":
        values = phases.sum((2, 3))
    elif score == "energy":
        values = np.square(phases).sum((2, 3))
    else:
        values = np.abs(phases).max((2, 3))
    if together:
        joined = values.max(1) if score == "peak" else values.sum(1)
        values = np.tile(joined[:, None], (1, c))
    if choose == "smallest":
        values = -values
    chosen = values.argmax(0) if ties == "first" else a * b - 1 - values[::-1].argmax(0)
    return phases[chosen, np.arange(c)]
