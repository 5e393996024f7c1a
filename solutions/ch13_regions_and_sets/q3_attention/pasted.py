from poolkit.regions import attention_pool


def attention(x, mask, v, w):
    items = x.masked_fill(~mask[:, :, None], 0)
    scores = torch.tanh(items @ v.T) @ w
    return attention_pool(x, scores, mask), scores.softmax(-1)
