def read_memory(memory, offset, shape, strides):
    return memory[offset : offset + int(np.prod(shape))].reshape(shape).copy()
