"""What a process has loaded when it begins its work."""

import gc


def keep() -> None:
    """Takes it out of the garbage collector's sight, for good: it stays, and each look at a hundred thousand such
    objects stops all requests of a process for some 50 ms. Processes that are forked afterwards share its memory."""
    gc.collect()
    gc.freeze()
