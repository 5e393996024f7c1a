# Loops over cells, and lists on the way.

def read_memory(memory, offset, shape, strides):
    places = np.array(offset)
    for length, stride in zip(shape, strides):
        places = places[..., None] + stride * np.arange(length)
    return memory[places]
