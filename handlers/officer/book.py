"""What an officer writes into the room's books from his chat: a note, a petition made of it, days in the village."""

import re
from datetime import date, timedelta

from handlers import book
from handlers.officer.personal import day_in
from handlers.turn import OfficerTurn, Reply
from models.diary import Note, latest_note, note_down, words_of
from models.errors import Refused
from models.office import Office
from models.officer import day_of
from models.refusal import Refusal
from models.wording import Wording

DAY = re.compile(r"(\d{1,2})[-/.\u6708](\d{1,2})\u65e5?[,\uff0c\u3001 ]*")
NOTE_LASTS = timedelta(days=7)
FARTHEST = timedelta(days=62)


def diary(turn: OfficerTurn) -> Reply:
    """A dated note of his own; one word more makes a petition of it."""
    if not turn.rest:
        raise Refused(Refusal.NOTE_MISSING)
    note_down(turn.session, turn.county.keys, turn.officer.account, turn.rest, turn.at)
    return Reply.of(Wording.NOTED)


def raise_note(turn: OfficerTurn) -> Reply:
    """His latest note becomes a petition, in the way of any villager's words. Twice is once."""
    note = latest_note(turn.session, turn.officer.account)
    if note is None or turn.at - note.at > NOTE_LASTS:
        raise Refused(Refusal.NO_NOTE)
    return raised(turn, note)


def raised(turn: OfficerTurn, note: Note) -> Reply:
    """The note's petition; none where its words are no petition, and then nothing of it is kept but the note."""
    office = turn.session.get(Office, turn.officer.office)
    filed = book.file(
        turn.session,
        turn.county,
        f"note:{note.id}",
        words_of(turn.county.keys, note),
        turn.officer.account,
        office.place if office else "",
        turn.at,
    )
    if filed is None:
        raise Refused(Refusal.NO_PETITION)
    return Reply.of(Wording.BOOK_RAISED, number=filed.number)


def presence(turn: OfficerTurn) -> Reply:
    """The days he is in his village, and what for: villagers may ask for them."""
    office = turn.session.get(Office, turn.officer.office)
    today, rest, days = day_of(turn.at), turn.rest, list[date]()
    while match := DAY.match(rest):
        day = day_in(today, match[1], match[2])
        if day is None or day - today > FARTHEST:
            raise Refused(Refusal.PRESENCE_DAYS)
        days.append(day)
        rest = rest[match.end() :]
    if office is None or any(character.isdigit() for character in rest[:2]):
        raise Refused(Refusal.PRESENCE_DAYS)
    days = days or [today]
    book.be_there(turn.session, turn.officer.account, office.place, days, rest.strip())
    return Reply.of(Wording.BOOK_PRESENCE_NOTED, days=[day.isoformat() for day in days])
