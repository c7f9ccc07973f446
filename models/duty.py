"""Who answers for what, who stands above and beside him, and who hears when nobody does."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON
from sqlmodel import Field, UniqueConstraint, col, select

from models.base import Session, Table
from models.office import Office
from models.officer import Officer, Role, is_here, officers, officers_with
from models.place import LOCAL, Level, Place, place_chain

ANY = "*"
EMERGENCY = "emergency"
PROTECTION = "protection"
NOBODY: frozenset[str] = frozenset()


class Duty(Table, table=True):
    """A row of the division of work: at this place, matters of this category are this officer's."""

    __tablename__ = "duty"
    __table_args__ = (UniqueConstraint("place", "category", name="uq_duty_place_category"),)

    id: int | None = Field(default=None, primary_key=True)
    place: str = Field(max_length=20)
    category: str = Field(max_length=20)  # leaf, top, ANY, EMERGENCY or PROTECTION
    lead: str = Field(max_length=64)
    support: list[str] = Field(default_factory=list, sa_type=JSON)


class Why(StrEnum):
    """Which rule named the owner."""

    LEAF = "leaf"
    TOP = "top"
    ANY = "any"


@dataclass(frozen=True)
class Assignment:
    """An owner, and the rule that named him. `stands_in_for` is the lead who could not."""

    lead: Officer
    support: list[Officer]
    place: Place
    why: Why
    stands_in_for: str | None = None


@dataclass(frozen=True)
class Desk:
    """Who watches the queue, nearest first. `alarm`: no dispatcher, no supervisor is there."""

    officers: list[Officer]
    alarm: bool


def owner_for(
    session: Session,
    place: str | None,
    leaf: str,
    at: datetime,
    *,
    above_village: bool = False,
    excluded: Collection[str] = NOBODY,
) -> Assignment | None:
    """From the village up to the county; at each place leaf before top before `*`; the first who can.

    A lead who left, is away or is excluded passes it to his stand-in, else the next rule is tried. With
    `above_village` the search starts at the township and nobody of an office in the village is named.
    """
    chain = place_chain(session, place)
    barred = set(excluded)
    if above_village:
        local = [step.code for step in chain if step.level in LOCAL]
        barred |= {officer.account for officer in _at(session, local)}
        chain = [step for step in chain if step.level not in LOCAL]
    rules = _rules(session, chain, (leaf, leaf[:2], ANY))
    for step in chain:
        for category, why in ((leaf, Why.LEAF), (leaf[:2], Why.TOP), (ANY, Why.ANY)):
            rule = rules.get((step.code, category))
            lead = _lead_or_stand_in(session, rule.lead, at, barred) if rule else None
            if rule and lead:
                support = [
                    officer
                    for officer in _those_here(session, rule.support, at, barred)
                    if officer.account != lead.account
                ]
                instead = rule.lead if lead.account != rule.lead else None
                return Assignment(lead, support, step, why, instead)
    return None


def stand_in_of(
    session: Session, account: str, at: datetime, excluded: Collection[str] = NOBODY
) -> Officer | None:
    """The stand-in of an officer (also of one who left), if he can take a matter now."""
    officer = session.get(Officer, account)
    return _if_here(session, officer.stand_in if officer else None, at, excluded)


def superiors_of(session: Session, account: str) -> list[Officer]:
    """Everybody above, nearest first; who left is passed over, and a circle ends where it began."""
    chain: list[Officer] = []
    seen = {account}
    officer = session.get(Officer, account)
    while officer and officer.superior and officer.superior not in seen:
        seen.add(officer.superior)
        officer = session.get(Officer, officer.superior)
        if officer and officer.left_at is None:
            chain.append(officer)
    return chain


def superior_of(
    session: Session, account: str, at: datetime, excluded: Collection[str] = NOBODY
) -> Officer | None:
    """The nearest superior who is here and not excluded."""
    chain = (officer.account for officer in superiors_of(session, account))
    return next((above for one in chain if (above := _if_here(session, one, at, excluded))), None)


def reports_of(session: Session, account: str) -> set[str]:
    """The accounts below an officer, at any depth, also below somebody between them who left."""
    below: dict[str, list[str]] = {}
    here: set[str] = set()
    for officer in session.exec(select(Officer)):
        below.setdefault(officer.superior or "", []).append(officer.account)
        here |= {officer.account} if officer.left_at is None else set()
    found: set[str] = set()
    waiting = [account]
    while waiting:
        fresh = [one for one in below.get(waiting.pop(), []) if one not in found and one != account]
        found.update(fresh)
        waiting.extend(fresh)
    return found & here


def avoid_of(session: Session, account: str) -> set[str]:
    """The accounts tied to an officer by recusal, by account or name, whichever of the two wrote it down."""
    him = session.get(Officer, account)
    if him is None:
        return set()
    return {
        other.account
        for other in officers(session)
        if other.account != account
        and ({other.account, other.name} & set(him.avoid) or {him.account, him.name} & set(other.avoid))
    }


def stand_ins_with(session: Session, account: str) -> set[str]:
    """Who stands in for an officer, and for whom he does."""
    him = session.get(Officer, account)
    theirs = select(Officer.account).where(Officer.stand_in == account, col(Officer.left_at).is_(None))
    return {*session.exec(theirs), *([him.stand_in] if him is not None and him.stand_in else [])}


def colleagues_of(session: Session, office: str) -> set[str]:
    """The accounts of one office."""
    rows = select(Officer.account).where(Officer.office == office, col(Officer.left_at).is_(None))
    return set(session.exec(rows))


def duty_desk(
    session: Session,
    place: str | None,
    at: datetime,
    excluded: Collection[str] = NOBODY,
    *,
    county_only: bool = False,
) -> Desk:
    """Dispatchers whose office lies at the place or above it, nearest first.

    Where none is here the supervisors; where none is here either, the operators, and an alarm.

    `county_only` keeps village and township out of it (self-harm, protection).
    """
    chain = [step for step in place_chain(session, place) if not county_only or step.level == Level.COUNTY]
    nearness = {step.code: distance for distance, step in enumerate(chain)}
    office_place = dict(session.exec(select(Office.code, Office.place)).all())
    desk = [
        officer
        for officer in officers_with(session, Role.DISPATCHER)
        if office_place.get(officer.office) in nearness
    ]
    desk.sort(key=lambda officer: (nearness[office_place[officer.office]], officer.account))
    present = [one for one in desk if one.account not in excluded and is_here(session, one, at)]
    present = present or supervision(session, at, excluded)
    if present:
        return Desk(present, alarm=False)
    # An operator on leave is still better than nobody.
    operators = [one for one in officers_with(session, Role.OPERATOR) if one.account not in excluded]
    operators.sort(key=lambda one: not is_here(session, one, at))
    return Desk(operators, alarm=True)


def supervision(session: Session, at: datetime, excluded: Collection[str] = NOBODY) -> list[Officer]:
    """The county's supervisors who are here."""
    return _present(session, Role.SUPERVISOR, at, excluded)


def sealed_officers(session: Session, at: datetime, excluded: Collection[str] = NOBODY) -> list[Officer]:
    """The sealed officers of the discipline office who are here."""
    return _present(session, Role.DISCIPLINE, at, excluded)


def receivers(
    session: Session,
    place: str | None,
    lane: str,
    at: datetime,
    excluded: Collection[str] = NOBODY,
    *,
    county_only: bool = False,
) -> Desk:
    """Who is told of an EMERGENCY or a PROTECTION, one after another: lead, support in order, duty desk.

    With `county_only` (self-harm; protection always) nobody of a township's or village's office is among
    them: they are never told without the person's yes.
    """
    county_only = county_only or lane == PROTECTION
    top = place_chain(session, place)[-1:]
    rule = _rules(session, top, (lane,)).get((top[0].code, lane)) if top else None
    named: list[Officer] = []
    if rule:
        lead = _lead_or_stand_in(session, rule.lead, at, excluded)
        named = [*([lead] if lead else []), *_those_here(session, rule.support, at, excluded)]
    if county_only:
        county = {officer.account for officer in _at(session, [step.code for step in top])}
        named = [officer for officer in named if officer.account in county]
    desk = duty_desk(session, place, at, excluded, county_only=county_only)
    everybody = {officer.account: officer for officer in [*named, *desk.officers]}
    return Desk(list(everybody.values()), alarm=desk.alarm and not named)


def _rules(
    session: Session, chain: Sequence[Place], categories: Sequence[str]
) -> dict[tuple[str, str], Duty]:
    rows = select(Duty).where(
        col(Duty.place).in_([step.code for step in chain]), col(Duty.category).in_(categories)
    )
    return {(duty.place, duty.category): duty for duty in session.exec(rows)}


def _at(session: Session, place_codes: list[str]) -> Sequence[Officer]:
    rows = select(Officer).where(
        col(Officer.office).in_(select(Office.code).where(col(Office.place).in_(place_codes)))
    )
    return session.exec(rows).all()


def _present(session: Session, role: Role, at: datetime, excluded: Collection[str]) -> list[Officer]:
    return [
        officer
        for officer in officers_with(session, role)
        if officer.account not in excluded and is_here(session, officer, at)
    ]


def _if_here(
    session: Session, account: str | None, at: datetime, excluded: Collection[str]
) -> Officer | None:
    officer = session.get(Officer, account) if account and account not in excluded else None
    return officer if officer and is_here(session, officer, at) else None


def _those_here(
    session: Session, accounts: Sequence[str], at: datetime, excluded: Collection[str]
) -> list[Officer]:
    return [officer for one in accounts if (officer := _if_here(session, one, at, excluded))]


def _lead_or_stand_in(
    session: Session, account: str, at: datetime, excluded: Collection[str]
) -> Officer | None:
    return _if_here(session, account, at, excluded) or stand_in_of(session, account, at, excluded)
