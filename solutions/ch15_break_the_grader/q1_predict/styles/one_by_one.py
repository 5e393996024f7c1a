# One by one: each test has one job, its outputs found by sliding windows.

def predict():
    return ["AD", "BC", "D"]
