"""The answer to a question, where there is one that is sure enough; and what is asked of one's own village."""

from datetime import datetime, timedelta

from handlers.advice.asking import HELD, PRESENCE, asking
from handlers.advice.choosing import ANSWERABLE, chosen, may_be_asked
from handlers.advice.index import Found
from handlers.county import County
from handlers.lanes import Lane
from handlers.notices import office_name
from handlers.presence import Day, ahead, held
from handlers.topic import Route
from handlers.turn import Reply
from models.base import Session
from models.book import Household
from models.office import offices
from models.officer import Officer, Role, day_of, officers
from models.place import Level, Place, place_chain
from models.room import on_duty, room_at
from models.wording import Wording

OF_THE_VILLAGE = ANSWERABLE | {Lane.PROGRESS}  # "who is responsible" is asked of one's matter too
MOST_NAMED = 3
MOST_DAYS = 8


def found_for(
    session: Session, county: County, text: str, route: Route, place: str | None, at: datetime
) -> Found | None:
    """What the spokesman has written for it; None: a person is wanted, or nothing is sure enough."""
    if county.advice is None or not may_be_asked(county.reader, text, route):
        return None
    places = {step.code for step in place_chain(session, place)}
    return chosen(county.reader, county.advice, text, route, places, day_of(at))


def of_the_village(
    session: Session,
    county: County,
    text: str,
    route: Route,
    home: str | None,
    at: datetime,
    household: Household | None = None,
) -> Reply | None:
    """What is asked of the writer's own village or of one he names; None: it is no such question."""
    plain = county.reader.plain(text)
    asked = asking().of_the_village(plain) if route.lane in OF_THE_VILLAGE else None
    if asked is None:
        return None
    if asked == "household":
        return helper_of(session, household)
    place = _village(session, route.place or home)
    if place is None:
        return Reply.of(Wording.ADVICE_WHERE)
    room = room_at(session, place.code)
    phone = room.phone if room else ""
    if asked == PRESENCE:
        return Reply.of(Wording.ADVICE_PRESENCE, place=place.name, days=_told(ahead(session, place.code, at)))
    if asked == HELD:
        return Reply.of(Wording.ADVICE_HELD, place=place.name, days=_told(held(session, place.code, at)))
    if asked == "hours":
        return Reply.of(
            Wording.ADVICE_HOURS,
            place=place.name,
            hours=room.hours if room else "",
            address=room.address if room else "",
            phone=phone,
        )
    if asked == "roster":
        day = day_of(at) + timedelta(days=asking().day(plain))
        return Reply.of(
            Wording.ADVICE_ROSTER,
            place=place.name,
            date=day.isoformat(),
            people=_said(session, on_duty(session, place.code, day)),
            phone=phone,
        )
    return Reply.of(
        Wording.ADVICE_RESPONSIBLE,
        place=place.name,
        people=_said(session, leading(session, place)),
        phone=phone,
    )


def helper_of(session: Session, household: Household | None) -> Reply:
    """Who helps the writer's own household; nobody else's is ever told."""
    officer = session.get(Officer, household.helper) if household else None
    if officer is None or officer.left_at is not None:
        return Reply.of(Wording.ADVICE_HELPER_UNKNOWN)
    return Reply.of(Wording.ADVICE_HELPER, office=office_name(session, officer), name=officer.name)


def _told(days: list[Day]) -> list[dict[str, str]]:
    return [{"day": one.day, "name": one.name, "activity": one.activity} for one in days[:MOST_DAYS]]


def _village(session: Session, code: str | None) -> Place | None:
    """The village (or what lies above it, where he names that) a question is about; of a group, its village."""
    chain = place_chain(session, code) if code else []
    return next((step for step in chain if step.level != Level.GROUP), None)


def leading(session: Session, place: Place) -> list[Officer]:
    """Who leads there: the cadres of its own offices with nobody of the place above them; else of what lies above."""
    for step in place_chain(session, place.code):
        local = {office.code for office in offices(session) if office.place == step.code}
        people = [
            one for one in officers(session) if one.office in local and Role.CADRE in one.roles and one.post
        ]
        accounts = {one.account for one in people}
        leading = [one for one in people if one.superior not in accounts]
        if leading:
            return leading[:MOST_NAMED]
    return []


def _said(session: Session, people: list[Officer]) -> list[dict[str, str]]:
    """Post and name are public (the county's own notice of who is responsible); a private number never is."""
    return [{"name": one.name, "post": one.post, "office": office_name(session, one)} for one in people]
