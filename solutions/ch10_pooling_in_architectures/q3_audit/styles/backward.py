# From the output back to the input: walks, searches, and slopes kept by backward().

def audit(model, x):
    sizes = []
    hooks = [
        module.register_forward_hook(lambda layer, inputs, output: sizes.append((layer, output.shape)))
        for module in model.modules()
        if type(module) is torch.nn.Conv2d
    ]
    with torch.no_grad():
        own = model(x).mean(dim=(2, 3)).argmax(dim=1)
    for hook in hooks:
        hook.remove()
    multiplied = sum(shape[1] * shape[2] * shape[3] * layer.weight[0].numel() for layer, shape in sizes)

    def slopes(choose):
        leaf = x.detach().clone()
        leaf.requires_grad = True
        y = model(leaf)
        torch.manual_seed(1)
        (choose(y) * torch.randn(choose(y).shape, dtype=y.dtype, generator=torch.Generator().manual_seed(1))).sum().backward()
        model.zero_grad()
        return leaf.grad.abs().amax(dim=(0, 1))

    dropped = slopes(lambda y: y) == 0
    seen = slopes(lambda y: y[:, :, y.shape[2] // 2, y.shape[3] // 2]) > 0
    at = seen.nonzero()
    field = [int(n) for n in at.max(dim=0).values - at.min(dim=0).values + 1]
    agree = []
    for i in (-1, 0, 1):
        for j in (-1, 0, 1):
            if i or j:
                moved = torch.roll(torch.roll(x, i, 2), j, 3)
                with torch.no_grad():
                    agree.append((model(moved).mean(dim=(2, 3)).argmax(dim=1) == own).float().mean().item())
    return dropped, field, sum(agree) / 8, [sum(p.numel() for p in model.parameters()), multiplied]


def build(layers, channels, seed):
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
    return audit(build(layers, x.shape[1], seed), x)
