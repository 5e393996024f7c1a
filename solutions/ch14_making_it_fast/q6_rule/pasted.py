from poolkit.fast import block_max


def running(x, k, dilation, operation, border):
    reach = dilation * (k - 1)
    padded = np.concatenate([x, np.full(reach, -np.inf)])
    return block_max(torch.from_numpy(padded), k).numpy()[: len(x)]
