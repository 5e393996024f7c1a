def pool_sequence(x, mask, how):
    weights = mask / mask.sum(dim=1, keepdim=True)
    return (weights[:, :, None] * x).sum(dim=1)
