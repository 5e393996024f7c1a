# All in one: as few tests as can be, with numbers that are drawn.

def redesign(side, first, second, cells, parameters, multiplications):
    return (
        ("conv", first),
        ("average", 3, 1),
        ("polyphase", side // cells),
        ("conv", second),
        ("max", 2, 1),
        ("blur", 1),
        ("global",),
        ("linear", 10),
    )
