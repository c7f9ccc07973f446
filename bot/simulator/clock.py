"""A clock that can be moved forward, and stays moved when the process starts again."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path


class SimulatedClock:
    """The base clock plus an offset. The offset lives in a small file, in whole seconds.

    The file is read at every `now()`, so that a second process (a `lianxin tick`) sees the same hour.
    """

    def __init__(self, base: Callable[[], datetime], file: Path) -> None:
        self._base = base
        self._file = file

    def now(self) -> datetime:
        """The simulated instant, aware like the base clock's."""
        return self._base() + self.offset

    @property
    def offset(self) -> timedelta:
        """How far this clock is ahead of the base; nothing where the file is absent or unreadable."""
        try:
            return timedelta(seconds=int(self._file.read_text(encoding="ascii")))
        except (FileNotFoundError, ValueError):
            return timedelta()

    def move(self, by: timedelta) -> datetime:
        """Moves the clock and answers its new reading."""
        seconds = math.ceil((self.offset + by).total_seconds())  # never a second short of the hour asked for
        self._file.parent.mkdir(parents=True, exist_ok=True)
        beside = self._file.with_name(self._file.name + ".new")
        beside.write_text(str(seconds), encoding="ascii")
        beside.replace(self._file)
        return self.now()
