# Every pooling as numbers of cells: index arrays, bincount, add.at, and the transposed matrix of an average.

class First(torch.autograd.Function):
    @staticmethod
    def forward(ctx, windows):
        values, winners = windows.max(dim=-1)
        ctx.save_for_backward(winners)
        ctx.taps = windows.shape[-1]
        return values

    @staticmethod
    def backward(ctx, sent):
        (winners,) = ctx.saved_tensors
        back = sent.new_zeros(*sent.shape, ctx.taps)
        return back.scatter_(-1, winners.unsqueeze(-1), sent.unsqueeze(-1))


def max_pool2d_first(x, kernel_size, stride):
    return First.apply(x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride).flatten(-2))
