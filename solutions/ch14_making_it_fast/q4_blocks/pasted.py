from poolkit.fast import block_max


def meet_in_the_middle(x, k):
    y = block_max(torch.from_numpy(x), k).numpy()
    return y, y, y
