"""Somebody is no longer on file: his open matters go to his stand-in, else by the division of work."""

from collections.abc import Callable
from datetime import datetime

from handlers.county import County
from handlers.petition.dispatch import SERVICE, assign, barred_from
from handlers.petition.exclusion import above_village
from handlers.study.tasks import hand_on as hand_on_task
from models.base import Session
from models.duty import owner_for, stand_in_of
from models.member import Member
from models.move import Verb
from models.officer import Officer
from models.petition import Petition, State, owned_by
from models.study.task import open_tasks_of

NO_SUCCESSOR = "no_successor"


def hand_on(county: County) -> Callable[[Session, str, datetime], str | None]:
    """The hook of the directory's import: hands on what one officer owned, or says that nobody is left."""

    def on_left(session: Session, account: str, at: datetime) -> str | None:
        for petition in owned_by(session, account):
            if petition.offered_to == account:
                petition.offered_to = None
                session.add(petition)
            if petition.owner != account:
                continue
            successor = _successor(session, county, petition, account, at)
            if successor is None:
                return petition.number
            _give(session, county, petition, successor, at)
        for task in open_tasks_of(session, account):
            hand_on_task(session, county, task, session.get_one(Member, task.member), at)
        return None

    return on_left


def _successor(
    session: Session, county: County, petition: Petition, account: str, at: datetime
) -> Officer | None:
    barred = barred_from(petition) | {account}
    stand_in = stand_in_of(session, account, at, barred)
    if stand_in is not None:
        return stand_in
    found = owner_for(
        session,
        petition.place,
        petition.leaf or "",
        at,
        above_village=above_village(county, petition),
        excluded=barred,
    )
    return found.lead if found else None


def _give(session: Session, county: County, petition: Petition, successor: Officer, at: datetime) -> None:
    verb = Verb.REASSIGN if petition.state is not State.RECEIVED else Verb.ASSIGN
    assign(session, county, petition, successor, SERVICE, at, why="has_left", verb=verb)
