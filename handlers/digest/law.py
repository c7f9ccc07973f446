"""What the regulation on petitions wants counted (art. 41): notices, long matters, extensions, causes, kinds."""

from collections import Counter
from typing import Any

from models import breakdown
from models.base import Session
from models.weighing import Window

LONG = "T5"  # sixty days (art. 34)
# What a villager wants, as arts. 29-31 sort it.
LEGAL = {"suggestion": "advice", "praise": "advice", "report": "accusation"}
APPEAL = "appeal"
REVIEW = "review"


def law(session: Session, window: Window) -> dict[str, Any]:
    """Counts in all, without a place, an office or a category."""
    notices, notices_late = breakdown.notices(session, window)
    new = breakdown.by_tier_and_kind(session, window, "new")
    kinds: Counter[str] = Counter()
    for (_, kind), number in new.items():
        kinds[LEGAL.get(kind, APPEAL)] += number
    return {
        "notices": notices,
        "notices_late": notices_late,
        "long_open": _long(session, window, "open"),
        "long_late": _long(session, window, "late"),
        "extended": sum(breakdown.by_tier_and_kind(session, window, "extended").values()),
        "long_extended": _long(session, window, "extended"),
        "kinds": dict(kinds),
        "declined": dict(breakdown.causes(session, window)),
    }


def _long(session: Session, window: Window, figure: str) -> int:
    counted = breakdown.by_tier_and_kind(session, window, figure)
    return sum(number for (tier, _), number in counted.items() if tier == LONG)
