"""How often an API may be called: in a minute, and in a day of the platform's clock; more is refused."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")  # the platform's day ends at its midnight
TOO_MANY_A_MINUTE, TOO_MANY_A_DAY = 45011, 45009


@dataclass(frozen=True)
class Quota:
    """Calls of one API; None: as many as one likes."""

    a_minute: int | None = None
    a_day: int | None = None


class Quotas:
    """What was spent of each API's quota. A refused call is spent too."""

    def __init__(self, quotas: Mapping[str, Quota]) -> None:
        self.quotas = dict(quotas)
        self._spent: Counter[tuple[str, str]] = Counter()

    def spend(self, path: str, at: datetime) -> int:
        """0, or the code a call one too many is refused with."""
        quota = self.quotas.get(path)
        if quota is None:
            return 0
        local = at.astimezone(ZONE)
        in_minute, in_day = (path, f"{local:%Y-%m-%d %H:%M}"), (path, f"{local:%Y-%m-%d}")
        self._spent.update([in_minute, in_day])
        if quota.a_day is not None and self._spent[in_day] > quota.a_day:
            return TOO_MANY_A_DAY
        if quota.a_minute is not None and self._spent[in_minute] > quota.a_minute:
            return TOO_MANY_A_MINUTE
        return 0
