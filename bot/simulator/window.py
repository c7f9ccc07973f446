"""When the official account may write to a villager who did not just write to it."""

from datetime import datetime, timedelta
from typing import Literal

Deed = Literal["message", "menu", "follow", "scan"]

# The table of the customer-message page: how many messages a deed allows, and for how long.
ALLOWANCE: dict[Deed, tuple[int, timedelta]] = {
    "message": (5, timedelta(hours=48)),
    "menu": (3, timedelta(minutes=1)),
    "follow": (3, timedelta(minutes=1)),
    "scan": (3, timedelta(minutes=1)),
}


class Window:
    """The customer messages still allowed to one follower."""

    def __init__(self) -> None:
        self.remaining = 0
        self.until: datetime | None = None

    def open(self, deed: Deed, at: datetime) -> None:
        """Allowances are not added up: count and time are each set to the larger."""
        count, length = ALLOWANCE[deed]
        if self.until is None or self.until <= at:
            self.remaining, self.until = count, at + length
        else:
            self.remaining, self.until = max(self.remaining, count), max(self.until, at + length)

    def take(self, at: datetime) -> int:
        """Uses one up: 0, or 45015 where the window is closed and 45047 where the count is spent."""
        if self.until is None or at >= self.until:
            return 45015
        if self.remaining == 0:
            return 45047
        self.remaining -= 1
        return 0

    def close(self) -> None:
        """Nothing may be sent any more: the follower left, or a test wants it so."""
        self.remaining, self.until = 0, None
