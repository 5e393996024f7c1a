# Output by output: every tap written out, every output's own gradient.

def without_pooling(layers, channels):
    net = []
    planes = channels
    entering = None
    for layer in layers:
        if layer[0] == "conv":
            entering, planes = planes, layer[1]
            net.append(list(layer))
        else:
            k, s, p = layer[1:]
            if net:
                last = net[-1]
                wider = last[2] + last[3] * k - last[3]
                if planes * k * k * planes + planes > entering * planes * (wider * wider - last[2] * last[2]):
                    last[4] += p * last[3]
                    last[2] = wider
                    last[3] *= s
                    continue
            net.append(["conv", planes, k, s, p])
            entering = planes
    return net
