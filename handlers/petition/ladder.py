"""Who hears next when a matter is late: stand-in, superior, the one above, county supervision.

Around anybody excluded, over missing superiors and people on leave; nobody twice. A missing rung passes to the
next, at last to the duty desk, and if nobody is there, to an alarm.
"""

from collections.abc import Iterator
from datetime import datetime

from models.base import Session
from models.duty import duty_desk, sealed_officers, stand_in_of, superiors_of, supervision
from models.officer import Officer, is_here
from models.petition import Petition

HAZARDS = ("protection",)


def next_rung(session: Session, petition: Petition, at: datetime) -> Officer | None:
    """The nearest person on the ladder who may know, is here and has not been told."""
    passed = {petition.owner, *petition.told, *petition.excluded}
    return next((one for one in _ladder(session, petition, at) if one.account not in passed), None)


def _ladder(session: Session, petition: Petition, at: datetime) -> Iterator[Officer]:
    excluded = frozenset(petition.excluded)
    sealed = petition.lane in HAZARDS or petition.hazard == "self_harm"
    if petition.owner and not sealed:
        instead = stand_in_of(session, petition.owner, at, excluded)
        if instead is not None:
            yield instead
        for above in superiors_of(session, petition.owner):
            if above.account not in excluded and is_here(session, above, at):
                yield above
    desk = duty_desk(session, petition.place, at, excluded, county_only=sealed).officers
    if petition.owner is None or sealed:
        yield from desk
    yield from supervision(session, at, excluded)
    yield from desk
    yield from sealed_officers(session, at, excluded)
