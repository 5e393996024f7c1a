import torch

from poolkit.blur import polyphase_pool2d


def pool_by_phase(x, stride, score, choose, ties, together):
    power = {"sum": 1.0, "energy": 2.0, "peak": float("inf")}[score]
    return polyphase_pool2d(torch.from_numpy(x), stride[0], power).numpy()
