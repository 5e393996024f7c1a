# Whole arrays: all runs, all images, all recipes at once.

def train_and_test(images, labels, test_images, classes, pool, rate, steps):
    def inputs(batch):
        corners = np.stack([batch[:, i::2, j::2] for i in (0, 1) for j in (0, 1)]).astype(float)
        kept = getattr(corners, {"max": "max", "average": "mean"}[pool])(axis=0)
        return np.concatenate([kept.reshape(len(batch), -1), np.ones((len(batch), 1))], axis=1)

    x, wanted = inputs(images), (labels[:, None] == np.arange(classes)).astype(float)
    weight = np.zeros((x.shape[1], classes))
    for _ in range(steps):
        z = x @ weight
        z -= z.max(1, keepdims=True)
        slope = np.exp(z - np.log(np.exp(z).sum(1, keepdims=True))) - wanted
        weight -= rate * np.einsum("nf,nk->fk", x, slope) / len(x)
    return inputs(test_images) @ weight
