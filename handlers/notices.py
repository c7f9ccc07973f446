"""Who is told of a move, and through which door: the one way out for anything about a petition.

A move's row says who is told (`told`); this file finds the people, leaves out everybody who must not hear of
the matter, and posts the letters with the same transaction. Somebody always hears: where the one meant is
missing, on leave, gone or excluded, it goes to the next who may know, at last to the duty desk.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from handlers.county import County
from handlers.officer.mask import masked
from handlers.petition.saying import known_as
from models import agenda
from models import letter as outbox
from models.agenda import Item
from models.base import Session
from models.duty import duty_desk, sealed_officers, superior_of, supervision
from models.ledger import PetitionEvent
from models.move import MOVES, Verb
from models.office import Office
from models.officer import Officer, Role, officers_with
from models.petition import Petition
from models.place import Place
from models.villager import Villager
from models.wording import Wording

TO_VILLAGER = {"wechat": ("wechat", "template", "sms"), "relay": ("sms",)}
TO_OFFICER = ("wecom",)
SELF_HARM = "self_harm"
TO_VILLAGER_LASTS = timedelta(days=7)  # older news would confuse; the call-back list has it by then


def tell(
    session: Session, county: County, petition: Petition, event: PetitionEvent, at: datetime, **fields: Any
) -> list[str]:
    """Posts the letters of `event`; the accounts of the officers told."""
    told: list[str] = []
    for whom in MOVES[Verb(event.kind)].told:
        wording = Wording(f"letter.{event.kind}.{whom}")
        if whom == "villager":
            if event.data["by"] == "villager":
                continue  # his own word: the reply says it
            tell_villager(session, county, petition, wording, at, occasion=event.hash, **fields)
            continue
        for officer in recipients(session, petition, event, whom, at):
            told.append(officer.account)
            tell_officer(
                session, county, petition, officer.account, wording, at, occasion=event.hash, **fields
            )
    return told


def tell_villager(
    session: Session,
    county: County,
    petition: Petition,
    wording: Wording,
    at: datetime,
    *,
    occasion: str,
    **fields: Any,
) -> None:
    """A letter to the one who brought the matter."""
    person = session.get_one(Villager, petition.villager)
    outbox.post(
        session,
        county.keys,
        occasion=occasion,
        to=("villager", str(petition.villager)),
        channels=TO_VILLAGER[person.channel],
        wording=wording,
        fields=about(session, county, petition) | fields,
        county=county.code,
        at=at,
        petition=petition.id,
        key_id=petition.key_id,
        too_late_after=at + TO_VILLAGER_LASTS,
    )


def tell_officer(
    session: Session,
    county: County,
    petition: Petition,
    account: str,
    wording: Wording,
    at: datetime,
    *,
    occasion: str,
    urgent: bool = False,
    too_late_after: datetime | None = None,
    **fields: Any,
) -> bool:
    """A push about a petition: leaf, place, dates and number in our own words. False: he must not hear of it."""
    if not may_know(petition, account):
        return False
    hazard = petition.lane in ("emergency", "protection")
    outbox.post(
        session,
        county.keys,
        occasion=occasion,
        to=("officer", account),
        channels=TO_OFFICER,
        wording=wording,
        fields=about(session, county, petition) | _unnamed(session, county, petition, fields),
        county=county.code,
        at=at,
        petition=petition.id,
        key_id=petition.key_id,
        not_before=at if urgent or hazard else county.task_time(at, petition.tier),
        too_late_after=too_late_after,
    )
    return True


def tell_operators(
    session: Session, county: County, wording: Wording, at: datetime, *, occasion: str, **fields: Any
) -> None:
    """Something the operators of the service have to see to; no petition is named."""
    for operator in officers_with(session, Role.OPERATOR):
        outbox.post(
            session,
            county.keys,
            occasion=occasion,
            to=("officer", operator.account),
            channels=TO_OFFICER,
            wording=wording,
            fields=fields,
            county=county.code,
            at=at,
            not_before=county.task_time(at),
        )


def may_know(petition: Petition, account: str) -> bool:
    """The one question every path out asks.

    Not whoever is complained about, nor anybody near him (`handlers.petition.exclusion`); and nobody as long as
    the villager is still telling it, because only then it is looked at who that is.
    """
    return account not in petition.excluded and not is_still_told(petition)


def is_still_told(petition: Petition) -> bool:
    """Whether nobody was given it yet, because the villager may still be telling it."""
    return any(agenda.planned(petition, item) for item in (Item.DISPATCH, Item.UNSORTED))


def lay_ready(session: Session, petitions: Sequence[Petition]) -> None:
    """For many: their people and places are read in a statement a table instead of several a petition."""
    people = session.fetch(Officer, (one.owner for one in petitions))
    session.fetch(Office, (person.office for person in people))
    session.fetch(Place, (one.place for one in petitions))


def about(session: Session, county: County, petition: Petition) -> dict[str, Any]:
    """What any letter about a petition may say: never a word of the villager's, never who it is."""
    owner = session.get(Officer, petition.owner) if petition.owner else None
    return {
        "number": petition.number,
        "category": county.category_name(petition.leaf),
        "place": place_name(session, petition.place),
        "owner": owner.name if owner else "",
        "office": office_name(session, owner),
        "lane": petition.lane,
        "sign_due": _text(petition.sign_due),
        "contact_due": _text(petition.contact_due),
        "finish_due": _text(petition.finish_due),
        "received_at": _text(petition.received_at),
    }


def _unnamed(session: Session, county: County, petition: Petition, fields: dict[str, Any]) -> dict[str, Any]:
    """A colleague's own words may hold what the villager told him: numbers and names are taken out."""
    if not fields.get("text"):
        return fields
    return fields | {"text": masked(fields["text"], [known_as(session, county, petition).name])}


def recipients(
    session: Session, petition: Petition, event: PetitionEvent, whom: str, at: datetime
) -> list[Officer]:
    """The people behind a word of `told`, without anybody who must not know; never silently nobody."""
    excluded = frozenset(petition.excluded)
    if whom == "support":  # helpers are told only besides an owner; nobody is missing without them
        return [one for one in _officers(session, petition.support) if may_know(petition, one.account)]
    named = {
        "owner": [petition.owner],
        "offered": [petition.offered_to],
        "giver": [event.data.get("giver")],
        "told": [event.data.get("told")],
    }.get(whom)
    if named is not None:
        found = _officers(session, named)
    elif whom == "superior":
        above = superior_of(session, petition.owner, at, excluded) if petition.owner else None
        found = [above] if above else []
    elif whom == "second":
        asker = event.data.get("account")
        others = excluded | {asker or ""}
        found = [*duty_desk(session, petition.place, at, others).officers, *supervision(session, at, others)]
    elif whom == "supervision":
        others = excluded | {event.data.get("account") or ""}
        found = [*supervision(session, at, others), *sealed_officers(session, at, others)][:2]
    elif whom == "operator":
        found = officers_with(session, Role.OPERATOR)
    else:
        found = []
    allowed = {one.account: one for one in found if may_know(petition, one.account) and one.left_at is None}
    return list(allowed.values()) or desk_of(session, petition, at)


def desk_of(session: Session, petition: Petition, at: datetime) -> list[Officer]:
    """The duty desk of a matter; in self-harm and protection the county's alone."""
    county_only = petition.lane == "protection" or petition.hazard == SELF_HARM
    return duty_desk(
        session, petition.place, at, frozenset(petition.excluded), county_only=county_only
    ).officers


def place_name(session: Session, code: str | None) -> str:
    place = session.get(Place, code) if code else None
    return place.name if place else ""


def office_name(session: Session, officer: Officer | None) -> str:
    office = session.get(Office, officer.office) if officer else None
    return office.name if office else ""


def _officers(session: Session, accounts: Sequence[str | None]) -> list[Officer]:
    found = (session.get(Officer, account) for account in accounts if account)
    return [officer for officer in found if officer is not None]


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
