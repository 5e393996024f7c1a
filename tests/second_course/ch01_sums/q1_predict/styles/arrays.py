running = np.array([3, 2, 6])
