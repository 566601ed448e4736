"""How long to wait before a loop that lost its database or its broker tries again."""

SHORTEST = 0.1
LONGEST = 5.0


class Backoff:
    """Seconds to wait: none at first, doubled by each failure up to `LONGEST`, none again after a success."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def failed(self) -> float:
        """Answers the wait, now longer."""
        self.seconds = min(max(SHORTEST, self.seconds * 2), LONGEST)
        return self.seconds

    def succeeded(self) -> None:
        self.seconds = 0.0
