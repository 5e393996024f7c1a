# Plain Python: one bin, one position, one token at a time.

def pool_sequence(x, mask, how):
    pooled = []
    for sequence, row in zip(x, mask):
        tokens = [token for token, real in zip(sequence, row.tolist()) if real]
        if not tokens:
            pooled.append(torch.zeros_like(sequence[0]))
        elif how == "mean":
            pooled.append(sum(tokens) / len(tokens))
        else:
            pooled.append(tokens[-1 if how == "last" else 0])
    return torch.stack(pooled)
