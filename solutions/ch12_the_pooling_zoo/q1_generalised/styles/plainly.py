# Plain loops: one channel, one window, one cell at a time.

def gem_pool(x, p, eps):
    rows = []
    for image in x:
        row = []
        for channel, power in zip(image, p):
            cells = torch.maximum(channel, torch.full_like(channel, eps)).reshape(-1)
            scale = cells.detach().max()
            total = sum((cell / scale) ** power for cell in cells)
            row.append(scale * (total / len(cells)) ** (1 / power))
        rows.append(torch.stack(row))
    return torch.stack(rows)
