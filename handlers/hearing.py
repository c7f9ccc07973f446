"""What a machine heard in a recording: danger and accusation count at once, all else once the villager agrees."""

from datetime import datetime

from handlers import accusation, diary
from handlers.county import County
from handlers.lanes import Lane
from handlers.notices import TO_VILLAGER, TO_VILLAGER_LASTS
from handlers.petition import hazard
from handlers.questions import put_question
from handlers.topic import Route
from handlers.turn import by_rule
from handlers.villager import matter
from handlers.villager.listening import KIND
from models import letter as outbox
from models import media as files
from models.base import Session
from models.diary import note_of
from models.media import Media
from models.message import Message, seen
from models.move import Verb, move
from models.petition import Petition, State
from models.text import write
from models.villager import Villager
from models.wording import Wording

HAZARDS = (Lane.EMERGENCY, Lane.PROTECTION)
LONGEST = 200  # characters that are said back


def heard(
    session: Session, county: County, media: Media, words: str, confidence: float, least: float, at: datetime
) -> None:
    """`least`: below this confidence only danger counts, and a person listens."""
    media.confidence = confidence
    note = note_of(session, media.message) if media.petition is None else None
    if note is not None:
        diary.heard(session, county, note, media, words, at, sure=confidence >= least)
        return
    message = seen(session, media.message)
    petition = session.get(Petition, message.petition) if message and message.petition else None
    if message is None or petition is None or not petition.is_open or not words.strip():
        return
    route = county.reader.route(words)
    person = session.get_one(Villager, petition.villager)
    if accusation.accuses(route):
        _stop(session, county, petition, person, message, at)
        return
    if route.lane in HAZARDS and petition.lane not in HAZARDS:
        _keep(session, county, petition, message, words, confidence, at)
        _raise_alarm(session, county, petition, route, at)
        return
    if confidence < least or petition.lane in HAZARDS:
        return
    _keep(session, county, petition, message, words, confidence, at)
    if petition.state is State.RECEIVED:
        put_question(session, petition.villager, petition, KIND, at, text=message.text)
        _say(session, county, petition, Wording.VOICE_HEARD, at, message, text=words[:LONGEST])


def _keep(
    session: Session,
    county: County,
    petition: Petition,
    message: Message,
    words: str,
    confidence: float,
    at: datetime,
) -> None:
    text = write(session, county.keys, petition.key_id, words, at)
    message.text = text.id
    session.add(message)
    said = {"message": "voice", "text": text.digest, "text_id": text.id, "confidence": round(confidence, 2)}
    move(session, petition, Verb.HEAR, matter.VILLAGER, at, **said)


def _raise_alarm(session: Session, county: County, petition: Petition, route: Route, at: datetime) -> None:
    petition.lane, petition.hazard = route.lane, route.rule or None
    petition.place = route.place or petition.place
    hazard.raise_alarm(session, county, petition, at)
    outbox.post(
        session,
        county.keys,
        occasion=f"heard:{petition.id}:{petition.head[:16]}",
        to=("villager", str(petition.villager)),
        channels=("wechat",),  # on no other way: who is in danger may not be alone with his telephone
        wording=by_rule("hazard", petition.hazard or "", petition.lane),
        fields={},
        county=county.code,
        at=at,
        petition=petition.id,
        key_id=petition.key_id,
        too_late_after=at + TO_VILLAGER_LASTS,
    )


def _stop(
    session: Session, county: County, petition: Petition, person: Villager, message: Message, at: datetime
) -> None:
    """Neither recording nor words are kept; the villager hears where it belongs."""
    files.erase(session, petition.identity)
    outbox.post(
        session,
        county.keys,
        occasion=f"heard:{message.key}",
        to=("villager", str(person.id)),
        channels=TO_VILLAGER[person.channel],
        wording=Wording.ACCUSATION,
        fields={"address": county.discipline_address},
        county=county.code,
        at=at,
        too_late_after=at + TO_VILLAGER_LASTS,
    )
    if petition.state is State.RECEIVED:
        accusation.forget(session, person, petition, [message], at)


def _say(
    session: Session,
    county: County,
    petition: Petition,
    wording: Wording,
    at: datetime,
    message: Message,
    **fields: object,
) -> None:
    outbox.post(
        session,
        county.keys,
        occasion=f"heard:{message.key}",
        to=("villager", str(petition.villager)),
        channels=("wechat",),
        wording=wording,
        fields={"number": petition.number} | fields,
        county=county.code,
        at=at,
        petition=petition.id,
        key_id=petition.key_id,
        too_late_after=at + TO_VILLAGER_LASTS,
    )
