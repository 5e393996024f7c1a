"""How large a file may be that a learner hands in."""

MAX_BYTES = 256 * 2**20  # outputs are not read, but they have to be passed over


def too_large(size: int) -> str:
    """The message on a file of too many bytes."""
    return (
        f"the file has {size >> 20} MiB, and at most {MAX_BYTES >> 20} MiB are read: clear the outputs of "
        "all cells, save the notebook, and hand it in again"
    )
