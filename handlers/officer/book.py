"""What an officer writes into the room's books from his chat: a note, a petition made of it, days in the village."""

import re
from datetime import date, timedelta

from handlers import diary as notes
from handlers import presence as presences
from handlers.officer.personal import day_in
from handlers.turn import OfficerTurn, Reply
from models.diary import Note, latest_note, words_of
from models.errors import Refused
from models.office import Office
from models.officer import day_of
from models.refusal import Refusal
from models.wording import Wording

DAY = re.compile(r"(\d{1,2})[-/.\u6708](\d{1,2})\u65e5?[,\uff0c\u3001 ]*")
NOTE_LASTS = timedelta(days=7)
FARTHEST_BACK, FARTHEST = timedelta(days=7), timedelta(days=62)


def diary(turn: OfficerTurn) -> Reply:
    """A dated note of his own; one word more makes a petition of it. Without words: what the last one says."""
    if turn.rest:
        danger = notes.write(turn.session, turn.county, turn.officer.account, turn.rest, turn.at)
        return Reply.of(Wording.NOTED, danger=danger)
    note = _latest(turn)
    if note is None:
        raise Refused(Refusal.NOTE_MISSING)
    words = words_of(turn.county.keys, note)
    return Reply.of(Wording.BOOK_NOTE_SHOWN, day=day_of(note.at).isoformat(), text=words)


def speak(turn: OfficerTurn) -> Reply:
    """A recording is a note of the day too."""
    if turn.message is None or not turn.mail.media:
        raise Refused(Refusal.NOTE_MISSING)
    notes.speak(turn.session, turn.county, turn.officer.account, turn.message, turn.mail.media, turn.at)
    return Reply.of(Wording.BOOK_NOTE_SPOKEN)


def raise_note(turn: OfficerTurn) -> Reply:
    """His latest note becomes a petition, in the way of any villager's words. Twice is once."""
    note = _latest(turn)
    if note is None:
        raise Refused(Refusal.NO_NOTE)
    filed = notes.raise_petition(turn.session, turn.county, note, turn.at)
    return Reply.of(Wording.BOOK_RAISED, number=filed.number)


def _latest(turn: OfficerTurn) -> Note | None:
    note = latest_note(turn.session, turn.officer.account)
    return None if note is None or turn.at - note.at > NOTE_LASTS else note


def presence(turn: OfficerTurn) -> Reply:
    """The days he is in his village, and what for: villagers may ask for them."""
    place, days, activity = _days(turn)
    presences.be_there(turn.session, turn.officer.account, place, days, activity)
    return Reply.of(Wording.BOOK_PRESENCE_NOTED, days=[day.isoformat() for day in days])


def absence(turn: OfficerTurn) -> Reply:
    """Days he said he would be there, and will not."""
    place, days, _ = _days(turn)
    presences.stay_away(turn.session, turn.officer.account, place, days)
    return Reply.of(Wording.BOOK_ABSENCE_NOTED, days=[day.isoformat() for day in days])


def _days(turn: OfficerTurn) -> tuple[str, list[date], str]:
    """His village, the days (today where none is named; a week back, two months ahead), and the words after them."""
    office = turn.session.get(Office, turn.officer.office)
    today, rest, days = day_of(turn.at), turn.rest, list[date]()
    while match := DAY.match(rest):
        day = day_in(today - FARTHEST_BACK, match[1], match[2])
        if day is None or day - today > FARTHEST:
            raise Refused(Refusal.PRESENCE_DAYS)
        days.append(day)
        rest = rest[match.end() :]
    if office is None or any(character.isdigit() for character in rest[:2]):
        raise Refused(Refusal.PRESENCE_DAYS)
    return office.place, days or [today], rest.strip()
