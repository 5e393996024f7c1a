# What somebody could paste together for chapter 13 from the chapters and poolkit. Judged without the ban on calling
# poolkit, since pasted code calls nothing.

# %% answer="13.2"
import torch
from poolkit.regions import roi_align


def roi_align_plane(x, box, outputs, samples, operation):
    corners = torch.tensor([[0.0, *box]], dtype=torch.float64)
    plane = torch.from_numpy(x).double()[None, None]
    return roi_align(plane, corners, outputs, sampling_ratio=samples, aligned=True)[0, 0].numpy()


# %% answer="13.3"
from poolkit.regions import attention_pool


def attention(x, mask, v, w):
    items = x.masked_fill(~mask[:, :, None], 0)
    scores = torch.tanh(items @ v.T) @ w
    return attention_pool(x, scores, mask), scores.softmax(-1)


# %% answer="13.4"
def twins():
    return ([1, 3], [2, 2]), ([2], [1, 3]), ([4], [4, 4]), ([0, 4, 4, 0], [1, 3, 4, 0])


# %% answer="13.6"
def pool_neighbours(x, edges, operation, itself, direction, empty):
    looks_at = np.zeros((len(x), len(x)))
    for a, b in edges:
        looks_at[b, a] = 1
    return looks_at @ x
