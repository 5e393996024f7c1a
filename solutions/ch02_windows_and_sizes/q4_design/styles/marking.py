# By marking: lay windows down one by one and look, instead of using a formula.

def design(n, o, s):
    for k in range(1, 4 * n * s):
        for p in range(k // 2 + 1):
            seen = [0] * (n + 2 * p)
            count = 0
            for start in range(0, n + 2 * p - k + 1, s):
                count += 1
                seen[start : start + k] = [1] * k
            if count == o and all(seen[p : p + n]):
                return [k, p]
