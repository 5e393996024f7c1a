def correlate_row(x, kernel):
    response = []
    for j in range(len(x) - len(kernel) + 1):
        total = 0
        for v in range(len(kernel)):
            total += kernel[v] * x[j + v]
        response.append(total)
    return response


def correlate(x, kernel):
    return np.array([correlate_row(row, kernel[0]) for row in x], dtype=float)
