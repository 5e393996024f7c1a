# What somebody could paste together for chapter 7 from the chapters and poolkit. Judged without the ban on calling
# poolkit, since pasted code calls nothing.

# %% answer="7.2"
from poolkit.bins import Bins
from poolkit.reference import avg_pool


def adaptive_avg_pool_plane(x, outputs):
    return avg_pool(x, Bins.adaptive(x.shape, outputs))


# %% answer="7.4"
from poolkit.functional import global_avg_pool


def logits_and_maps(features, weight, bias):
    pooled = global_avg_pool(features).flatten(1)
    return pooled @ weight.T + bias, torch.einsum("kc,nchw->nkhw", weight, features)


# %% answer="7.5"
def pool_sequence(x, mask, how):
    weights = mask / mask.sum(dim=1, keepdim=True)
    return (weights[:, :, None] * x).sum(dim=1)


# %% answer="7.6"
from poolkit.bins import Bins
from poolkit.reference import avg_pool


def pool_by_bins(x, outputs, first, last, reach, operation, empty):
    return avg_pool(x, Bins.adaptive(x.shape[1:], (outputs,)))
