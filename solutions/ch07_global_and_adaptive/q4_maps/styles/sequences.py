# Plain Python: one bin, one position, one token at a time.

def logits_and_maps(features, weight, bias):
    n, c, h, w = features.shape
    maps = features.new_zeros((n, len(weight), h, w))
    logits = features.new_zeros((n, len(weight)))
    for image in range(n):
        for label in range(len(weight)):
            maps[image, label] = bias[label]
            logits[image, label] = bias[label]
            for channel in range(c):
                plane = features[image, channel]
                maps[image, label] += weight[label, channel] * plane
                logits[image, label] += weight[label, channel] * plane.sum() / (h * w)
    return logits, maps
