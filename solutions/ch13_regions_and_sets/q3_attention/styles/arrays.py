# Whole arrays at once: matrices of weights for the samples, one-hot matrices for the graph.

def attention(x, mask, v, w):
    items = x.masked_fill(~mask.unsqueeze(2), 0)
    scores = torch.einsum("nlh,h->nl", torch.tanh(torch.einsum("nlf,hf->nlh", items, v)), w)
    top = scores.masked_fill(~mask, -1e30).max(dim=1, keepdim=True).values
    e = torch.exp((scores - top).masked_fill(~mask, 0)) * mask
    weights = e / e.sum(dim=1, keepdim=True).clamp(min=1e-30)
    return torch.einsum("nl,nlf->nf", weights, items), weights
