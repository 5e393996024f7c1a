# One pass for each tap: shifted slices, added up or compared. In 1.5 the first and the last window of a place.

def harmless(position, kernel_size, stride, length):
    last_window = (length - kernel_size) // stride

    def seen(place):
        first = max(0, -(-(place - kernel_size + 1) // stride))
        last = min(last_window, place // stride)
        return (first, last) if first <= last else None

    return [place for place in range(length) if seen(place) == seen(position) and place != position]
