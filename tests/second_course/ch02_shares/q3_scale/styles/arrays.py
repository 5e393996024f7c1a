class Scale(torch.nn.Module):
    def __init__(self, factor, offset):
        super().__init__()
        self.numbers = factor, offset

    def forward(self, x):
        return (
            torch.add(self.numbers[1], x, alpha=1)
            if self.numbers[0] == 1
            else x.mul(self.numbers[0]).add(self.numbers[1])
        )
