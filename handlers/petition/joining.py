"""Many people, one cause: nothing is joined without a person, and whoever is joined keeps his number.

The same person's same matter is merged; another villager becomes a co-petitioner, who keeps a confirmation and
clocks of his own (regulation on petitions, arts. 19 and 36, as `domain.md` B.1 reads them).
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from handlers.county import County
from handlers.notices import desk_of, may_know, tell, tell_officer
from handlers.petition.dispatch import assign
from models.base import Session
from models.errors import Refused
from models.likeness import companions_of, similar_to
from models.move import Actor, Capacity, Verb, move
from models.officer import Officer
from models.petition import Petition, State
from models.refusal import Refusal
from models.wording import Wording

ALIKE = timedelta(days=7)


def offer_similar(session: Session, county: County, petition: Petition, at: datetime) -> None:
    """Tells the nearest dispatcher of an open matter of the same leaf and place, to decide about."""
    if petition.leaf is None or petition.place is None or petition.lane != "petition":
        return
    desk = desk_of(session, petition, at)
    similar = [
        one for one in similar_to(session, petition, at - ALIKE) if desk and may_know(one, desk[0].account)
    ]
    if not similar:
        return
    tell_officer(
        session,
        county,
        petition,
        desk[0].account,
        Wording.SIMILAR_DESK,
        at,
        occasion=f"similar:{petition.id}",
        other=similar[0].number,
        count=len(similar),
    )


def join(session: Session, county: County, petition: Petition, main: Petition, by: str, at: datetime) -> bool:
    """Puts `petition` beside `main`: merged where one person wrote both (True), else a co-petitioner."""
    if petition.id == main.id or petition.joined_to or main.joined_to:
        raise Refused(Refusal.CANNOT_JOIN, number=petition.number)
    actor = Actor(Capacity.DISPATCHER, by)
    if petition.villager == main.villager:
        event = move(session, petition, Verb.MERGE, actor, at, into=main.number)
        tell(session, county, petition, event, at)
        return True
    event = move(session, petition, Verb.JOIN, actor, at, **{"with": main.number})
    petition.joined_to = main.id
    owner = session.get(Officer, main.owner) if main.owner and may_know(petition, main.owner) else None
    if owner is not None and petition.owner != main.owner:
        petition.leaf = petition.leaf or main.leaf
        verb = Verb.ASSIGN if petition.state is State.RECEIVED else Verb.REASSIGN
        assign(session, county, petition, owner, actor, at, support=main.support, why="joined", verb=verb)
    else:
        tell(session, county, petition, event, at)
    return False


def with_companions(
    session: Session, petition: Petition, state: State, act: Callable[[Petition], None]
) -> int:
    """Does `act` for the matter and for every co-petitioner's that stands where it may be done."""
    act(petition)
    others = [
        one for one in companions_of(session, petition) if one.state is state and one.owner == petition.owner
    ]
    for other in others:
        act(other)
    return len(others)
