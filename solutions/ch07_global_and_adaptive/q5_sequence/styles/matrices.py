# Matrices: each axis is pooled by a table of weights; masks become weights that add up to one.

def pool_sequence(x, mask, how):
    filled = x.masked_fill(~mask.unsqueeze(-1), 0)
    if how == "mean":
        weights = mask.to(x.dtype)
    elif how == "first":
        weights = (mask & (mask.cumsum(1) == 1)).to(x.dtype)
    else:
        weights = (mask & (mask.flip(1).cumsum(1).flip(1) == 1)).to(x.dtype)
    weights = weights / weights.sum(1, keepdim=True).clamp(min=1)
    return torch.bmm(weights.unsqueeze(1), filled).squeeze(1)
