"""What the quarter's grading shows besides the grades (domain.md E.3 B to E): figures of work, and no person's score.

Whom to talk with and why; what was looked at once more; the study brought to members; the law's counters.
"""

from collections import Counter
from typing import Any

from handlers.county import County
from handlers.digest.bulletin import is_sensitive
from handlers.digest.law import law
from handlers.digest.period import Period
from models import breakdown
from models.base import Session
from models.breakdown import Breakdown
from models.officer import leaders
from models.petition import Petition
from models.recheck import Outcome, sampled
from models.study.tally import by_kind
from models.tally import accusations, latest_message
from models.weighing import Window

FEWEST = 5  # members of a kind: fewer could be told apart
FACTS = 8  # numbers of late matters beside a proposal


def parts(session: Session, period: Period, counted: Breakdown) -> dict[str, Any]:
    """Parts C, D and E of a quarter."""
    tally, window = counted.tally, counted.tally.window
    return {
        "rechecks": rechecks(session, window),
        "study": study(session, period),
        "law": law(session, counted),
        "counts": tally.counts() | {"accusations": accusations(session, window, latest_message(session))},
    }


def rechecks(session: Session, window: Window) -> dict[str, int]:
    """How many were drawn to be looked at once more in the quarter, how many were, and what was found."""
    found = Counter(outcome for _, outcome in breakdown.rechecked(session, window))
    return {
        "drawn": sampled(session, window.since, window.until),
        "looked_at": found.total(),
        **{outcome.value: found[outcome.value] for outcome in Outcome},
    }


def study(session: Session, period: Period) -> list[dict[str, Any]]:
    """By kind of member: how many there are, how much was meant for them, tried, brought, and wished otherwise."""
    return [
        {"kind": kind, "few": False, **figures}
        if figures["members"] >= FEWEST
        else {"kind": kind, "few": True}
        for kind, figures in sorted(by_kind(session, period.first, period.last).items())
    ]


def facts(session: Session, county: County, late: list[int], office: str) -> dict[str, Any]:
    """Beside a proposal to talk: who leads the office, which of its `late` matters may be told; none sensitive."""
    known = session.fetch(Petition, late)
    told = [one.number for one in known if not one.excluded and not is_sensitive(county, one)]
    return {"leaders": [one.name for one in leaders(session, office)], "numbers": told[:FACTS]}
