# What somebody could paste together for chapter 8 from the chapters and poolkit. Judged without the ban on calling
# poolkit, since pasted code calls nothing.

# %% answer="8.1"
def consistency(answers, distance):
    before = answers
    same = [(np.roll(answers, (i, j), (1, 2)) == before).mean() for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j]
    return float(np.mean(same))


# %% answer="8.2"
import torch

from poolkit.blur import blur_pool2d


def blur_pool_plane(x, taps, stride):
    return blur_pool2d(torch.from_numpy(x)[None], len(taps), stride, "circular")[0].numpy()


# %% answer="8.3"
from poolkit.blur import polyphase_pool2d


def polyphase_pool(x, stride):
    return polyphase_pool2d(x, stride)


# %% answer="8.6"
import torch

from poolkit.blur import polyphase_pool2d


def pool_by_phase(x, stride, score, choose, ties, together):
    power = {"sum": 1.0, "energy": 2.0, "peak": float("inf")}[score]
    return polyphase_pool2d(torch.from_numpy(x), stride[0], power).numpy()
