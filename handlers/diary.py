"""A cadre's notes: typed or spoken, his own until he makes a petition of one; what accuses somebody is kept nowhere."""

from datetime import datetime, timedelta

from handlers import accusation, book
from handlers.county import County
from handlers.lanes import Lane
from handlers.notices import TO_OFFICER
from models import letter as outbox
from models import media as files
from models.base import Session
from models.diary import Note, note_down, note_of, words_of
from models.errors import Refused
from models.key import drop
from models.media import Media
from models.message import Message, seen
from models.office import Office
from models.officer import Officer, day_of
from models.petition import Petition
from models.refusal import Refusal
from models.wording import Wording

MOST_WORDS = 2000
PURPOSE = "note"  # of a recording's key
HAZARDS = frozenset({Lane.EMERGENCY, Lane.PROTECTION})


def write(session: Session, county: County, account: str, words: str, at: datetime) -> bool:
    """A note; whether it tells of danger, for which one raises the alarm instead of keeping a diary."""
    is_danger = _heard_as(county, words)
    note_down(session, county.keys, account, words, at)
    return is_danger


def speak(
    session: Session, county: County, account: str, message: Message, handle: str, at: datetime
) -> None:
    """A note that is a recording, until it is recognised or somebody has listened to it."""
    key = county.keys.make(session, PURPOSE, at)
    message.media = county.keys.sealed(session, key.id or 0, handle)
    session.add(Note(account=account, at=at, sealed=b"", message=message.key))
    files.expect(session, message.key, None, key.id or 0, "voice", at)


def heard(
    session: Session, county: County, note: Note, media: Media, words: str, at: datetime, *, sure: bool
) -> None:
    """What a machine made of it: written down where it is `sure`, else left to its writer's ears."""
    if note.sealed or not words.strip():
        return
    if accusation.accuses(county.reader.route(words)):
        _forget(session, media, at)
        session.delete(note)
        _tell(session, county, note, Wording.BOOK_NOTE_ACCUSES, at)
        return
    if not sure:
        return
    note.sealed = county.keys.sealed_here(words)
    session.add(note)
    _tell(session, county, note, Wording.BOOK_NOTE_HEARD, at, danger=_heard_as(county, words))


def lost(session: Session, county: County, media: Media, at: datetime) -> None:
    """The recording could not be had: its writer is told, for nobody else knows what he said."""
    note = note_of(session, media.message)
    if note is not None and not note.sealed:
        session.delete(note)
        _tell(session, county, note, Wording.BOOK_NOTE_LOST, at)


def write_down(session: Session, county: County, note: Note, words: str) -> None:
    """Its writer listened to it, or mends what the machine heard."""
    text = " ".join(words.split())
    if not 0 < len(text) <= MOST_WORDS:
        raise Refused(Refusal.NOTE_WORDS, longest=MOST_WORDS)
    _heard_as(county, text)
    note.sealed = county.keys.sealed_here(text)
    session.add(note)


def raise_petition(session: Session, county: County, note: Note, at: datetime) -> Petition:
    """The note's petition, in the way of any villager's words. Twice is once; none where its words are no petition."""
    if not note.sealed:
        raise Refused(Refusal.NOTE_UNHEARD)
    officer = session.get_one(Officer, note.account)
    office = session.get(Office, officer.office)
    words = words_of(county.keys, note)
    filed = book.file(
        session, county, f"note:{note.id}", words, note.account, office.place if office else "", at
    )
    if filed is None:
        raise Refused(Refusal.NO_PETITION)
    return filed


def let_go(session: Session, county: County, at: datetime) -> int:
    """Recordings of notes are kept as long as those of matters are after their end; how many went."""
    old = files.loose(session, at - timedelta(days=county.times.voices))
    for media in old:
        _forget(session, media, at)
    return len(old)


def _heard_as(county: County, words: str) -> bool:
    """Whether it tells of danger. Refused: it accuses somebody, and is kept nowhere."""
    route = county.reader.route(words)
    if accusation.accuses(route):
        raise Refused(Refusal.NOTE_ACCUSES)
    return route.lane in HAZARDS


def _forget(session: Session, media: Media, at: datetime) -> None:
    """The job that keeps the folder takes the file away; nothing can open it meanwhile."""
    files.let_go(media)
    session.add(media)
    drop(session, media.key_id, at)
    message = seen(session, media.message)
    if message is not None:
        message.media = b""
        session.add(message)


def _tell(
    session: Session, county: County, note: Note, wording: Wording, at: datetime, **fields: object
) -> None:
    """Whoever spoke a minute ago waits for it, at whatever hour; never with a word of what he said."""
    outbox.post(
        session,
        county.keys,
        occasion=f"note:{note.message}",
        to=("officer", note.account),
        channels=TO_OFFICER,
        wording=wording,
        fields={"day": day_of(note.at).isoformat()} | fields,
        county=county.code,
        at=at,
    )
