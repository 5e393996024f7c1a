def without_pooling(layers, channels):
    made = []
    for kind, *numbers in layers:
        if kind == "conv":
            channels = numbers[0]
            made.append((kind, *numbers))
        else:
            made.append(("conv", channels, *numbers))
    return made
