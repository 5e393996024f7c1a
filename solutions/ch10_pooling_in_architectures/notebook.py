# ---
# title: Pooling in architectures
# minutes: 70
# ---

# %% [markdown]
# # Exercise 10: Pooling in architectures
#
# How much of the picture does one number of a net see? What becomes of the net if its pooling goes? And which
# pixels does it throw away without looking? You work out the first, design the second, and measure the third,
# on nets of the check's making and in the end on your own.
#
# **After this notebook you can**
#
# - say which cells an output of any net of windows and branches can see,
# - replace pooling by strided convolutions that keep sizes and receptive fields and add few weights,
# - audit a model with gradients and hooks: dropped pixels, receptive field, shift consistency, cost.
#
# **Time:** about {minutes} minutes. **Points:** {points}. **Builds on:** chapter 10, *Pooling in
# architectures*.
#
# {questions}
#
# Each answer has a check below it. Run it as often as you like: it costs nothing, gives partial credit, and
# tells you what it sees. Stuck? `hint("10.2")` gives three hints, one at a time. `solution("10.2")` shows an
# answer once yours is right, or when you give up: `solution("10.2", give_up=True)`. `progress()` adds up
# your points.
#
# Run this cell first.

# %% setup
import numpy as np
import torch

from poolgrader.check import check, hint, progress, solution

# %% [markdown]
# ## {10.1}
#
# The check makes up nets, with shortcuts and side branches, along one axis. Say what their last node sees.
#
# - `nodes` is a list of `(inputs, k, s, p, d)`. Node 0 is the row of the input; the first entry of the list
#   is node 1, the next node 2, and so on. The last entry is the output.
# - `inputs` is a list of earlier nodes. They are added, output o to output o, and then a window slides over
#   the sum: `k` taps, stride `s`, `p` cells of padding before the row and behind it, `d` cells from one tap
#   to the next. All inputs of a node have the same step.
# - Return `(first, last, step)`: the first and the last cell of the input that output 0 of the last node
#   sees, as if the input had no border, and how many cells further output 1 begins. Cells before the row have
#   negative numbers.
#
# The size of the receptive field is then `last - first + 1`. *Worked example:* `[([0], 3, 2, 1, 1),
# ([1], 2, 2, 0, 1)]`. Output 0 of node 1 sees cells -1 to 1, output 1 of it sees 1 to 3. Node 2 sees both:
# `(-1, 3, 4)`. A shortcut: `[([0], 3, 1, 1, 1), ([0, 1], 1, 2, 0, 1)]` gives `(-1, 1, 2)`.


# %% answer="10.1"
def field(nodes):
    """Return the first and the last cell that output 0 of the last node sees, and the step to output 1."""
    ### BEGIN SOLUTION
    spans = [(0, 0, 1)]
    for inputs, k, s, p, d in nodes:
        first = min(spans[node][0] for node in inputs)
        last = max(spans[node][1] for node in inputs)
        step = spans[inputs[0]][2]
        first = first - p * step
        last = last + (d * (k - 1) - p) * step
        spans.append((first, last, s * step))
    return spans[-1]
    ### END SOLUTION


# %% check="10.1"

# %% [markdown]
# ## {10.2}
#
# Redesign a net so that no pooling is left.
#
# - `layers` is a list, from the input to the output, of `("conv", planes, k, s, p)` and `("pool", k, s, p)`.
#   A convolution goes from all planes of its input to `planes` planes, with windows of k by k, stride s,
#   padding p. A pooling keeps the number of planes. The input has `channels` planes.
# - Return a list of `("conv", planes, k, s, p)` alone.
# - It ends with as many planes, gives as many outputs for **every** length of the input, and each of its
#   outputs sees the same cells: the field begins where it did, is as large, and moves by the same step.
# - It is cheap. A pooling can be replaced in two ways: by a convolution of its own, or by a larger window and
# stride in the convolution just before it. Take no more weights and biases in all than the cheaper way gives
# for each pooling. A convolution from a to b planes has `k * k * a * b` weights and b biases.
#
# Many nets are right. What they compute is not judged: they have to learn it. *Worked example:*
# `[("conv", 8, 3, 1, 0), ("pool", 2, 2, 0)]` with 1 channel. Of its own: `("conv", 8, 2, 2, 0)`, 256 weights
# and 8 biases more. Joined: one layer `("conv", 8, 4, 2, 0)`, whose windows of 4 see what 2 windows of 3 side
# by side see: only 56 weights more. So `[("conv", 8, 4, 2, 0)]`. With 8 channels it is 448 more, and the
# layer of its own wins.


# %% answer="10.2"
def without_pooling(layers, channels):
    """Return a list of convolutions with the sizes and the fields of layers, and no pooling."""
    ### BEGIN SOLUTION
    convs, planes = [], [channels]  # planes[-2] go into the last convolution, planes[-1] come out
    for kind, *numbers in layers:
        if kind == "conv":
            convs.append((kind, *numbers))
            planes.append(numbers[0])
            continue
        k, s, p = numbers
        own = ("conv", planes[-1], k, s, p)
        price = k * k * planes[-1] ** 2 + planes[-1]
        if convs:
            _, out, before, step, border = convs[-1]
            reach = before + (k - 1) * step
            joined = ("conv", out, reach, step * s, border + p * step)
            extra = (reach**2 - before**2) * planes[-2] * out
            if extra < price:
                convs[-1] = joined
                continue
        convs.append(own)
        planes.append(planes[-1])
    return convs
    ### END SOLUTION


# %% check="10.2"

# %% [markdown]
# ## {10.3}
#
# Write `audit(model, x)`. It looks at a model from outside: at what goes in, what comes out, and the gradient
# between the two. `x` is a batch of random pictures with the axes n, c, h, w. The model's output has the
# axes n, classes, output height, output width. Return four things.
#
# 1. `dropped`: a plane of h by w, True for each pixel whose gradient is zero for **every** output, in all its
# channels and in all pictures of `x`. Nothing in the output depends on it.
# 2. `field`: a pair, rows and columns of the receptive field, measured. Take the output in the middle, at row
# `output height // 2` and column `output width // 2`, in all classes and pictures. The field reaches from the
# first to the last row, and from the first to the last column, in which some pixel has a gradient.
# 3. `consistency`: the share of agreeing answers, over all pictures and the eight moves by one pixel (up,
#   down, left, right and the four diagonals). A picture moves on a circle: what leaves on one side comes in
#   on the other. The answer is the class whose plane of outputs has the greatest mean.
# 4. `cost`: a pair, the number of parameters, and the number of multiplications that the convolutions take
#   for
# *one* picture. Each output number of a convolution takes as many as one of its filters has weights.
#
# Leave `x` and the model as they were. `build` and `audited` are given: the check calls `audited` with a list
# of layers, pictures, and a seed that the weights are drawn from. *Worked example:* one convolution from 1 to
# 1 plane, window 1 by 1, stride 2, and pictures of 3 by 4: the outputs stand on rows 0 and 2, columns 0 and
# 2. So 8 of the 12 pixels are dropped, the field is `(1, 1)`, and the cost is 2 parameters (a weight and a
# bias) and 4 multiplications.


# %% answer="10.3"
def audit(model, x):
    """Return dropped pixels, receptive field, shift consistency, and (parameters, multiplications)."""
    ### BEGIN SOLUTION
    x = x.clone().requires_grad_()
    multiplications = 0

    def count(layer, inputs, y):
        nonlocal multiplications
        multiplications += y[0].numel() * layer.weight[0].numel()

    hooks = [
        layer.register_forward_hook(count) for layer in model.modules() if isinstance(layer, torch.nn.Conv2d)
    ]
    y = model(x)
    for hook in hooks:
        hook.remove()
    parameters = sum(p.numel() for p in model.parameters())

    def reached(factors):
        (slopes,) = torch.autograd.grad(y, x, factors, retain_graph=True)
        return (slopes != 0).any(1).any(0)

    mixed = torch.rand(y.shape, generator=torch.Generator().manual_seed(0), dtype=y.dtype) + 0.5
    dropped = ~reached(mixed)
    h, w = y.shape[2] // 2, y.shape[3] // 2
    middle = torch.zeros_like(y)
    middle[:, :, h, w] = mixed[:, :, h, w]
    seen = reached(middle)
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    field = (int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1)

    def answers(x):
        with torch.no_grad():
            return model(x).mean((2, 3)).argmax(1)

    moves = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0)]
    same = [answers(x) == answers(x.roll(move, (2, 3))) for move in moves]
    consistency = float(torch.stack(same).double().mean())
    return dropped, field, consistency, (parameters, multiplications)
    ### END SOLUTION


def build(layers, channels, seed):
    """Make a model of a list of layers, with weights drawn from a seed. Given: leave it as it is."""
    generator = torch.Generator().manual_seed(seed)
    made = []
    for kind, *rest in layers:
        if kind == "relu":
            made.append(torch.nn.ReLU())
        elif kind in ("max", "avg"):
            made.append({"max": torch.nn.MaxPool2d, "avg": torch.nn.AvgPool2d}[kind](*rest))
        else:
            planes, size, stride, padding = rest
            conv = torch.nn.Conv2d(channels, planes, size, stride, padding, dtype=torch.float64)
            weight = torch.randn(conv.weight.shape, generator=generator, dtype=torch.float64)
            if kind == "differences":  # all weights are 1, and -1 in the last column of the window
                weight = torch.ones_like(weight)
                weight[..., -1] = -1
            if kind == "second":  # the first channel of its input does not count
                weight[:, 0] = 0
            conv.weight = torch.nn.Parameter(weight)
            conv.bias = torch.nn.Parameter(torch.zeros(planes, dtype=torch.float64))
            channels = planes
            made.append(conv)
    return torch.nn.Sequential(*made)


def audited(layers, x, seed):
    """Audit the model that a list of layers describes. Given: leave it as it is; the check calls it."""
    return audit(build(layers, x.shape[1], seed), x)


# %% check="10.3"

# %% [markdown]
# ## Your own net
#
# Put a net of yours in here, and pictures of the size that it takes. A net that ends in a row of classes
# needs two axes more: `torch.nn.Unflatten(1, (classes, 1, 1))` at its end adds them. Random pictures are
# enough for the dropped pixels and the field. For a shift consistency that means something, train the net
# first and use real pictures.

# %%
own = torch.nn.Sequential(
    torch.nn.Conv2d(1, 8, 3, stride=2),
    torch.nn.ReLU(),
    torch.nn.MaxPool2d(2),
    torch.nn.Conv2d(8, 10, 1, stride=2),
)
pictures = torch.randn(64, 1, 28, 28, generator=torch.Generator().manual_seed(10))
try:
    dropped, seen, consistency, (parameters, multiplications) = audit(own, pictures)
    print(f"dropped: {int(dropped.sum())} of {dropped.numel()} pixels; field {seen[0]} by {seen[1]};")
    print(f"consistency {consistency:.2f}; {parameters} parameters, {multiplications} multiplications")
except NotImplementedError:
    print("audit is not written yet.")

# %%
progress()
