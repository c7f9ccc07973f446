"""Letting go: proposes once a day what has been kept long enough, and carries out what two people agreed to."""

from collections import Counter
from datetime import datetime

from handlers import retention
from handlers.petition.forgetting import forget
from handlers.villager.farewell import cut
from models import processing, sealed
from models.base import Session
from models.login import forget_old_brakes
from models.move import Actor, Capacity
from models.petition import Petition, all_of
from models.processing import Ground
from models.retention import (
    Kept,
    Plan,
    asked_to_be_forgotten,
    drop_loose_words,
    expired,
    long_silent,
    waiting_plans,
)
from models.villager import Villager
from scheduler.station import Station

CLOCK = Actor(Capacity.CLOCK)


def let_go(station: Station, at: datetime) -> dict[str, int]:
    """What is due of it at `at`; how much of what."""
    done: Counter[str] = Counter()
    with station.database.reading() as session:
        due = retention.is_due(session, station.county(session, at), at)
        agreed = [plan.id or 0 for plan in waiting_plans(session) if plan.is_agreed]
        ran_out = sealed.has_expired(session, at)
    if ran_out:
        with station.database.transaction() as session:
            sealed.forget_expired(session, at)
    if due:
        with station.database.transaction() as session:
            county = station.county(session, at)
            if retention.is_due(session, county, at):  # another scheduler may have been quicker
                done["proposed"] = len(retention.propose(session, county, at))
                forget_old_brakes(session, at)
        done["cut"] = _cut_those_who_asked(station, at)
    for plan in agreed:
        done["erased"] += _carry_out(station, plan, at)
    return {what: count for what, count in done.items() if count}


def _cut_those_who_asked(station: Station, at: datetime) -> int:
    count = 0
    while not station.is_stopping():
        with station.database.transaction() as session:
            people = asked_to_be_forgotten(session)
            for person in people:
                for petition in all_of(session, person.id or 0):
                    if petition.forgotten_at is None:
                        forget(session, petition, CLOCK, at)
                cut(session, person, at)
            count += len(people)
        if not people:
            break
    return count


def _carry_out(station: Station, identity: int, at: datetime) -> int:
    """Slice by slice; cut short, it goes on at the next look."""
    count = 0
    while not station.is_stopping():
        with station.database.transaction() as session:
            plan = session.get_one(Plan, identity)
            erased = _slice(session, plan, at)
            if not erased and plan.done_at is None:
                plan.done_at = at
                session.add(plan)
                county = station.county(session, at).code
                processing.log(session, county, f"erase_{plan.kept}", Ground.EXPIRY, at, count=plan.count)
        count += erased
        if not erased:
            break
    return count


def _slice(session: Session, plan: Plan, at: datetime) -> int:
    kept = Kept(plan.kept)
    petitions = expired(session, kept, plan.ended_before)
    for petition in petitions:
        forget(session, session.get_one(Petition, petition), CLOCK, at, kept)
    if petitions:
        return len(petitions)
    if kept is Kept.TEXTS:
        return drop_loose_words(session, plan.ended_before)
    if kept is Kept.PETITIONS:
        return _cut(session, long_silent(session, plan.ended_before), at)
    return 0


def _cut(session: Session, people: list[Villager], at: datetime) -> int:
    for person in people:
        cut(session, person, at)
    return len(people)
