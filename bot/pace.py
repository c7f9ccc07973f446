"""How long one of many takes just now, and so how long whoever comes next will wait."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

LATEST = 0.3  # how much the latest counts beside all before


class Pace:
    """Seconds for one, as the latest went."""

    def __init__(self) -> None:
        self._each = 0.0

    def wait(self, many: int) -> float:
        """Seconds until so many are done; 0 while nothing is known."""
        return many * self._each

    @contextmanager
    def taken(self, many: int) -> Iterator[None]:
        """So many are done in this block."""
        begun = time.monotonic()
        yield
        each = (time.monotonic() - begun) / many
        self._each += LATEST * (each - self._each) if self._each else each
