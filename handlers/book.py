"""What the room's books take in from the work, and what they remind of; their counters are counted from their rows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.county import County
from handlers.notices import TO_OFFICER, may_know
from handlers.presence import MONTH_ACTIVITIES, WEEK_DAYS, weeks
from handlers.retry import key_of
from handlers.turn import Mail, Reply
from handlers.villager import intake
from handlers.villager.doors import RELAY
from models import letter as outbox
from models.base import Session
from models.book import (
    Errand,
    Meeting,
    Raised,
    errands_due,
    meeting_sent,
    meetings_next_on,
    raised_at,
)
from models.errors import Refused
from models.message import seen
from models.officer import Officer, day_of, is_here
from models.petition import Petition
from models.place import Place
from models.refusal import Refusal
from models.wording import Wording

MOST_MATTERS = 60
MOST_WORDS = 500
MOST_HEADS = 5000
KINDS = ("meeting", "talk")
PROMISES = timedelta(days=3)  # before the next meeting
ASKED_FROM = 1  # weekday, Tuesday: by then a first secretary knows his days of the week
MISSED_FROM = 20  # day of the month: ten days are left for its activity


@dataclass(frozen=True)
class Line:
    """One matter of the minutes, and its number; none: it was no petition (an accusation is kept nowhere)."""

    text: str
    number: str | None


def hold(
    session: Session,
    county: County,
    *,
    place: str,
    day: date | None,
    kind: str,
    heads: int | None,
    next_on: date | None,
    matters: str,
    by: str,
    once: str,
    at: datetime,
) -> tuple[Meeting, list[Line]]:
    """Minutes become a meeting and a batch of petitions: each line goes the way of any villager's words."""
    told = [line.strip() for line in matters.splitlines() if line.strip()]
    today = day_of(at)
    if session.get(Place, place) is None or day is None or day > today or kind not in KINDS:
        raise Refused(Refusal.MEETING_WHEN)
    if heads is None or not 0 < heads <= MOST_HEADS:
        raise Refused(Refusal.MEETING_HEADS, most=MOST_HEADS)
    if len(told) > MOST_MATTERS or any(len(line) > MOST_WORDS for line in told):
        raise Refused(Refusal.MEETING_MATTERS, most=MOST_MATTERS, longest=MOST_WORDS)
    if next_on is not None and next_on <= day:
        raise Refused(Refusal.MEETING_NEXT)
    known = meeting_sent(session, once)
    meeting = known or Meeting(
        county=county.code,
        place=place,
        day=day,
        kind=kind,
        heads=heads,
        next_on=next_on,
        by=by,
        once=once,
        made_at=at,
    )
    session.add(meeting)
    session.flush()
    lines = [
        Line(text, _raise(session, county, meeting, f"meeting:{once}:{number}", text, by, at))
        for number, text in enumerate(told)
    ]
    return meeting, lines


def _raise(
    session: Session, county: County, meeting: Meeting, once: str, text: str, by: str, at: datetime
) -> str | None:
    petition = file(session, county, once, text, by, meeting.place, at)
    if petition is None:
        return None
    if not any(one.petition == petition.id for one in raised_at(session, [meeting.id or 0])):
        session.add(Raised(meeting=meeting.id or 0, petition=petition.identity))
        session.flush()
    return petition.number


def file(
    session: Session, county: County, once: str, text: str, by: str, place: str, at: datetime
) -> Petition | None:
    """What somebody of the staff heard becomes a petition, in the villagers' way, with his name as who wrote it."""
    mail = Mail(
        channel=RELAY,
        sender=once,
        key=once,
        kind="text",
        text=text,
        relay="desk",
        door="desk",
        place=place,
        clerk=by,
    )
    key = key_of(county.keys, mail)
    if seen(session, key) is None:
        intake.receive(session, county, mail, key, at, _said_to_nobody)
    message = seen(session, key)
    return session.get(Petition, message.petition) if message is not None and message.petition else None


def _said_to_nobody(_: Reply) -> str:
    """The answer to a villager who is not there; what he is owed comes by the way he is reached later."""
    return ""


def take_on(
    session: Session,
    county: County,
    *,
    place: str,
    words: str,
    agent: str,
    promised_on: date | None,
    at: datetime,
) -> Errand:
    """An errand with its agent and the day he promised."""
    officer = session.get(Officer, agent)
    text = " ".join(words.split())
    if session.get(Place, place) is None or not text or len(text) > MOST_WORDS:
        raise Refused(Refusal.ERRAND_WORDS, longest=MOST_WORDS)
    if officer is None or officer.left_at is not None:
        raise Refused(Refusal.ERRAND_AGENT)
    if promised_on is None or promised_on < day_of(at):
        raise Refused(Refusal.ERRAND_DAY)
    errand = Errand(
        county=county.code,
        place=place,
        sealed=county.keys.sealed_here(text),
        agent=agent,
        promised_on=promised_on,
        made_at=at,
    )
    session.add(errand)
    session.flush()
    return errand


def hand_back(session: Session, errand: Errand, at: datetime) -> None:
    """Done, and the papers are back with whom they belong to."""
    errand.handed_back_on = errand.handed_back_on or day_of(at)
    session.add(errand)


def remind(session: Session, county: County, at: datetime) -> int:
    """Promises before the next meeting, errands of today, what first secretaries owe; how many letters were due."""
    return _promises(session, county, at) + _errands(session, county, at) + _secretaries(session, county, at)


def _promises(session: Session, county: County, at: datetime) -> int:
    """Whoever owns what was raised last time hears three days before the next meeting what is still open."""
    told = 0
    day = day_of(at) + PROMISES
    for meeting in meetings_next_on(session, day):
        mine: dict[str, list[str]] = {}
        for raised in raised_at(session, [meeting.id or 0]):
            petition = session.get_one(Petition, raised.petition)
            if petition.is_open and petition.owner and may_know(petition, petition.owner):
                mine.setdefault(petition.owner, []).append(petition.number or "")
        place = session.get(Place, meeting.place)
        for account, numbers in mine.items():
            fields: dict[str, object] = {
                "place": place.name if place else "",
                "day": day.isoformat(),
                "numbers": numbers,
            }
            told += _tell(
                session, county, account, Wording.BOOK_PROMISED, f"meeting:{meeting.id}", fields, at
            )
    return told


def _errands(session: Session, county: County, at: datetime) -> int:
    today, mine = day_of(at), dict[str, int]()
    for errand in errands_due(session, today):
        mine[errand.agent] = mine.get(errand.agent, 0) + 1
    return sum(
        _tell(session, county, agent, Wording.BOOK_ERRANDS, f"errands:{today}", {"count": count}, at)
        for agent, count in mine.items()
    )


def _secretaries(session: Session, county: County, at: datetime) -> int:
    """Weeks without two days, months without an activity: once each, and nobody on leave."""
    today, told = day_of(at), 0
    monday = today - timedelta(days=today.weekday())
    for week in weeks(session, at):
        account = week.officer.account
        if not is_here(session, week.officer, at):
            continue
        if today.weekday() >= ASKED_FROM and len(week.days) < WEEK_DAYS:
            days: dict[str, object] = {"count": WEEK_DAYS}
            told += _tell(session, county, account, Wording.BOOK_WEEK, f"week:{monday}", days, at)
        if today.day >= MISSED_FROM and len(week.activities) < MONTH_ACTIVITIES:
            month: dict[str, object] = {"month": today.month}
            told += _tell(session, county, account, Wording.BOOK_ACTIVITY, f"month:{today:%Y-%m}", month, at)
    return told


def _tell(
    session: Session,
    county: County,
    account: str,
    wording: Wording,
    occasion: str,
    fields: dict[str, object],
    at: datetime,
) -> int:
    """Once an occasion, within task hours; how many letters that made."""
    posted = outbox.post(
        session,
        county.keys,
        occasion=f"book:{occasion}",
        to=("officer", account),
        channels=TO_OFFICER,
        wording=wording,
        fields=fields,
        county=county.code,
        at=at,
        not_before=county.task_time(at),
    )
    return posted is not None
