# Item by item: one sample, one set, one edge at a time.

def pool_neighbours(x, edges, operation, itself, direction, empty):
    looked_at = {t: [t] * bool(itself) for t in range(x.shape[0])}
    for source, target in edges.tolist():
        if direction != "out":
            looked_at[target] += [source]
        if direction != "in":
            looked_at[source] += [target]
    y = []
    for t in range(x.shape[0]):
        columns = list(zip(*(x[u].tolist() for u in looked_at[t])))
        if not columns:
            y.append([empty] * x.shape[1])
        elif operation == "mean":
            y.append([sum(column) / len(column) for column in columns])
        else:
            y.append([{"sum": sum, "max": max, "min": min}[operation](column) for column in columns])
    return np.array(y, dtype=float)
