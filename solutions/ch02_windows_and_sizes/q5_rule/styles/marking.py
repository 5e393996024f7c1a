# By marking: lay windows down one by one and look, instead of using a formula.

def who_sees(n, offsets, stride, before, after, keep):
    padded = before + n + after + max(offsets) + 1
    rows = []
    for start in range(0, before + n + after, stride):
        if keep == "whole" and start + offsets[-1] >= before + n + after:
            break
        if keep == "begun" and start >= before + n:
            break
        row = np.zeros(padded, dtype=bool)
        row[[start + offset for offset in offsets]] = True
        rows.append(row[before : before + n])
    return np.stack(rows).astype(float)
