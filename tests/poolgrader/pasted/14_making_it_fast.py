# What somebody could paste together for chapter 14 from the chapters and poolkit. Judged without the ban on calling
# poolkit, since pasted code calls nothing.

# %% answer="14.2"
from poolkit.fast import running_max


def max_pool2d_in_two_passes(x, kernel_size, stride, padding):
    before = (padding[1], padding[1], padding[0], padding[0])
    padded = torch.nn.functional.pad(x, before, value=-torch.inf)
    rows = running_max(padded, kernel_size[1])[..., :: stride[1]]
    return rows, running_max(rows, kernel_size[0], dim=-2)[..., :: stride[0], :]


# %% answer="14.3"
def doubling_plan(k, overlap):
    steps, reach = [], 1
    while reach < k:
        step = min(reach, k - reach)
        steps.append((len(steps), len(steps), step))
        reach += step
    return steps


# %% answer="14.4"
from poolkit.fast import block_max


def meet_in_the_middle(x, k):
    y = block_max(torch.from_numpy(x), k).numpy()
    return y, y, y


# %% answer="14.6"
from poolkit.fast import block_max


def running(x, k, dilation, operation, border):
    reach = dilation * (k - 1)
    padded = np.concatenate([x, np.full(reach, -np.inf)])
    return block_max(torch.from_numpy(padded), k).numpy()[: len(x)]
