# Plain loops: one channel, one window, one cell at a time.

def round_trips():
    return (
        [[-9, -8, 0, 0], [-7, -6, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]],
        [[0, 3, 0, 0], [0, 0, 0, 1], [2, 0, 0, 5], [0, 0, 0, 0]],
    )
