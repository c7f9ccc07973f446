"""The liaison room's books on the staff's pages: what the village's month looks like, minutes, errands, notes."""

from datetime import date, timedelta

from bot.pages.visit import NOT_FOUND, Answer, Moved, Shown, Visit
from handlers import diary
from handlers.book import hand_back, hold, take_on
from handlers.counters import counters
from handlers.digest.period import Kind, Period
from handlers.officer.scope import may_see
from handlers.presence import WEEK_DAYS, weeks
from handlers.roster import lacking
from models.base import Session
from models.book import Errand, Meeting, errands_of, meetings_of, presences, raised_at
from models.diary import Note, notes_of, words_of
from models.errors import Refused
from models.login import fresh_secret
from models.media import Stage
from models.media import of_message as media_of
from models.office import Office
from models.officer import Officer, day_of
from models.petition import Petition
from models.place import Level, Place, below, places
from models.refusal import Refusal
from models.room import rosters

HERE = "/console/books"
NOTES = 20
YEAR_STARTS = (1, 1)


def month(visit: Visit) -> Answer:
    """One village's month: meetings, errands, days, the roster; and the year's counters beside it."""
    session, county = visit.session, visit.county
    place = place_of(visit)
    if place is None:
        return Shown(
            "books.html",
            {"place": None, "places": _villages(session, visit), "weeks": _weeks(session, visit)},
        )
    today = day_of(visit.at)
    shown = _month(visit.query.get("month", ""), today)
    codes = sorted(below(session, place.code))
    meetings = meetings_of(session, codes, shown.first, shown.last)
    on_duty = rosters(session, shown.first, shown.last)
    return Shown(
        "books.html",
        {
            "place": place,
            "places": _villages(session, visit),
            "month": shown,
            "before": (shown.first - timedelta(days=1)).strftime("%Y-%m"),
            "meetings": [
                {
                    "meeting": one,
                    "numbers": _numbers(visit, one),
                }
                for one in meetings
            ],
            "errands": [_errand(visit, one) for one in errands_of(session, codes, shown.first, shown.last)],
            "days": [
                {"day": one.day.isoformat(), "name": _name(visit, one.account), "activity": one.activity}
                for one in presences(session, shown.first, shown.last, places=codes)
            ],
            "rosters": [
                {"day": one.day.isoformat(), "names": [_name(visit, account) for account in one.people]}
                for one in on_duty
                if one.place in codes
            ],
            "lacking": lacking(session, county, place.code, on_duty),
            "year": today.year,
            "counters": counters(session, county, place.code, date(today.year, *YEAR_STARTS), today),
        },
    )


def ask_meeting(visit: Visit) -> Answer:
    return _meeting(visit, {})


def add_meeting(visit: Visit) -> Answer:
    """Minutes: each line a matter. What was refused comes back as it was typed."""
    form = visit.form
    person = _person(visit)
    try:
        with visit.database.transaction() as session:
            meeting, lines = hold(
                session,
                visit.county,
                place=form.get("place", ""),
                day=_day(form.get("day", "")),
                kind=form.get("kind", "meeting"),
                heads=_count(form.get("heads", "")),
                next_on=_day(form.get("next_on", "")),
                matters=form.get("matters", ""),
                by=person,
                once=form.get("once", "")[:64] or fresh_secret(),
                at=visit.at,
            )
            place = meeting.place
    except Refused as refused:
        return _meeting(visit, dict(form), visit.chinese.say(refused.wording, refused.fields), 409)
    return Shown("minutes.html", {"lines": lines, "place": place})


def add_errand(visit: Visit) -> Answer:
    form = visit.form
    place = form.get("place", "")
    take_on(
        visit.session,
        visit.county,
        place=place,
        words=form.get("words", ""),
        agent=form.get("agent", "") or _person(visit),
        promised_on=_day(form.get("promised_on", "")),
        at=visit.at,
    )
    return Moved(f"{HERE}?place={place}")


def return_errand(visit: Visit) -> Answer:
    number = visit.path["errand"]
    errand = visit.session.get(Errand, int(number)) if len(number) < 10 else None
    if errand is None or not (errand.agent == _person(visit) or errand.place in _home(visit.session, visit)):
        return NOT_FOUND
    hand_back(visit.session, errand, visit.at)
    return Moved(f"{HERE}?place={errand.place}")


def notes(visit: Visit) -> Answer:
    """One's own notes, nobody else's."""
    return _notes(visit, visit.session)


def act_on_note(visit: Visit) -> Answer:
    """What was spoken is written down; one tap makes a petition of it. What was typed is still there if refused."""
    number, typed = visit.path["note"], visit.form.get("words")
    try:
        person = _person(visit)
        with visit.database.transaction() as session:
            note = session.get(Note, int(number)) if len(number) < 10 else None
            if note is None or note.account != person:
                return NOT_FOUND
            if typed is not None and (typed.strip() or visit.form.get("act") != "raise"):
                diary.write_down(session, visit.county, note, typed)
            if visit.form.get("act") == "raise":
                filed = diary.raise_petition(session, visit.county, note, visit.at)
                return Moved(f"/console/petition/{filed.number}")
        return Moved(f"{HERE}/notes")
    except Refused as refused:
        said = visit.chinese.say(refused.wording, refused.fields)
    with visit.database.reading() as session:
        return _notes(visit, session, said=said, typed={number: typed or ""}, status=409)


def _notes(
    visit: Visit, session: Session, *, said: str = "", typed: dict[str, str] | None = None, status: int = 200
) -> Shown:
    rows = []
    for one in notes_of(session, _person(visit), NOTES):
        recording = media_of(session, one.message) if one.message else None
        rows.append(
            {
                "id": one.id,
                "at": one.at.isoformat(),
                "words": words_of(visit.county.keys, one),
                "typed": (typed or {}).get(str(one.id), ""),
                "recording": recording.id if recording and recording.stage == Stage.KEPT else None,
                "waiting": recording is not None and recording.stage == Stage.WAITING,
            }
        )
    return Shown("notes.html", {"notes": rows, "told": said}, status)


def _meeting(visit: Visit, typed: dict[str, str], said: str = "", status: int = 200) -> Shown:
    with visit.database.reading() as session:
        known = _villages(session, visit)
    fields = {"places": known, "typed": typed, "told": said, "once": typed.get("once") or fresh_secret()}
    return Shown("meeting.html", fields, status)


def place_of(visit: Visit) -> Place | None:
    """The place asked for, where it is one of the reader's."""
    place = visit.session.get(Place, visit.query.get("place", "")[:20])
    return place if place is not None and _is_ours(visit.session, visit, place.code) else None


def _is_ours(session: Session, visit: Visit, place: str) -> bool:
    """Within the desk's area, or where the reader's own office lies: a village, or a township with its villages."""
    area = visit.who.scope.area
    return (visit.who.scope.desk and (area is None or place in area)) or place in _home(session, visit)


def _home(session: Session, visit: Visit) -> frozenset[str]:
    office = session.get(Office, visit.who.officer.office) if visit.who.officer else None
    place = session.get(Place, office.place) if office else None
    return below(session, place.code) if place is not None and place.level != Level.COUNTY else frozenset()


def _villages(session: Session, visit: Visit) -> list[tuple[str, str]]:
    return [
        (one.code, one.name)
        for one in places(session)
        if one.level in (Level.VILLAGE, Level.TOWNSHIP) and _is_ours(session, visit, one.code)
    ]


def _weeks(session: Session, visit: Visit) -> list[dict[str, object]]:
    """How the first secretaries of these villages stand, in the directory's order: days and activities, no marks."""
    known = {place.code: place.name for place in places(session)}
    return [
        {
            "name": week.officer.name,
            "place": known.get(week.place, ""),
            "days": [one.day.isoformat() for one in week.days],
            "missing": max(0, WEEK_DAYS - len(week.days)),
            "activities": [(one.day.isoformat(), one.activity) for one in week.activities],
        }
        for week in weeks(session, visit.at)
        if week.officer.account == visit.who.account or _is_ours(session, visit, week.place)
    ]


def _errand(visit: Visit, errand: Errand) -> dict[str, object]:
    reads = errand.agent == visit.who.account or errand.place in _home(visit.session, visit)
    return {
        "id": errand.id,
        "words": visit.county.keys.opened_here(errand.sealed) if reads else "",
        "agent": _name(visit, errand.agent),
        "promised_on": errand.promised_on.isoformat(),
        "back": errand.handed_back_on.isoformat() if errand.handed_back_on else "",
        "late": errand.handed_back_on is None and errand.promised_on < day_of(visit.at),
    }


def _numbers(visit: Visit, meeting: Meeting) -> list[str]:
    """What was raised there, as far as the reader may know of it."""
    raised = raised_at(visit.session, [meeting.id or 0])
    found = [visit.session.get_one(Petition, one.petition) for one in raised]
    return [one.number for one in found if one.number and may_see(visit.who.scope, one)]


def _name(visit: Visit, account: str) -> str:
    officer = visit.session.get(Officer, account)
    return officer.name if officer else account


def _person(visit: Visit) -> str:
    if visit.who.officer is None:
        raise Refused(Refusal.NEEDS_A_PERSON)
    return visit.who.officer.account


def _month(text: str, today: date) -> Period:
    try:
        return Period.of(Kind.MONTH, date.fromisoformat(f"{text}-01") if text else today)
    except ValueError:
        return Period.of(Kind.MONTH, today)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _count(text: str) -> int | None:
    return int(text) if text.strip().isascii() and text.strip().isdigit() and len(text) < 8 else None
