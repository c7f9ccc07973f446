"""Access tokens: which one is handed out, and how long each is good."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

LIFETIME = timedelta(hours=2)
# Within the last five minutes a new token is handed out and both are good (stable access token page).
OVERLAP = timedelta(minutes=5)


class Tokens:
    """The tokens of one account. The same one is handed out until it is nearly spent."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._ends: dict[str, datetime] = {}
        self._current = ""

    def issue(self, *, fresh: bool = False) -> tuple[str, int]:
        """The token and the seconds it is still good for."""
        at = self._clock()
        ends = self._ends.get(self._current)
        if fresh or ends is None or ends - at <= OVERLAP:
            if fresh and ends is not None:
                self._ends[self._current] = min(ends, at + OVERLAP)
            self._current = secrets.token_urlsafe(96)
            ends = self._ends[self._current] = at + LIFETIME
        return self._current, int((ends - at).total_seconds())

    def judge(self, token: str | None) -> int:
        """0 for a good token, else the platform's error code: missing, unknown, expired."""
        if not token:
            return 41001
        ends = self._ends.get(token)
        if ends is None:
            return 40001
        return 0 if self._clock() < ends else 42001

    def expire(self) -> None:
        """Every token handed out so far is spent from now on."""
        at = self._clock()
        self._ends = dict.fromkeys(self._ends, at)
