from poolkit.functional import global_avg_pool


def logits_and_maps(features, weight, bias):
    pooled = global_avg_pool(features).flatten(1)
    return pooled @ weight.T + bias, torch.einsum("kc,nchw->nkhw", weight, features)
