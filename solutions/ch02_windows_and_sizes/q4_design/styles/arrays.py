# Whole arrays at once: ranges, meshes and products of tables.

def design(n, o, s):
    # A generous padding: a kernel that ends where the padded row ends, whatever the padding.
    p = n * s
    return np.array([n + 2 * p - (o - 1) * s, p])
