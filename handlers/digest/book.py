"""The book of matters of a period, as an office keeps it on paper: what, where, whose, by when; never whose words."""

from datetime import datetime
from typing import Any

from handlers.county import County
from handlers.digest.behind import behind
from handlers.digest.bulletin import is_sensitive
from handlers.digest.period import Period
from handlers.notices import about, lay_ready
from models.base import Session
from models.petition import Petition
from models.scope import Scope

MOST = 2000


def book(session: Session, county: County, scope: Scope, period: Period, at: datetime) -> dict[str, Any]:
    """The matters received in a period that this person may see, the oldest first; says how many are left out."""
    found = sorted(behind(session, county, scope, period, at, "new"))
    rows = {one.id: one for one in session.fetch(Petition, found[:MOST])}
    lay_ready(session, list(rows.values()))
    told = []
    for identity in found[:MOST]:
        one = rows[identity]
        if one.excluded or is_sensitive(county, one):
            continue
        told.append(
            about(session, county, one)
            | {
                "state": one.state.value,
                "received_at": one.received_at.isoformat(),
                "closed_at": one.closed_at.isoformat() if one.closed_at else "",
            }
        )
    return {"rows": told, "left_out": len(found) - len(told)}
