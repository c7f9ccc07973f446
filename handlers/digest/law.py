"""What the regulation on petitions wants counted (art. 41): notices, long matters, extensions, causes, kinds."""

from collections import Counter
from typing import Any

from models import breakdown
from models.base import Session
from models.breakdown import Breakdown

LONG = "T5"  # sixty days (art. 34)
# What a villager wants, as arts. 29-31 sort it.
LEGAL = {"suggestion": "advice", "praise": "advice", "report": "accusation"}
APPEAL = "appeal"
REVIEW = "review"


def law(session: Session, counted: Breakdown) -> dict[str, Any]:
    """Counts in all, without a place, an office or a category."""
    window = counted.tally.window
    notices, notices_late = breakdown.notices(session, window)
    kinds: Counter[str] = Counter()
    for (_, kind), number in counted.kinds["new"].items():
        kinds[LEGAL.get(kind, APPEAL)] += number
    return {
        "notices": notices,
        "notices_late": notices_late,
        "long_open": _long(counted, "open"),
        "long_late": _long(counted, "late"),
        "extended": counted.kinds["extended"].total(),
        "long_extended": _long(counted, "extended"),
        "kinds": dict(kinds),
        "declined": dict(breakdown.causes(session, window)),
    }


def _long(counted: Breakdown, figure: str) -> int:
    return sum(number for (tier, _), number in counted.kinds[figure].items() if tier == LONG)
