# From the output back to the input: walks, searches, and slopes kept by backward().

def without_pooling(layers, channels):
    import itertools

    def made(choice):
        net, into, out, paid = [], channels, channels, 0
        turns = iter(choice)
        for layer in layers:
            if layer[0] == "pool":
                _, k, s, p = layer
                if next(turns) and net:
                    _, planes, a, b, c = net.pop()
                    net.append(("conv", planes, a + (k - 1) * b, b * s, c + p * b))
                else:
                    net.append(("conv", net[-1][1] if net else channels, k, s, p))
            else:
                net.append(layer)
        for _, planes, k, _, _ in net:
            paid += k * k * into * planes + planes
            into = planes
        return paid, net

    poolings = len([layer for layer in layers if layer[0] == "pool"])
    nets = [made(choice) for choice in itertools.product([0, 1], repeat=poolings)]
    return min(nets, key=lambda one: one[0])[1]
