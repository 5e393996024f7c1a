# Plain Python: one run, one image, one pair at a time.

def train_and_test(images, labels, test_images, classes, pool, rate, steps):
    def features(image):
        h, w = image.shape
        row = []
        for i in range(0, h, 2):
            for j in range(0, w, 2):
                window = image[i : i + 2, j : j + 2]
                row.append(window.max() if pool == "max" else window.sum() / 4)
        return np.array(row, dtype=float)

    xs = [features(image) for image in images]
    weight = [np.zeros(len(xs[0])) for _ in range(classes)]
    bias = [0.0] * classes
    for _ in range(steps):
        weight_slopes = [np.zeros(len(xs[0])) for _ in range(classes)]
        bias_slopes = [0.0] * classes
        for x, label in zip(xs, labels):
            logits = [float(weight[k] @ x) + bias[k] for k in range(classes)]
            top = max(logits)
            powers = [np.exp(z - top) for z in logits]
            for k in range(classes):
                slope = powers[k] / sum(powers) - (1 if k == label else 0)
                weight_slopes[k] = weight_slopes[k] + slope * x / len(xs)
                bias_slopes[k] += slope / len(xs)
        for k in range(classes):
            weight[k] = weight[k] - rate * weight_slopes[k]
            bias[k] -= rate * bias_slopes[k]
    return np.array([[weight[k] @ features(image) + bias[k] for k in range(classes)] for image in test_images])
