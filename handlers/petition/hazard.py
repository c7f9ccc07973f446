"""Danger: told to its own receivers at any hour, one after another, and asked after until a person is there."""

from datetime import datetime, timedelta

from handlers.county import County
from handlers.groups import tell_group
from handlers.notices import SELF_HARM, desk_of, tell_officer, tell_villager
from handlers.petition.dispatch import SERVICE, arm, barred_from, new_dates, set_clocks
from handlers.petition.exclusion import exclude
from handlers.searching import note_words
from models import agenda
from models.agenda import Item
from models.base import Session
from models.duty import Desk, receivers
from models.move import Verb, move
from models.petition import Petition, State
from models.wording import Wording

UNSIGNED = timedelta(minutes=5)  # then the next receiver
ASK_AGAIN = timedelta(minutes=10)
HAZARD_TIER = "E0"


def raise_alarm(session: Session, county: County, petition: Petition, at: datetime) -> None:
    """Gives an emergency or a protection to its first receiver, now."""
    agenda.strike(petition, Item.DISPATCH, Item.UNSORTED, Item.QUEUE)
    exclude(session, county, petition, at)
    note_words(session, county, petition)
    desk = _receivers(session, petition, at)
    if not desk.officers:
        move(session, petition, Verb.ALARM, SERVICE, at, why="no_receiver")
        agenda.put(petition, Item.NEXT_RECEIVER, at + UNSIGNED)
        return
    _give(session, county, petition, desk.officers[0].account, at)
    tell_group(session, county, petition, Wording.GROUP_DANGER, at, occasion=f"danger:{petition.id}")
    agenda.put(petition, Item.ASK_AGAIN, at + ASK_AGAIN)


def next_receiver(session: Session, county: County, petition: Petition, at: datetime) -> None:
    """Five minutes unsigned: the next on the list; at its end the whole desk hears, again and again."""
    agenda.strike(petition, Item.NEXT_RECEIVER)
    if petition.state is not State.ASSIGNED:
        return
    accounts = [officer.account for officer in _receivers(session, petition, at).officers]
    tried = accounts.index(petition.owner) if petition.owner in accounts else -1
    if tried + 1 < len(accounts):
        _give(session, county, petition, accounts[tried + 1], at)
        return
    event = move(session, petition, Verb.ALARM, SERVICE, at, why="unsigned")
    for officer in desk_of(session, petition, at):
        tell_officer(
            session,
            county,
            petition,
            officer.account,
            Wording.HAZARD_UNSIGNED,
            at,
            occasion=event.hash,
            urgent=True,
            hazard=petition.hazard,
        )
    agenda.put(petition, Item.NEXT_RECEIVER, at + UNSIGNED)


def more_heard(session: Session, county: County, petition: Petition, at: datetime) -> None:
    """The villager wrote again, or is not safe: whoever is on it hears at once."""
    if petition.owner is None:
        return
    tell_officer(
        session,
        county,
        petition,
        petition.owner,
        Wording.HAZARD_MORE,
        at,
        occasion=f"hazard:{petition.head}",
        urgent=True,
        hazard=petition.hazard,
    )


def still_unsafe(session: Session, county: County, petition: Petition, at: datetime) -> None:
    """Unsigned: the next receiver now. Signed: the one who signed hears again."""
    if petition.state is State.ASSIGNED:
        next_receiver(session, county, petition, at)
    else:
        more_heard(session, county, petition, at)


def ask_again(session: Session, county: County, petition: Petition, at: datetime) -> None:
    """Ten minutes on: is the villager safe?"""
    agenda.strike(petition, Item.ASK_AGAIN)
    if petition.is_open:
        tell_villager(
            session, county, petition, Wording.HAZARD_ASK_AGAIN, at, occasion=f"ask_again:{petition.id}:{at}"
        )


def _give(session: Session, county: County, petition: Petition, account: str, at: datetime) -> None:
    verb = Verb.ASSIGN if petition.state is State.RECEIVED else Verb.REASSIGN
    event = move(
        session,
        petition,
        verb,
        SERVICE,
        at,
        owner=account,
        support=[],
        leaf=petition.leaf,
        place=petition.place,
        tier=HAZARD_TIER,
        kind=petition.kind,
        why=petition.lane,
        rules=petition.rules,
        giver=petition.owner,
        **new_dates(petition, county, HAZARD_TIER),
    )
    if (
        petition.owner and petition.owner not in petition.excluded
    ):  # whoever was called first may still come first
        petition.support = [*petition.support, petition.owner]
    petition.owner = account
    if petition.tier != HAZARD_TIER:
        set_clocks(petition, county, HAZARD_TIER)
    arm(petition, county, at)
    agenda.put(petition, Item.NEXT_RECEIVER, at + UNSIGNED)
    tell_officer(
        session,
        county,
        petition,
        account,
        Wording.HAZARD_RECEIVER,
        at,
        occasion=event.hash,
        urgent=True,
        hazard=petition.hazard,
    )


def _receivers(session: Session, petition: Petition, at: datetime) -> Desk:
    return receivers(
        session,
        petition.place,
        petition.lane,
        at,
        barred_from(petition),
        county_only=petition.hazard == SELF_HARM,
    )
