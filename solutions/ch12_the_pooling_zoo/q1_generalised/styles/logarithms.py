# Logarithms, tables of indices, tables of windows: no loop over outputs.

def gem_pool(x, p, eps):
    logs = x.clamp(min=eps).log().flatten(2) * p.view(1, -1, 1)
    count = torch.tensor(float(logs.shape[2]), dtype=x.dtype).log()
    return ((torch.logsumexp(logs, dim=2) - count) / p).exp()
