"""What time does to petitions: whatever stands on an agenda and is due is done, once."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import structlog

from handlers.county import County
from handlers.petition import closing, dispatch, hazard, review
from handlers.petition.clockwork import (
    breach,
    call,
    climb,
    extension_lapses,
    lapse,
    queue_overdue,
    turn_comes,
    warn,
)
from handlers.villager.matter import dispatch_burst
from models import agenda
from models.agenda import Item
from models.base import TRACE, Session
from models.petition import Petition, due_ids
from scheduler.station import Station

log = structlog.get_logger(__name__)
Act = Callable[[Session, County, Petition, datetime], None]
BATCH = 200


def _unsorted(session: Session, county: County, petition: Petition, at: datetime) -> None:
    dispatch.to_queue(session, county, petition, at, why="not_answered")


def breach_of(clock: str) -> Act:
    """What happens when `clock` runs out."""
    return lambda session, county, petition, at: breach(session, county, petition, clock, at)


def warning_of(clock: str, which: int) -> Act:
    """The first or second warning of `clock`."""
    return lambda session, county, petition, at: warn(session, county, petition, clock, which, at)


ACTS: dict[Item, Act] = {
    Item.DISPATCH: dispatch_burst,
    Item.UNSORTED: _unsorted,
    Item.QUEUE: queue_overdue,
    Item.CLIMB: climb,
    Item.ANSWER_LAPSES: lapse,
    Item.ASK_TURN: turn_comes,
    Item.CALL: call,
    Item.WITHDRAW: closing.withdraw,
    Item.NEXT_RECEIVER: hazard.next_receiver,
    Item.ASK_AGAIN: hazard.ask_again,
    Item.EXTENSION_LAPSES: extension_lapses,
    Item.REVIEW: review.overdue,
    Item.SIGN: breach_of("sign"),
    Item.CONTACT: breach_of("contact"),
    Item.FINISH: breach_of("finish"),
    Item.WARN_SIGN_HALF: warning_of("sign", 0),
    Item.WARN_SIGN_MOST: warning_of("sign", 1),
    Item.WARN_CONTACT_HALF: warning_of("contact", 0),
    Item.WARN_CONTACT_MOST: warning_of("contact", 1),
    Item.WARN_FINISH_HALF: warning_of("finish", 0),
    Item.WARN_FINISH_MOST: warning_of("finish", 1),
}


def sweep(station: Station, at: datetime) -> dict[str, int]:
    """Does everything due at `at`, each petition in a transaction of its own; how much of what."""
    done: Counter[str] = Counter()
    failed: set[int] = set()
    while not station.is_stopping():
        with station.database.reading() as session:
            waiting = [one for one in due_ids(session, at, BATCH + len(failed)) if one not in failed]
        if not waiting:
            break
        for petition in waiting:
            if station.is_stopping():
                break
            try:
                done.update(_attend(station, petition, at))
            except Exception as error:  # noqa: BLE001 - one petition must not hold up the others
                failed.add(petition)
                done["failed"] += 1
                log.error("petition not attended", petition=petition, error=type(error).__name__)  # noqa: TRY400 - no text
    return dict(done)


def _attend(station: Station, identity: int, at: datetime) -> Counter[str]:
    done: Counter[str] = Counter()
    with station.database.transaction() as session:
        petition = session.get(Petition, identity, with_for_update=True)
        if petition is None:
            return done
        session.info[TRACE] = petition.trace
        county = station.county(session, at)
        while (item := agenda.first_due(petition, at)) is not None:
            agenda.strike(petition, item[0])
            ACTS[item[0]](session, county, petition, at)
            done[item[0].value] += 1
        session.add(petition)
    return done
