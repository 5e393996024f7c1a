# Item by item: one sample, one set, one edge at a time.

def attention(x, mask, v, w):
    pooled = x.new_zeros(x.shape[0], x.shape[2])
    weights = x.new_zeros(mask.shape)
    for t in range(len(x)):
        places = mask[t].nonzero().flatten()
        if len(places):
            items = x[t, places]
            scores = (torch.tanh(items @ v.t()) * w).sum(dim=1)
            own = torch.softmax(scores, 0)
            weights[t, places] = own
            pooled[t] = own @ items
    return pooled, weights
