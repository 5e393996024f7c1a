# From the output back to the input: walks, searches, and slopes kept by backward().

def field(nodes):
    def walk(node, low, high):
        """The cells behind outputs low to high of a node."""
        if node == 0:
            return low, high
        inputs, k, s, p, d = nodes[node - 1]
        ends = [walk(one, low * s - p, high * s - p + d * (k - 1)) for one in inputs]
        return min(low for low, _ in ends), max(high for _, high in ends)

    first, last = walk(len(nodes), 0, 0)
    return [first, last, walk(len(nodes), 1, 1)[0] - first]
