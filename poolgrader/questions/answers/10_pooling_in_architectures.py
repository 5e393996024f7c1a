# GENERATED from solutions/10_pooling_in_architectures.py by `make exercises`; do not edit.

# %% answer="10.1"
def field(nodes):
    """Return the first and the last cell that output 0 of the last node sees, and the step to output 1."""
    spans = [(0, 0, 1)]
    for inputs, k, s, p, d in nodes:
        first = min(spans[node][0] for node in inputs)
        last = max(spans[node][1] for node in inputs)
        step = spans[inputs[0]][2]
        first = first - p * step
        last = last + (d * (k - 1) - p) * step
        spans.append((first, last, s * step))
    return spans[-1]

# %% answer="10.2"
def without_pooling(layers, channels):
    """Return a list of convolutions with the sizes and the fields of layers, and no pooling."""
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

# %% answer="10.3"
def audit(model, x):
    """Return dropped pixels, receptive field, shift consistency, and (parameters, multiplications)."""
    x = x.clone().requires_grad_()
    multiplications = 0

    def count(layer, inputs, y):
        nonlocal multiplications
        multiplications += y[0].numel() * layer.weight[0].numel()

    hooks = [layer.register_forward_hook(count) for layer in model.modules() if isinstance(layer, torch.nn.Conv2d)]
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
